package certservice.admin.jmx;

import certservice.admin.AuditAdministration;
import certservice.admin.AuditAdministration.Filter;
import certservice.admin.AuditItem;
import certservice.admin.Page;
import certservice.admin.Search;
import java.util.List;

@Described("The audit log: who asked for what, and what came of it.")
final class Audit {

    private final AuditAdministration audit;

    Audit(AuditAdministration audit) {
        this.audit = audit;
    }

    @Described("The actions that there are.")
    public List<String> getActions() {
        return audit.actions();
    }

    @Described("The newest 100 entries, and how many there are.")
    public Page<AuditItem> list() {
        return audit.list(new Search("", 0, 100), Filter.ALL);
    }

    @Described("The newest 100 entries in which a text occurs, and how many there are.")
    public Page<AuditItem> find(@Parameter(name = "text", is = "of an actor, name, serial number, address, request id"
            + " or detail, in any case; empty: all") String text) {
        return audit.list(new Search(text, 0, 100), Filter.ALL);
    }

    @Described("A part of the entries, newest first.")
    public Page<AuditItem> page(@Parameter(name = "text", is = "as for find") String text,
            @Parameter(name = "action", is = "one of the attribute Actions; empty: all") String action,
            @Parameter(name = "from", is = "such as 2027-01-01T00:00:00Z; empty: from the first on") String from,
            @Parameter(name = "until", is = "before this moment; empty: up to now") String until,
            @Parameter(name = "first", is = "how many are left out before; 0 or more") int first,
            @Parameter(name = "limit", is = "at most how many; 1 to 1000") int limit) {
        Filter filter = new Filter(Texts.optional(action), Texts.moment("from", from), Texts.moment("until", until));
        return audit.list(new Search(text, first, limit), filter);
    }

    @Described("Checks the whole chain. Nothing: nobody has changed, removed or inserted an entry.")
    public List<String> verify() {
        return audit.verify();
    }
}
