package certservice.admin;

import certservice.audit.Action;
import certservice.audit.AuditEntry;
import certservice.audit.AuditFilter;
import certservice.audit.AuditLog;
import certservice.audit.AuditVerifier;
import certservice.audit.Finding;
import certservice.problem.DatabaseGuard;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import certservice.settings.MasterKey;
import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import java.io.IOException;
import java.io.Writer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** What administrators and auditors see of the audit log. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class AuditAdministration {

    /** Which entries are wanted: of one action, from a moment until before another; each may be {@code null}. */
    public record Filter(String action, Instant from, Instant until) {
        public static final Filter ALL = new Filter(null, null, null);

        /** @throws Failure 400 for a moment that not every database knows */
        public Filter {
            Moments.requireComparable("from", from);
            Moments.requireComparable("until", until);
        }
    }

    @Inject
    AuditLog log;

    @Inject
    MasterKey masterKey;

    @Resource(lookup = "java:app/jdbc/certservice")
    DataSource dataSource;

    /** Newest first; the text is looked for in actors, names, serials, addresses, request ids and details. */
    public Page<AuditItem> list(Search search, Filter filter) {
        AuditFilter wanted = filter(filter).containing(search.text());
        return new Page<>(log.search(wanted, search.first(), search.limit()).stream().map(AuditAdministration::item)
                .toList(), log.count(wanted));
    }

    private static AuditItem item(AuditEntry entry) {
        return new AuditItem(entry.number(), entry.moment(), entry.action(), entry.outcome(), entry.actorKind(),
                entry.actorName().orElse(null), entry.actorId().orElse(null), entry.address().orElse(null),
                entry.requestId().orElse(null), entry.names(), entry.serial().orElse(null),
                entry.detail().orElse(null));
    }

    private AuditFilter filter(Filter filter) {
        AuditFilter wanted = AuditFilter.ALL.between(filter.from(), filter.until());
        if (filter.action() == null) {
            return wanted;
        }
        if (!actions().contains(filter.action())) {
            throw Failure.badRequest("action is " + Quoted.of(filter.action()) + "; allowed are "
                    + String.join(", ", actions()));
        }
        return wanted.actions(Set.of(Action.valueOf(filter.action())));
    }

    /** The actions that there are, sorted. */
    public List<String> actions() {
        return Arrays.stream(Action.values()).map(Enum::name).sorted().toList();
    }

    /** @throws certservice.problem.Failure 400 for an action that there isn't */
    public void check(Filter filter) {
        filter(filter);
    }

    /**
     * Writes the entries as JSON Lines, oldest first, in portions: the log is never in memory as a whole.
     *
     * @param text as in a {@link Search}; empty: all entries
     */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void export(String text, Filter filter, Writer out) throws IOException {
        log.export(filter(filter).containing(new Search(text, 0, 1).text()), out);
    }

    /** Checks the whole chain; empty: nobody has changed, removed or inserted an entry. Each text is one finding. */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public List<String> verify() {
        try {
            return new AuditVerifier(dataSource, masterKey).verify(List.of()).findings().stream()
                    .map(Finding::toString).toList();
        } catch (SQLException e) {
            throw new IllegalStateException("The audit chain could not be read", e);
        }
    }
}
