package certservice.order;

import certservice.problem.Outage;
import certservice.settings.Settings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Does on every node, again and again, what nobody asks for: renews the leases of the batches that the node works on,
 * takes over those whose lease has ended, erases what was not fetched, removes what is old, looks how far other nodes
 * are, and notes the deliveries that the database did not hear of. While the database is away it goes on trying.
 */
final class Attendant {

    private static final Logger LOG = System.getLogger(Attendant.class.getName());
    static final Duration PAUSE = Duration.ofMillis(250);

    private static final Duration LEASES = Duration.ofSeconds(2);
    private static final Duration ERASURES = Duration.ofSeconds(10);

    /** How many pages are erased at once: not so many that a lease could end meanwhile. */
    private static final int PAGES = 10;

    /** Old records are looked for as seldom, unless the last look has found so many that there may be more. */
    private static final Duration REMOVALS = Duration.ofMinutes(10);

    private final OrderEngine engine;
    private final Orders orders;
    private final HeldOrders heldOrders;
    private final Retention retention;
    private final Watch watch;
    private final String node;
    private final Settings settings;
    private final Clock clock;
    private Instant nextLeases = Instant.MIN;
    private Instant nextErasures = Instant.MIN;
    private Instant nextRemovals = Instant.MIN;
    private boolean troubled;

    Attendant(OrderEngine engine, Orders orders, HeldOrders heldOrders, Retention retention, Watch watch, String node,
              Settings settings, Clock clock) {
        this.engine = engine;
        this.orders = orders;
        this.heldOrders = heldOrders;
        this.retention = retention;
        this.watch = watch;
        this.node = node;
        this.settings = settings;
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
            engine.noteLateReceipts();
            if (!now.isBefore(nextErasures)) {
                erase(now);
                nextErasures = clock.instant().plus(ERASURES);
            }
            if (!now.isBefore(nextRemovals)) {
                int removed = retention.remove(now.atOffset(ZoneOffset.UTC).minus(settings.recordsRetention())
                        .toInstant(), now);
                nextRemovals = clock.instant().plus(removed < Retention.AT_ONCE ? REMOVALS : ERASURES);
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

    private void erase(Instant now) {
        int due = Retention.AT_ONCE;
        for (int page = 0; page < PAGES && due == Retention.AT_ONCE; page++) {
            due = retention.erase(now.minus(settings.orderRetention()), now);
        }
    }

    private void leases() {
        List<String> running = engine.running();
        if (!running.isEmpty()) {
            heldOrders.renew(running, Lease.of(node, clock.instant()));
            orders.finished(running).forEach(engine::letGo);
        }
        heldOrders.takeOver(Lease.of(node, clock.instant()), clock.instant()).forEach(engine::takeUp);
    }
}
