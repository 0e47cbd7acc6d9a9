package certservice.order;

import certservice.acme.CertificateAuthorities;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Works on orders on its own threads, so that no request thread waits for a CA. */
@ApplicationScoped
public class OrderEngine {

    private static final Clock CLOCK = Clock.systemUTC();

    @Inject
    Settings settings;

    @Inject
    Orders orders;

    @Inject
    CertificateAuthorities authorities;

    @Resource
    ManagedThreadFactory threads;

    private Line line;

    @PostConstruct
    void open() {
        line = new Line(settings.issuanceConcurrency(), threads);
    }

    @PreDestroy
    void close() {
        line.close();
    }

    /**
     * Gets the certificates of one request, all or none: no order is finalized before all of them are ready, so that
     * one name that fails costs no certificate of the others.
     *
     * @return the chains, leaf first, in the order of the plans; or completed exceptionally by the {@link Failure}
     *         that holds the problems of every order that failed
     */
    public CompletableFuture<List<List<X509Certificate>>> issue(List<OrderPlan> plans) {
        Instant deadline = CLOCK.instant().plus(settings.issuanceTimeout());
        List<OrderRun> runs = plans.stream()
                .map(plan -> new OrderRun(plan, deadline, orders, authorities, CLOCK)).toList();
        return each(runs, run -> () -> inTime(deadline, run::authorize), false)
                .whenComplete((ready, failure) -> {
                    if (failure != null) {
                        runs.forEach(OrderRun::abandon);
                    }
                })
                .thenCompose(ready -> each(ready, run -> run::complete, true));
    }

    /** What waited in line until its caller gave up is not begun. */
    private static <T> T inTime(Instant deadline, Supplier<T> work) {
        if (CLOCK.instant().isAfter(deadline)) {
            throw Failure.noCertificate(Problem.own(null, "overloaded", "The order waited too long in line",
                    "Send the request again later, or ask the operator to raise certservice.issuance.concurrency"),
                    null);
        }
        return work.get();
    }

    private interface Work<A, B> {
        Supplier<B> on(A input);
    }

    private <A, B> CompletableFuture<List<B>> each(List<A> inputs, Work<A, B> work, boolean begun) {
        List<CompletableFuture<B>> results = inputs.stream()
                .map(input -> line.enter(begun, work.on(input))).toList();
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
}
