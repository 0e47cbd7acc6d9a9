package certservice.admin.page;

import certservice.admin.AuditAdministration;
import certservice.admin.AuditItem;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The audit log. */
@Named
@ViewScoped
public class AuditPage implements Serializable {

    private static final long serialVersionUID = 1L;

    @Inject
    AuditAdministration audit;

    private final Listing listing = new Listing();
    private List<AuditItem> rows = List.of();
    private List<String> actions = List.of();
    private List<String> findings;

    /** @param until the last day that is wanted, all of it */
    static AuditAdministration.Filter filter(String action, String from, String until) {
        Instant last = Lines.day(until, "Until");
        return new AuditAdministration.Filter(Lines.orNull(action), Lines.day(from, "From"),
                last == null ? null : last.plus(Duration.ofDays(1)));
    }

    public void load() {
        actions = audit.actions();
        AuditAdministration.Filter filter = filter(getAction(), getFrom(), getUntil());
        rows = listing.load(search -> audit.list(search, filter));
    }

    /** Auditors may too: it changes nothing. */
    public void verify() {
        findings = audit.verify();
    }

    /** What {@link #verify} has found, or {@code null} if nobody has asked. */
    public List<String> getFindings() {
        return findings;
    }

    public Listing getListing() {
        return listing;
    }

    public List<AuditItem> getRows() {
        return rows;
    }

    public List<String> getActions() {
        return actions;
    }

    public String getAction() {
        return listing.filter("action");
    }

    public void setAction(String action) {
        listing.filter("action", action);
    }

    public String getFrom() {
        return listing.filter("from");
    }

    public void setFrom(String from) {
        listing.filter("from", from);
    }

    public String getUntil() {
        return listing.filter("until");
    }

    public void setUntil(String until) {
        listing.filter("until", until);
    }
}
