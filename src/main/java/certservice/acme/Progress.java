package certservice.acme;

import certservice.domain.DomainName;
import certservice.problem.Problem;
import java.util.List;

/**
 * Hears how far the names of an order are, while {@link AcmeOrder#authorize} proves them. It is called on the thread
 * that works on the order, which waits for it: it should be quick, and throw nothing.
 *
 * <p>It is told what the CA's answers show anyway: a name is valid when all are, unless one fails or it
 * {@link #isWatched() is watched}.
 */
public interface Progress {

    /** For orders whose progress nobody wants to know. */
    Progress IGNORED = (name, status, problems) -> {
    };

    /**
     * The name has reached a status that it did not have before.
     *
     * @param problems what the CA found; empty unless the status is {@link NameStatus#INVALID}
     */
    void reached(DomainName name, NameStatus status, List<Problem> problems);

    /**
     * Whether somebody looks right now, so that each name's outcome is worth a request of its own whenever the CA is
     * polled. It is asked at each poll.
     */
    default boolean isWatched() {
        return false;
    }
}
