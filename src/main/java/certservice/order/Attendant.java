package certservice.order;

import certservice.problem.Outage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Does on every node, again and again, what nobody asks for: renews the leases of the batches that the node works on,
 * takes over those whose lease has ended, erases what was not fetched, and looks how far other nodes are. While the
 * database is away it goes on trying.
 */
final class Attendant {

    private static final Logger LOG = System.getLogger(Attendant.class.getName());
    static final Duration PAUSE = Duration.ofMillis(250);

    private static final Duration LEASES = Duration.ofSeconds(2);
    private static final Duration ERASURES = Duration.ofSeconds(10);

    private final OrderEngine engine;
    private final Orders orders;
    private final Watch watch;
    private final String node;
    private final Duration retention;
    private final Clock clock;
    private Instant nextLeases = Instant.MIN;
    private Instant nextErasures = Instant.MIN;
    private boolean troubled;

    Attendant(OrderEngine engine, Orders orders, Watch watch, String node, Duration retention, Clock clock) {
        this.engine = engine;
        this.orders = orders;
        this.watch = watch;
        this.node = node;
        this.retention = retention;
        this.clock = clock;
    }

    void round() {
        try {
            Instant now = clock.instant();
            if (!watch.isIdle()) {
                watch.look();
            }
            if (!now.isBefore(nextLeases)) {
                leases();
                nextLeases = clock.instant().plus(LEASES);
            }
            if (!now.isBefore(nextErasures)) {
                orders.erase(now.minus(retention), now);
                nextErasures = clock.instant().plus(ERASURES);
            }
            troubled = false;
        } catch (RuntimeException e) {
            if (!troubled) {
                LOG.log(Level.WARNING, "Orders can''t be attended to at the moment: {0}",
                        Outage.isIn(e) ? Outage.summary(e) : e.toString());
            }
            troubled = true;
        }
    }

    private void leases() {
        List<String> running = engine.running();
        if (!running.isEmpty()) {
            orders.renew(running, Lease.of(node, clock.instant()));
            orders.finished(running).forEach(engine::letGo);
        }
        orders.takeOver(Lease.of(node, clock.instant()), clock.instant()).forEach(engine::takeUp);
    }
}
