package certservice.order;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * How long a batch belongs to the node that works on it, unless it is renewed.
 *
 * @param owner a node between two of its starts
 */
record Lease(String owner, OffsetDateTime until) {

    /** Long enough for a pause of the garbage collector or of the network; a dead node's orders wait as long. */
    static final Duration LENGTH = Duration.ofSeconds(10);

    static Lease of(String owner, Instant now) {
        return new Lease(owner, now.plus(LENGTH).atOffset(ZoneOffset.UTC));
    }
}
