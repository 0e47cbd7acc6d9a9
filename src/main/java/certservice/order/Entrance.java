package certservice.order;

import certservice.domain.DomainName;
import certservice.problem.Duplicate;
import certservice.problem.Failure;
import certservice.settings.MasterKey;
import certservice.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** How a request becomes a batch: its own, or the one that was made for the same before. */
final class Entrance {

    /** How often two requests for the same may get in each other's way before one of them is told to come again. */
    private static final int ATTEMPTS = 5;

    /** How long a request waits for the end of the same request's answer: much longer than what a database notes. */
    private static final Duration HANDOVER = Duration.ofSeconds(10);

    private final OrderEngine engine;
    private final Orders orders;
    private final Certificates certificates;
    private final RateLimits limits;
    private final MasterKey masterKey;
    private final Settings settings;
    private final Handovers handovers;
    private final String node;
    private final Executor clerks;
    private final Clock clock;
    private final Map<String, CompletableFuture<String>> underWay = new ConcurrentHashMap<>();

    /** @param clerks do everything that needs the database */
    Entrance(OrderEngine engine, Orders orders, Certificates certificates, RateLimits limits,
             MasterKey masterKey, Settings settings, Handovers handovers, String node, Executor clerks, Clock clock) {
        this.engine = engine;
        this.orders = orders;
        this.certificates = certificates;
        this.limits = limits;
        this.masterKey = masterKey;
        this.settings = settings;
        this.handovers = handovers;
        this.node = node;
        this.clerks = clerks;
        this.clock = clock;
    }

    /** As {@link OrderEngine#enter}. */
    CompletableFuture<String> enter(BatchPlan plan, Runnable admitted,
                                    Supplier<CompletableFuture<List<KeyAndCsr>>> keys) {
        String same = plan.changesWhatItJoins() ? "" : plan.claim();
        CompletableFuture<String> entry = new CompletableFuture<>();
        CompletableFuture<String> earlier = same.isEmpty() ? null : underWay.putIfAbsent(same, entry);
        if (earlier != null) {
            return earlier.handleAsync((id, failure) -> failure == null && isShared(id, plan)
                    ? CompletableFuture.completedFuture(id)
                    : enter(plan, admitted, keys, 1), clerks).thenCompose(id -> id);
        }
        CompletableFuture.supplyAsync(() -> enter(plan, admitted, keys, 1), clerks).thenCompose(id -> id)
                .whenComplete((id, failure) -> entered(same, entry, id, failure));
        return entry.copy();
    }

    /** Not if it is delivered meanwhile. */
    private boolean isShared(String id, BatchPlan plan) {
        return engine.ours(id).isPresent() && join(id, plan, clock.instant());
    }

    /** As long as this node works on the batch, the same request joins it without looking for it in the database. */
    private void entered(String same, CompletableFuture<String> entry, String id, Throwable failure) {
        Optional.ofNullable(id).flatMap(engine::ours).ifPresentOrElse(
                ours -> ours.whenComplete((issued, failed) -> underWay.remove(same, entry)),
                () -> underWay.remove(same, entry));
        if (failure == null) {
            entry.complete(id);
        } else {
            entry.completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
        }
    }

    /** Of two requests that get in each other's way the database lets one pass; the other looks again. */
    private CompletableFuture<String> enter(BatchPlan plan, Runnable admitted,
                                            Supplier<CompletableFuture<List<KeyAndCsr>>> keys, int attempt) {
        return enterOnce(plan, admitted, keys, clock.instant().plus(HANDOVER)).handleAsync((id, failure) -> {
            if (failure == null) {
                return CompletableFuture.completedFuture(id);
            }
            return attempt < ATTEMPTS && Duplicate.isIn(failure) ? enter(plan, admitted, keys, attempt + 1)
                    : CompletableFuture.<String>failedFuture(failure);
        }, clerks).thenCompose(next -> next);
    }

    /** @param patience until when the end of a handover is awaited, which makes it clear whether this is joined */
    private CompletableFuture<String> enterOnce(BatchPlan plan, Runnable admitted,
                                                Supplier<CompletableFuture<List<KeyAndCsr>>> keys, Instant patience) {
        try {
            Instant now = clock.instant();
            Optional<String> known = repeated(plan).or(() -> reusable(plan, now));
            if (known.isPresent()) {
                return CompletableFuture.completedFuture(known.get());
            }
            Optional<String> same = joinable(plan);
            Optional<CompletableFuture<Void>> handover = now.isAfter(patience) ? Optional.empty()
                    : same.flatMap(id -> handovers.end(id, Duration.between(now, patience)));
            if (handover.isPresent()) {
                return handover.get().thenComposeAsync(over -> enterOnce(plan, admitted, keys, patience), clerks);
            }
            if (same.isPresent() && join(same.get(), plan, now)) {
                return CompletableFuture.completedFuture(same.get());
            }
            admitted.run();
            requireLimits(plan);
            return keys.get().thenApplyAsync(made -> begin(plan, made), clerks);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A certificate that replaces one that is due has no limits; that is looked at only if it matters. */
    private void requireLimits(BatchPlan plan) {
        Instant now = clock.instant();
        try {
            limits.require(plan.environment(), plan.names(), now);
        } catch (Failure limited) {
            List<List<DomainName>> others = plan.names().stream()
                    .filter(names -> certificates.predecessor(plan.environment(), names, now)
                            .filter(old -> old.isDueAt(now)).isEmpty())
                    .toList();
            if (others.size() == plan.names().size()) {
                throw limited;
            }
            limits.require(plan.environment(), others, now);
        }
    }

    private Optional<String> repeated(BatchPlan plan) {
        if (plan.idempotency().isEmpty()) {
            return Optional.empty();
        }
        Optional<IdempotentRequest> repeated = orders.repeated(plan);
        repeated.ifPresent(request -> {
            if (!request.isFor(plan)) {
                throw Failure.http(422, "Header 'Idempotency-Key' was used for another request before;"
                        + " each request needs a value of its own, which only its repetitions share");
            }
            orders.attach(request.batchId(), plan, masterKey, Optional.empty());
        });
        return repeated.map(IdempotentRequest::batchId);
    }

    private Optional<String> reusable(BatchPlan plan, Instant now) {
        if (!plan.reuse()) {
            return Optional.empty();
        }
        Optional<StoredBatch> stored = orders.reusable(plan, now).filter(batch -> isUsable(batch, plan));
        stored.ifPresent(batch -> {
            certificates.refresh(batch.orders(), now);
            orders.attach(batch.batch().id(), plan, masterKey, request(plan, batch.batch().id(), now));
        });
        return stored.map(batch -> batch.batch().id());
    }

    /** What failed when some of its certificates were there already is not joined, but revived. */
    private Optional<String> joinable(BatchPlan plan) {
        return orders.claimed(plan).filter(batch -> batch.status() != BatchStatus.FAILED)
                .filter(batch -> batch.status() != BatchStatus.ISSUED
                        || orders.find(batch.id()).filter(stored -> isUsable(stored, plan)).isPresent())
                .map(OrderBatch::id);
    }

    /** A result that is revoked, or sealed with what the API key was before, is nobody's any more. */
    private boolean isUsable(StoredBatch issued, BatchPlan plan) {
        boolean usable = issued.orders().stream().allMatch(order -> order.isFor(masterKey, plan.callerKey()));
        if (!usable) {
            orders.forget(issued.batch().id());
        }
        return usable;
    }

    private boolean join(String id, BatchPlan plan, Instant now) {
        return orders.join(id, plan, masterKey, request(plan, id, now));
    }

    private Optional<IdempotentRequest> request(BatchPlan plan, String batchId, Instant now) {
        return plan.idempotency().map(idempotency ->
                new IdempotentRequest(plan, batchId, now.plus(settings.orderRetention())));
    }

    private String begin(BatchPlan plan, List<KeyAndCsr> keys) {
        Instant now = clock.instant();
        Optional<StoredBatch> revived = orders.claimed(plan).flatMap(failed -> orders.revive(plan, keys, masterKey,
                Lease.of(node, now), request(plan, failed.id(), now), now));
        if (revived.isPresent()) {
            engine.run(revived.get(), now.plus(settings.orderTimeout()));
            return revived.get().batch().id();
        }
        OrderBatch batch = new OrderBatch(plan, masterKey, Lease.of(node, now), now);
        List<CertificateOrder> all = new ArrayList<>();
        for (int number = 0; number < keys.size(); number++) {
            all.add(new CertificateOrder(plan, batch.id(), number, keys.get(number), masterKey, now));
        }
        orders.add(batch, all, request(plan, batch.id(), now));
        engine.run(new StoredBatch(batch, all), now.plus(settings.orderTimeout()));
        return batch.id();
    }

    /** The same request looks into the database again, to see what has become of the batch. */
    void letGo(String batchId) {
        underWay.values().removeIf(entry -> entry.isDone() && !entry.isCompletedExceptionally()
                && entry.join().equals(batchId));
    }
}
