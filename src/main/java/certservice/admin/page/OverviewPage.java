package certservice.admin.page;

import certservice.admin.CertificateAdministration;
import certservice.admin.CertificateDetails;
import certservice.admin.OrderAdministration;
import certservice.admin.OrderDetails;
import certservice.admin.Search;
import certservice.admin.SystemAdministration;
import certservice.admin.SystemState;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The first page: how the service is, what was issued, what failed, what expires, and who is refused. */
@Named
@ViewScoped
public class OverviewPage implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final int SOON_DAYS = 14;
    private static final Search NEWEST = new Search("", 0, 5);
    private static final Search COUNT = new Search("", 0, 1);

    @Inject
    SystemAdministration system;

    @Inject
    CertificateAdministration certificates;

    @Inject
    OrderAdministration orders;

    @Inject
    CurrentUser user;

    @Inject
    Notices notices;

    @Inject
    PressedButton pressed;

    private SystemState state;
    private List<CertificateDetails> issued = List.of();
    private List<OrderDetails> failed = List.of();
    private long valid;
    private long expiring;
    private long failures;

    /** The state first: without a database there is nothing else. */
    public void load() {
        state = system.state();
        expiring = certificates.timeline(SOON_DAYS).stream()
                .mapToLong(day -> day.production() + day.staging() - day.renewed()).sum();
        valid = certificates.list(COUNT, new CertificateAdministration.Filter("valid", null, null)).total();
        issued = certificates.list(NEWEST, CertificateAdministration.Filter.ALL).items();
        failures = orders.list(COUNT, "invalid").total();
        failed = orders.list(NEWEST, "invalid").items();
    }

    /** The one of the row that the request names. */
    public void forgive() {
        String address = pressed.get("address");
        system.forgive(address, user.administrator());
        notices.add("Address " + address + " is served again.");
        load();
    }

    public SystemState getState() {
        return state;
    }

    public List<SystemState.RefusedAddress> getAddresses() {
        return state == null ? List.of() : state.addresses();
    }

    public List<Map.Entry<String, String>> getSettings() {
        return state == null ? List.of() : new ArrayList<>(state.settings().entrySet());
    }

    public List<CertificateDetails> getIssued() {
        return issued;
    }

    public List<OrderDetails> getFailed() {
        return failed;
    }

    public long getValid() {
        return valid;
    }

    public long getExpiring() {
        return expiring;
    }

    public int getSoonDays() {
        return SOON_DAYS;
    }

    public long getFailures() {
        return failures;
    }
}
