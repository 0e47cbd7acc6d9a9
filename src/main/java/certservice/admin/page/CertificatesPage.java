package certservice.admin.page;

import certservice.admin.CertificateAdministration;
import certservice.admin.CertificateDetails;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;

/** The list of certificates, and when they expire. */
@Named
@ViewScoped
public class CertificatesPage implements Serializable {

    static final List<String> STATUSES = List.of("valid", "expired", "revoked");
    private static final long serialVersionUID = 1L;
    private static final int DAYS = 90;

    @Inject
    CertificateAdministration certificates;

    private final Listing listing = new Listing();
    private List<CertificateDetails> rows = List.of();
    private List<CertificateAdministration.Expiries> days = List.of();

    public void load() {
        days = certificates.timeline(1 + DAYS);
        CertificateAdministration.Filter filter = new CertificateAdministration.Filter(listing.filter("status"),
                listing.filter("environment"), Lines.day(listing.filter("before"), "Expires before"));
        rows = listing.load(search -> certificates.list(search, filter));
    }

    /** An SVG; there is nothing in it that somebody else has written. */
    public String getChart() {
        return ExpiryChart.svg(days);
    }

    public String getSummary() {
        return ExpiryChart.summary(days);
    }

    /** The days on which something expires. */
    public List<CertificateAdministration.Expiries> getDays() {
        return days.stream().filter(day -> day.production() + day.staging() > 0).toList();
    }

    public Listing getListing() {
        return listing;
    }

    public List<CertificateDetails> getRows() {
        return rows;
    }

    public List<String> getStatuses() {
        return STATUSES;
    }

    public List<String> getEnvironments() {
        return KeyPage.ENVIRONMENTS;
    }

    public String getStatus() {
        return listing.filter("status");
    }

    public void setStatus(String status) {
        listing.filter("status", STATUSES.contains(status) ? status : null);
    }

    public String getEnvironment() {
        return listing.filter("environment");
    }

    public void setEnvironment(String environment) {
        listing.filter("environment", KeyPage.ENVIRONMENTS.contains(environment) ? environment : null);
    }

    public String getBefore() {
        return listing.filter("before");
    }

    public void setBefore(String before) {
        listing.filter("before", before);
    }
}
