package certservice.order;

import certservice.problem.Outage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Deliveries of this node that the database did not hear of. They are kept in memory: the end of the node loses them.
 * Many threads keep them; one notes them.
 */
final class LateReceipts {

    private static final Logger LOG = System.getLogger(LateReceipts.class.getName());

    /** Many more than a node can deliver while the database is away: who asks for something new is refused then. */
    private static final int MOST = 10_000;

    /** Whoever notes them has leases to renew meanwhile, every few seconds. */
    static final int AT_ONCE = 20;

    private final Queue<Late> waiting = new ConcurrentLinkedQueue<>();

    private record Late(Receipt receipt, Instant moment) {
    }

    /** @return whether there was room for it */
    boolean keep(Receipt receipt, Instant moment) {
        return waiting.size() < MOST && waiting.add(new Late(receipt, moment));
    }

    /**
     * Looks at some of them, those that have waited longest, and notes what can be noted by now. The others wait for
     * the next time.
     *
     * @throws RuntimeException if the database is away
     */
    void note(Orders orders, Instant now) {
        for (int left = Math.min(AT_ONCE, waiting.size()); left > 0; left--) {
            boolean done = isDone(waiting.element(), orders, now);
            Late seen = waiting.remove();
            if (!done) {
                waiting.add(seen);
            }
        }
    }

    private static boolean isDone(Late late, Orders orders, Instant now) {
        try {
            return orders.deliveredLate(late.receipt(), late.moment(), now);
        } catch (RuntimeException e) {
            if (Outage.isIn(e)) {
                throw e;
            }
            LOG.log(Level.WARNING, "Request {0}: that the result of order {1} was delivered at {2} can''t be noted:"
                    + " {3}", late.receipt().by().requestId(), late.receipt().batchId(), late.moment(), e.toString());
            return true;
        }
    }
}
