package certservice.order;

import certservice.settings.AcmeLimits.Limit;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * How a limit is counted, the way Let's Encrypt does it: a bucket that holds {@code limit.count()} tokens when it is
 * full, gives one away for each thing that is counted, and gets them back one by one, all of them in
 * {@code limit.period()}. It is fully described by the moment at which it will be full again.
 *
 * <p>Moments are in whole microseconds, which every database keeps.
 *
 * @param fullAt when it is full again; in the past, if it is full
 */
record TokenBucket(Limit limit, Instant fullAt) {

    TokenBucket {
        fullAt = fullAt.truncatedTo(ChronoUnit.MICROS);
    }

    /** How long it takes for one token to come back. */
    Duration interval() {
        return limit.period().dividedBy(limit.count()).truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * When it has so many tokens: now or later. For more tokens than it can hold this is when it is full, or now; ask
     * {@link #canHold} first.
     */
    Instant freeAt(int tokens, Instant now) {
        Instant free = full(now).plus(interval().multipliedBy(Math.min(tokens, limit.count()))).minus(limit.period());
        return free.isAfter(now) ? free : now;
    }

    boolean canHold(int tokens) {
        return tokens <= limit.count();
    }

    /** Without one token; or the same, if it has none: what the CA did nevertheless it did by another count. */
    TokenBucket take(Instant now) {
        return freeAt(1, now).isAfter(now) ? this : new TokenBucket(limit, full(now).plus(interval()));
    }

    /** How many tokens are not back yet. */
    int used(Instant now) {
        Duration missing = Duration.between(now, full(now));
        return (int) Math.min(limit.count(), missing.plus(interval()).minusNanos(1).dividedBy(interval()));
    }

    private Instant full(Instant now) {
        return fullAt.isAfter(now) ? fullAt : now;
    }
}
