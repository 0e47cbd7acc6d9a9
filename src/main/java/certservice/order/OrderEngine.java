package certservice.order;

import certservice.acme.CertificateAuthorities;
import certservice.audit.Origin;
import certservice.domain.Validations;
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
import java.util.function.BooleanSupplier;
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

    /** For an order that was left by its node, however old it is. */
    private static final Duration SECOND_LIFE = Duration.ofMinutes(2);

    @Inject
    Settings settings;

    @Inject
    MasterKey masterKey;

    @Inject
    Orders orders;

    @Inject
    HeldOrders heldOrders;

    @Inject
    Retention retention;

    @Inject
    Certificates certificates;

    @Inject
    RateLimits limits;

    @Inject
    Validations validations;

    @Inject
    CertificateAuthorities authorities;

    @Resource
    ManagedThreadFactory threads;

    private final String node = UUID.randomUUID().toString();
    private final Map<String, CompletableFuture<StoredBatch>> running = new ConcurrentHashMap<>();
    private final Handovers handovers = new Handovers();
    private final LateReceipts lateReceipts = new LateReceipts();
    private volatile boolean stopping;
    private Line line;
    private Entrance entrance;
    private ThreadPoolExecutor clerks;
    private Watch watch;
    private final List<Thread> background = new ArrayList<>();

    @PostConstruct
    void open() {
        line = new Line(settings.issuanceConcurrency(), threads);
        clerks = new ThreadPoolExecutor(CLERKS, CLERKS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        clerks.allowCoreThreadTimeOut(true);
        watch = new Watch(orders);
        entrance = new Entrance(this, orders, certificates, limits, masterKey, settings, handovers, node,
                clerks, CLOCK);
    }

    /** Begins to look after what nodes have left, this one too before its last stop; once the database is there. */
    public void attend() {
        Attendant attendant = new Attendant(this, orders, heldOrders, retention, watch, node, settings, CLOCK);
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
        return entrance.enter(plan, admitted, keys);
    }

    /** Works on a batch that is stored, and this node's, unless it does so already. */
    void run(StoredBatch stored, Instant deadline) {
        String id = stored.batch().id();
        CompletableFuture<StoredBatch> outcome = new CompletableFuture<>();
        if (running.putIfAbsent(id, outcome) != null) {
            return;
        }
        new BatchRun(stored, settings.issuanceTimeout(), deadline, heldOrders, certificates, limits, validations,
                authorities, line, node, settings.orderRetention(), () -> stopping, CLOCK)
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
     * @param why what everybody who waits for it is told, and what the order says of itself from then on
     * @param by  who wants it
     * @return whether it is cancelled
     */
    public boolean cancel(String batchId, Failure why, Origin by) {
        boolean cancelled = orders.cancel(batchId, why, by, CLOCK.instant());
        if (cancelled) {
            letGo(batchId);
        }
        return cancelled;
    }

    /**
     * Has a batch that has failed tried again, by any node and within seconds.
     *
     * @param by who wants it
     * @return whether it is tried again, as {@link Orders#retry}
     */
    public boolean retry(String batchId, Origin by) {
        try {
            return orders.retry(batchId, by, CLOCK.instant());
        } catch (RuntimeException e) {
            if (Duplicate.isIn(e)) {
                return false;
            }
            throw e;
        }
    }

    /** This node has nothing to do with the batch any more, though a thread of its may notice a little later. */
    void letGo(String batchId) {
        entrance.letGo(batchId);
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

    /** The outcome of a batch, as long as this node works on it. */
    Optional<CompletableFuture<StoredBatch>> ours(String batchId) {
        return Optional.ofNullable(running.get(batchId));
    }

    /** How many orders wait on this node for one of its workers. */
    public int waiting() {
        return line.waiting();
    }

    /** The batches that this node works on. */
    public List<String> running() {
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
     * Hands a result over to its caller. The same request waits until this has returned, if it comes after the first
     * byte: delivered, it is a new one; otherwise it joins what is still undelivered.
     *
     * @param writing writes it, and returns whether the caller has it
     */
    public void handOver(Receipt receipt, BooleanSupplier writing) {
        handovers.during(receipt.batchId(), () -> {
            if (writing.getAsBoolean()) {
                delivered(receipt);
            }
        });
    }

    /**
     * The caller has got the result. A database that is away hears of it when it is back; the same request that comes
     * before gets the result once more.
     */
    public void delivered(Receipt receipt) {
        Instant moment = CLOCK.instant();
        try {
            orders.delivered(receipt, moment);
        } catch (RuntimeException e) {
            boolean kept = Outage.isIn(e) && lateReceipts.keep(receipt, moment);
            LOG.log(Level.WARNING, "Request {0}: the result of order {1} was delivered, but the database does not"
                    + " know{2}: {3}", receipt.by().requestId(), receipt.batchId(), kept ? " yet" : "",
                    Outage.isIn(e) ? Outage.summary(e) : e.toString());
        }
    }

    /** Tells the database of some of the deliveries that it did not hear of. */
    void noteLateReceipts() {
        lateReceipts.note(orders, CLOCK.instant());
    }
}
