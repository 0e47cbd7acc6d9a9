package certservice.order;

import certservice.problem.Outage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Deliveries of this node that the database did not hear of. They are kept in memory: the end of the node loses them. */
final class LateReceipts {

    private static final Logger LOG = System.getLogger(LateReceipts.class.getName());

    /** Many more than a node can deliver while the database is away: who asks for something new is refused then. */
    private static final int MOST = 10_000;

    private final Queue<Late> waiting = new ConcurrentLinkedQueue<>();

    private record Late(Receipt receipt, Instant moment) {
    }

    /** @return whether there was room for it */
    boolean keep(Receipt receipt, Instant moment) {
        return waiting.size() < MOST && waiting.add(new Late(receipt, moment));
    }

    /**
     * Notes all that can be noted by now. The others wait for the next time.
     *
     * @throws RuntimeException if the database is away
     */
    void note(Orders orders, Instant now) {
        for (Iterator<Late> each = waiting.iterator(); each.hasNext(); ) {
            if (isDone(each.next(), orders, now)) {
                each.remove();
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
            LOG.log(Level.WARNING, "Request {0}: that the result of order {1} was delivered at {2} can''t be noted: {3}",
                    late.receipt().by().requestId(), late.receipt().batchId(), late.moment(), e.toString());
            return true;
        }
    }
}
