package certservice.order;

import certservice.problem.Failure;
import certservice.problem.Outage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Waits for batches that other nodes work on. One question to the database is enough for all of them; {@link Attendant}
 * has it asked.
 */
final class Watch {

    private static final Logger LOG = System.getLogger(Watch.class.getName());
    private static final int AT_ONCE = 500;

    private final Orders orders;
    private final Map<String, CompletableFuture<StoredBatch>> awaited = new ConcurrentHashMap<>();

    Watch(Orders orders) {
        this.orders = orders;
    }

    /** As {@link OrderEngine#outcome}. */
    CompletableFuture<StoredBatch> outcome(String batchId) {
        CompletableFuture<StoredBatch> outcome = awaited.computeIfAbsent(batchId, id -> new CompletableFuture<>());
        try {
            look(List.of(batchId));
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "The database does not say now how far a batch is; it is asked again in a moment", e);
        }
        return outcome.copy();
    }

    boolean isIdle() {
        return awaited.isEmpty();
    }

    void look() {
        List<String> ids = new ArrayList<>(awaited.keySet());
        for (int from = 0; from < ids.size(); from += AT_ONCE) {
            look(ids.subList(from, Math.min(ids.size(), from + AT_ONCE)));
        }
    }

    private void look(List<String> batchIds) {
        for (String id : orders.finished(batchIds)) {
            CompletableFuture<StoredBatch> outcome = awaited.remove(id);
            if (outcome != null) {
                complete(outcome, id);
            }
        }
    }

    private void complete(CompletableFuture<StoredBatch> outcome, String id) {
        try {
            StoredBatch stored = orders.find(id).orElseThrow();
            if (stored.batch().status() == BatchStatus.ISSUED) {
                outcome.complete(stored);
            } else {
                outcome.completeExceptionally(stored.batch().failure());
            }
        } catch (RuntimeException e) {
            outcome.completeExceptionally(Outage.in(e).map(RuntimeException.class::cast).orElse(e));
        }
    }

    void close() {
        awaited.values().forEach(outcome -> outcome.completeExceptionally(
                Failure.unavailable("The service is stopping", Duration.ofSeconds(30), null)));
    }
}
