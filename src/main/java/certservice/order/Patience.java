package certservice.order;

import certservice.problem.Failure;
import certservice.problem.Outage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** Saves an order's state. What it took to get there is dear: a database that comes back is awaited. */
final class Patience {

    private static final Logger LOG = System.getLogger(Patience.class.getName());

    /** How long a database may be away before this node lets go of the order: a restart or a failover takes as long. */
    private static final Duration LENGTH = Duration.ofSeconds(15);
    private static final long PAUSE_MILLIS = 500;

    private final Clock clock;

    Patience(Clock clock) {
        this.clock = clock;
    }

    /**
     * The order as it was saved.
     *
     * @param again saves it after an attempt of which nobody knows whether it was done
     * @throws Failure 503 if the database stays away
     */
    CertificateOrder saved(CertificateOrder order, Supplier<CertificateOrder> first, Supplier<CertificateOrder> again) {
        Instant giveUp = clock.instant().plus(LENGTH);
        Failure outage;
        try {
            return first.get();
        } catch (RuntimeException e) {
            outage = Outage.in(e).orElseThrow(() -> e);
        }
        LOG.log(Level.WARNING, "Request {0}: the database did not save the order as {1}, tried again for {2} s: {3}",
                order.requestId(), order.status(), LENGTH.toSeconds(), Outage.summary(outage));
        while (clock.instant().isBefore(giveUp)) {
            pause(outage);
            try {
                return again.get();
            } catch (RuntimeException e) {
                outage = Outage.in(e).orElseThrow(() -> e);
            }
        }
        throw outage;
    }

    private static void pause(Failure outage) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw outage;
        }
    }
}
