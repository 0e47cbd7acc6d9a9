package certservice.order;

import certservice.acme.CertificateAuthorities;
import certservice.domain.Validations;
import certservice.problem.Failure;
import certservice.problem.Outage;
import certservice.problem.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A batch being worked on by this node: its orders all become ready before the first is finalized, so that one name
 * that fails costs no certificate of the others.
 */
final class BatchRun {

    private static final Logger LOG = System.getLogger(BatchRun.class.getName());

    /** How long a batch rests before it is taken up again, when the CA or the database can't be reached. */
    private static final Duration REST = Duration.ofSeconds(15);

    private final OrderBatch batch;
    private final Duration patience;
    private final Instant deadline;
    private final List<OrderRun> runs;
    private final HeldOrders orders;
    private final Certificates certificates;
    private final RateLimits limits;
    private final Validations validations;
    private final Line line;
    private final String node;
    private final Duration retention;
    private final Clock clock;
    private final boolean finalizing;
    private final BooleanSupplier stopping;

    /**
     * @param patience how long the CA may take to take an order; before that waiting for it gains nothing
     * @param deadline after which nothing is asked of the CA any more in this run
     */
    BatchRun(StoredBatch stored, Duration patience, Instant deadline, HeldOrders orders, Certificates certificates,
             RateLimits limits, Validations validations, CertificateAuthorities authorities, Line line, String node,
             Duration retention, BooleanSupplier stopping, Clock clock) {
        this.batch = stored.batch();
        this.patience = patience;
        this.deadline = deadline;
        this.orders = orders;
        this.certificates = certificates;
        this.limits = limits;
        this.validations = validations;
        this.line = line;
        this.node = node;
        this.retention = retention;
        this.stopping = stopping;
        this.clock = clock;
        this.runs = stored.orders().stream()
                .map(order -> new OrderRun(order, this, orders, authorities, clock)).toList();
        this.finalizing = isFinalizing();
    }

    /** By when an order must be placed that is placed now. */
    Instant placing() {
        return clock.instant().plus(patience);
    }

    Instant deadline() {
        return deadline;
    }

    Certificates certificates() {
        return certificates;
    }

    RateLimits limits() {
        return limits;
    }

    Validations validations() {
        return validations;
    }

    /** Whether each name's progress is worth some more work. */
    boolean isWatched() {
        return batch.isAsynchronous();
    }

    Lease lease() {
        return Lease.of(node, clock.instant());
    }

    /** Until when the private keys are kept, in case that their caller does not fetch them or wants them again. */
    Ending ending(CertificateOrder last) {
        return new Ending(clock.instant(), last.expiresAt(), clock.instant().plus(retention));
    }

    /**
     * Gets the certificates, all or none.
     *
     * @return the batch as it then is, also if the database could not be told; or completed exceptionally by the
     *         {@link Failure} that holds the problems of every order that failed, or by {@link LeaseLost}
     */
    CompletableFuture<StoredBatch> start() {
        return each(run -> () -> inTime(run::authorize), finalizing)
                .thenCompose(ready -> each(run -> run::complete, true))
                .thenApply(issued -> new StoredBatch(batch, issued))
                .whenComplete((stored, failure) -> {
                    if (failure != null) {
                        end(failure instanceof CompletionException ? failure.getCause() : failure);
                    }
                });
    }

    /** What waited in line until it was too late is not begun. */
    private <T> T inTime(Supplier<T> work) {
        if (!finalizing && clock.instant().isAfter(deadline)) {
            throw Failure.noCertificate(Problem.own(null, "overloaded", "The order waited too long in line",
                    "Send the request again later, or ask the operator to raise certservice.issuance.concurrency"),
                    null);
        }
        return work.get();
    }

    private interface Work<B> {
        Supplier<B> on(OrderRun run);
    }

    private <B> CompletableFuture<List<B>> each(Work<B> work, boolean begun) {
        List<CompletableFuture<B>> results = runs.stream().map(run -> line.enter(begun, work.on(run))).toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .handle((done, failure) -> {
                    if (failure != null) {
                        throw merged(results);
                    }
                    return results.stream().map(CompletableFuture::join).toList();
                });
    }

    /** One failure that tells of all. Who must wait anyway, for this service or for a rate limit, is told so. */
    private static RuntimeException merged(List<? extends CompletableFuture<?>> results) {
        List<Problem> problems = new ArrayList<>();
        Failure first = null;
        Failure limited = null;
        for (CompletableFuture<?> result : results) {
            Throwable cause = causeOf(result);
            if (cause instanceof Failure failure) {
                if (failure.status() == 503) {
                    return failure;
                }
                problems.addAll(failure.problems());
                first = first == null ? failure : first;
                limited = failure.retryAfter().isPresent() ? failure : limited;
            } else if (cause != null) {
                return new CompletionException(cause);
            }
        }
        if (limited != null) {
            return problems.isEmpty() ? limited
                    : Failure.rateLimited(problems, limited.retryAfter().orElse(Duration.ZERO), limited);
        }
        return problems.isEmpty() ? first : Failure.noCertificate(problems, first);
    }

    private static Throwable causeOf(CompletableFuture<?> result) {
        try {
            result.join();
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    /**
     * What becomes of a batch that this node can't bring to its end now. If the service stops, or the database is away,
     * or the CA is away after it got a CSR, then it is only put down: it is taken up again, here or elsewhere.
     */
    private void end(Throwable cause) {
        if (stopping.getAsBoolean()) {
            return;
        }
        if (cause instanceof LeaseLost) {
            LOG.log(Level.INFO, "Request {0}: another node goes on with it, or it was cancelled", batch.requestId());
            return;
        }
        Failure failure = cause instanceof Failure known ? known : Failure.noCertificate(List.of(), cause);
        try {
            if (failure.status() == 503) {
                orders.release(batch.id(), lease(), clock.instant());
            } else if (isFinalizing() && mayPass(failure)
                    && clock.instant().isBefore(batch.created().plus(retention))) {
                orders.release(batch.id(), lease(), clock.instant().plus(rest(failure)));
            } else {
                orders.failed(batch.id(), lease(), failure, clock.instant().plus(retention), clock.instant());
            }
        } catch (LeaseLost lost) {
            LOG.log(Level.INFO, "Request {0}: it was cancelled, or another node goes on with it", batch.requestId());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Request {0}: its batch is put down as it is, and taken up again later: {1}",
                    batch.requestId(), Outage.isIn(e) ? Outage.summary(e) : e.toString());
        }
    }

    private static Duration rest(Failure failure) {
        return failure.retryAfter().filter(asked -> asked.compareTo(REST) > 0).orElse(REST);
    }

    /** Whether a certificate may be there, or is there though the database does not know. */
    private boolean isFinalizing() {
        return runs.stream().map(run -> run.order().status())
                .anyMatch(status -> status == OrderStatus.FINALIZING || status == OrderStatus.ISSUED);
    }

    /** Whether the same may go well a moment later, since the CA gave no verdict, or asks to come again. */
    static boolean mayPass(Failure failure) {
        return failure.retryAfter().isPresent() || failure.problems().isEmpty()
                || CertificateAuthorities.isWithoutVerdict(failure);
    }
}
