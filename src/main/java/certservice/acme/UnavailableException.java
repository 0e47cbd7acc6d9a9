package certservice.acme;

import java.time.Instant;
import org.shredzone.acme4j.exception.AcmeException;

/** The CA answered 5xx: not now, perhaps later. */
final class UnavailableException extends AcmeException {

    private static final long serialVersionUID = 1L;

    private final Instant retryAfter;

    /** @param retryAfter from the header {@code Retry-After}; {@link Instant#MIN} if there was none */
    UnavailableException(Instant retryAfter, AcmeException cause) {
        super(cause.getMessage(), cause);
        this.retryAfter = retryAfter;
    }

    Instant retryAfter() {
        return retryAfter;
    }
}
