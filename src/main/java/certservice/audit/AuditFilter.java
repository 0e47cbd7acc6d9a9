package certservice.audit;

import java.time.Instant;
import java.util.Set;

/**
 * Which entries are wanted: those that are all of this. What is {@code null}, or an empty set, asks for nothing.
 *
 * @param since     from this moment on
 * @param until     before this moment
 * @param actor     id or name of who did it, exactly
 * @param name      a domain name that it is about, exactly; reads all entries that the others leave
 * @param serial    of a certificate
 * @param requestId of a request
 * @param text      somewhere in its texts, in any case; reads as much as {@code name}
 */
public record AuditFilter(Instant since, Instant until, Set<Action> actions, String actor, String name, String serial,
                          String requestId, String text) {

    /** Every entry. */
    public static final AuditFilter ALL = new AuditFilter(null, null, Set.of(), null, null, null, null, null);

    public AuditFilter {
        actions = Set.copyOf(actions);
    }

    /** @param end exclusive; either may be {@code null} */
    public AuditFilter between(Instant begin, Instant end) {
        return new AuditFilter(begin, end, actions, actor, name, serial, requestId, text);
    }

    public AuditFilter actions(Set<Action> wanted) {
        return new AuditFilter(since, until, wanted, actor, name, serial, requestId, text);
    }

    public AuditFilter by(String idOrName) {
        return new AuditFilter(since, until, actions, idOrName, name, serial, requestId, text);
    }

    public AuditFilter about(String domainName) {
        return new AuditFilter(since, until, actions, actor, domainName, serial, requestId, text);
    }

    public AuditFilter serial(String number) {
        return new AuditFilter(since, until, actions, actor, name, number, requestId, text);
    }

    public AuditFilter request(String id) {
        return new AuditFilter(since, until, actions, actor, name, serial, id, text);
    }

    public AuditFilter containing(String part) {
        return new AuditFilter(since, until, actions, actor, name, serial, requestId, part);
    }
}
