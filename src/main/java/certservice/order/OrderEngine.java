package certservice.order;

import certservice.acme.CertificateAuthorities;
import certservice.domain.DomainName;
import certservice.problem.Duplicate;
import certservice.problem.Failure;
import certservice.problem.Outage;
import certservice.settings.MasterKey;
import certservice.settings.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Takes requests for certificates and works on their orders, on its own threads, so that no request thread waits for a
 * CA. What it has taken goes on whatever becomes of the caller, and of this node: another takes it over.
 */
@ApplicationScoped
public class OrderEngine {

    private static final Logger LOG = System.getLogger(OrderEngine.class.getName());
    private static final Clock CLOCK = Clock.systemUTC();

    /** Enough for the database's connections; what they do is short. */
    private static final int CLERKS = 8;

    /** How often two requests for the same may get in each other's way before one of them is told to come again. */
    private static final int ATTEMPTS = 5;

    /** For an order that was left by its node, however old it is. */
    private static final Duration SECOND_LIFE = Duration.ofMinutes(2);

    @Inject
    Settings settings;

    @Inject
    MasterKey masterKey;

    @Inject
    Orders orders;

    @Inject
    Certificates certificates;

    @Inject
    RateLimits limits;

    @Inject
    CertificateAuthorities authorities;

    @Resource
    ManagedThreadFactory threads;

    private final String node = UUID.randomUUID().toString();
    private final Map<String, CompletableFuture<StoredBatch>> running = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<String>> underWay = new ConcurrentHashMap<>();
    private volatile boolean stopping;
    private Line line;
    private ThreadPoolExecutor clerks;
    private Watch watch;
    private final List<Thread> background = new ArrayList<>();

    @PostConstruct
    void open() {
        line = new Line(settings.issuanceConcurrency(), threads);
        clerks = new ThreadPoolExecutor(CLERKS, CLERKS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        clerks.allowCoreThreadTimeOut(true);
        watch = new Watch(orders);
    }

    /** Begins to look after what nodes have left, this one too before its last stop; once the database is there. */
    public void attend() {
        Attendant attendant = new Attendant(this, orders, watch, node, settings.orderRetention(), CLOCK);
        Renewals renewals = new Renewals(certificates, authorities, CLOCK);
        for (Runnable work : List.of(new Rounds(Attendant.PAUSE, attendant::round),
                new Rounds(Renewals.PAUSE, renewals::round))) {
            Thread thread = threads.newThread(work);
            background.add(thread);
            thread.start();
        }
    }

    /** Nothing is saved any more, since servers take the database away now: other nodes take over what is left. */
    @PreDestroy
    void close() {
        stopping = true;
        background.forEach(Thread::interrupt);
        line.close();
        clerks.shutdownNow();
        watch.close();
    }

    /**
     * Takes a request: it becomes a new batch, or joins the one that was made for the same request and is not delivered
     * yet. When this is complete the batch is stored, and will be worked on to its end.
     *
     * @param admitted asked before a new batch is made; throws {@link Failure} if there must be none
     * @param keys     makes the keys of a new batch, one for each certificate
     * @return the batch's id; or completed exceptionally by a {@link Failure}, 422 if the plan's
     *         {@code Idempotency-Key} stands for another request
     */
    public CompletableFuture<String> enter(BatchPlan plan, Runnable admitted,
                                           Supplier<CompletableFuture<List<KeyAndCsr>>> keys) {
        String same = plan.changesWhatItJoins() ? "" : plan.claim();
        CompletableFuture<String> entry = new CompletableFuture<>();
        CompletableFuture<String> earlier = same.isEmpty() ? null : underWay.putIfAbsent(same, entry);
        if (earlier != null) {
            return earlier.handleAsync((id, failure) -> failure == null ? CompletableFuture.completedFuture(id)
                    : enter(plan, admitted, keys, 1), clerks).thenCompose(id -> id);
        }
        CompletableFuture.supplyAsync(() -> enter(plan, admitted, keys, 1), clerks).thenCompose(id -> id)
                .whenComplete((id, failure) -> entered(same, entry, id, failure));
        return entry.copy();
    }

    /** As long as this node works on the batch, the same request joins it without a look into the database. */
    private void entered(String same, CompletableFuture<String> entry, String id, Throwable failure) {
        CompletableFuture<StoredBatch> ours = id == null ? null : running.get(id);
        if (ours == null) {
            underWay.remove(same, entry);
        } else {
            ours.whenComplete((issued, failed) -> underWay.remove(same, entry));
        }
        if (failure == null) {
            entry.complete(id);
        } else {
            entry.completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
        }
    }

    /** Of two requests that get in each other's way the database lets one pass; the other looks again. */
    private CompletableFuture<String> enter(BatchPlan plan, Runnable admitted,
                                            Supplier<CompletableFuture<List<KeyAndCsr>>> keys, int attempt) {
        return enterOnce(plan, admitted, keys).handleAsync((id, failure) -> {
            if (failure == null) {
                return CompletableFuture.completedFuture(id);
            }
            return attempt < ATTEMPTS && Duplicate.isIn(failure) ? enter(plan, admitted, keys, attempt + 1)
                    : CompletableFuture.<String>failedFuture(failure);
        }, clerks).thenCompose(next -> next);
    }

    private CompletableFuture<String> enterOnce(BatchPlan plan, Runnable admitted,
                                                Supplier<CompletableFuture<List<KeyAndCsr>>> keys) {
        try {
            Optional<String> known = known(plan);
            if (known.isPresent()) {
                return CompletableFuture.completedFuture(known.get());
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
        Instant now = CLOCK.instant();
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

    private Optional<String> known(BatchPlan plan) {
        Instant now = CLOCK.instant();
        return repeated(plan).or(() -> reusable(plan, now)).or(() -> joined(plan, now));
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
        Optional<StoredBatch> stored = orders.reusable(plan, now);
        stored.ifPresent(batch -> {
            certificates.refresh(batch.orders(), now);
            orders.attach(batch.batch().id(), plan, masterKey, request(plan, batch.batch().id(), now));
        });
        return stored.map(batch -> batch.batch().id());
    }

    /** What failed when some of its certificates were there already is not joined, but revived. */
    private Optional<String> joined(BatchPlan plan, Instant now) {
        return orders.claimed(plan).filter(batch -> batch.status() != BatchStatus.FAILED)
                .map(OrderBatch::id)
                .filter(id -> orders.join(id, plan, !running.containsKey(id), masterKey, request(plan, id, now)));
    }

    private Optional<IdempotentRequest> request(BatchPlan plan, String batchId, Instant now) {
        return plan.idempotency().map(idempotency ->
                new IdempotentRequest(plan, batchId, now.plus(settings.orderRetention())));
    }

    private String begin(BatchPlan plan, List<KeyAndCsr> keys) {
        Instant now = CLOCK.instant();
        Optional<StoredBatch> revived = orders.claimed(plan).flatMap(failed -> orders.revive(plan, keys, masterKey,
                Lease.of(node, now), request(plan, failed.id(), now), now));
        if (revived.isPresent()) {
            run(revived.get(), now.plus(settings.orderTimeout()));
            return revived.get().batch().id();
        }
        OrderBatch batch = new OrderBatch(plan, masterKey, Lease.of(node, now), now);
        List<CertificateOrder> all = new ArrayList<>();
        for (int number = 0; number < keys.size(); number++) {
            all.add(new CertificateOrder(plan, batch.id(), number, keys.get(number), masterKey, now));
        }
        orders.add(batch, all, request(plan, batch.id(), now));
        run(new StoredBatch(batch, all), now.plus(settings.orderTimeout()));
        return batch.id();
    }

    private void run(StoredBatch stored, Instant deadline) {
        String id = stored.batch().id();
        CompletableFuture<StoredBatch> outcome = new CompletableFuture<>();
        if (running.putIfAbsent(id, outcome) != null) {
            return;
        }
        new BatchRun(stored, settings.issuanceTimeout(), deadline, orders, certificates, limits, authorities, line,
                node, settings.orderRetention(), () -> stopping, CLOCK)
                .start().whenComplete((issued, failure) -> {
                    running.remove(id, outcome);
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    if (failure == null) {
                        outcome.complete(issued);
                    } else if (cause instanceof LeaseLost) {
                        follow(id, outcome);
                    } else {
                        outcome.completeExceptionally(cause);
                    }
                });
    }

    /** What another node makes of it is what our callers get. */
    private void follow(String id, CompletableFuture<StoredBatch> outcome) {
        watch.outcome(id).whenComplete((theirs, why) -> {
            if (why == null) {
                outcome.complete(theirs);
            } else {
                outcome.completeExceptionally(why);
            }
        });
    }

    /** Works on a batch that this node has taken over. */
    void takeUp(String batchId) {
        orders.find(batchId).ifPresent(stored -> {
            LOG.log(Level.INFO, "Request {0}: taken over", stored.batch().requestId());
            Instant ordinary = stored.batch().created().plus(settings.orderTimeout());
            Instant atLeast = CLOCK.instant().plus(SECOND_LIFE);
            run(stored, ordinary.isAfter(atLeast) ? ordinary : atLeast);
        });
    }

    /**
     * Cancels what can still be cancelled.
     *
     * @param why what everybody who waits for it is told
     * @return whether it is cancelled
     */
    public boolean cancel(String batchId, Failure why) {
        boolean cancelled = orders.cancel(batchId, why, CLOCK.instant());
        if (cancelled) {
            letGo(batchId);
        }
        return cancelled;
    }

    /** This node has nothing to do with the batch any more, though a thread of its may notice a little later. */
    void letGo(String batchId) {
        underWay.values().removeIf(entry -> entry.isDone() && !entry.isCompletedExceptionally()
                && entry.join().equals(batchId));
        CompletableFuture<StoredBatch> outcome = running.remove(batchId);
        if (outcome != null) {
            follow(batchId, outcome);
        }
    }

    /** Does something that talks to a CA, on one of the threads for that, before what has not begun yet. */
    public CompletableFuture<Void> work(Runnable task) {
        return line.enter(true, () -> {
            task.run();
            return null;
        });
    }

    /** What was sealed can't be opened any more: the same request is a new one. */
    public void forget(String batchId) {
        orders.forget(batchId);
    }

    /** The batches that this node works on. */
    List<String> running() {
        return List.copyOf(running.keySet());
    }

    /**
     * Waits for a batch, whichever node works on it.
     *
     * @return the batch with its issued orders; or completed exceptionally by the {@link Failure} that it ended with. A
     *         batch that this node had to put down for now is such a failure too
     */
    public CompletableFuture<StoredBatch> outcome(String batchId) {
        CompletableFuture<StoredBatch> ours = running.get(batchId);
        return ours != null ? ours.copy() : watch.outcome(batchId);
    }

    /**
     * The caller has got the result. A database that does not hear of it hands the result out once more.
     *
     * @param fetched whether it was fetched from the order
     */
    public void delivered(String batchId, boolean fetched) {
        try {
            orders.delivered(batchId, fetched, CLOCK.instant());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A result was delivered, but the database does not know: {0}",
                    Outage.isIn(e) ? Outage.summary(e) : e.toString());
        }
    }
}
