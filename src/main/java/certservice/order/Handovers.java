package certservice.order;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The results that this node is writing to their callers right now. Whoever asks for the same meanwhile may be the
 * caller who has just read the last byte, before the database knows: only the end of the handover tells whether that is
 * a new request, or takes the same result.
 */
final class Handovers {

    private final Set<Handover> underWay = ConcurrentHashMap.newKeySet();

    private record Handover(String batchId, CompletableFuture<Void> over) {
    }

    /** @param work writes the batch's result, from the first byte on, and notes what has become of it */
    void during(String batchId, Runnable work) {
        Handover handover = new Handover(batchId, new CompletableFuture<>());
        underWay.add(handover);
        try {
            work.run();
        } finally {
            underWay.remove(handover);
            handover.over().complete(null);
        }
    }

    /**
     * The end of a handover of this batch, or of the patience with it. Afterwards there may be another one.
     *
     * @return empty if there is none
     */
    Optional<CompletableFuture<Void>> end(String batchId, Duration patience) {
        return underWay.stream().filter(handover -> handover.batchId().equals(batchId)).findFirst()
                .map(handover -> handover.over().copy()
                        .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS));
    }
}
