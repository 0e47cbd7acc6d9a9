package certservice.issuance;

import certservice.apikey.SlowAnswers;
import certservice.order.OrderEngine;
import certservice.order.Receipt;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Answers requests when their results are there, on threads of its own: a caller may be slow to read. */
@ApplicationScoped
public class Answers {

    /** How many callers are written to at once; the others wait a moment. */
    private static final int COURIERS = 64;

    /** How much longer than its setting a request waits, so that the order's own words reach the caller. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    @Inject
    Settings settings;

    @Inject
    OrderEngine orders;

    @Inject
    SlowAnswers slowAnswers;

    @Resource
    ManagedThreadFactory threads;

    private ThreadPoolExecutor couriers;

    @PostConstruct
    void open() {
        couriers = new ThreadPoolExecutor(COURIERS, COURIERS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                threads);
        couriers.allowCoreThreadTimeOut(true);
    }

    @PreDestroy
    void close() {
        couriers.shutdownNow();
    }

    /** Answers with what the result is rendered to, or with its failure, or, when that takes too long, with that. */
    <T> void give(AsyncResponse answer, CompletableFuture<T> result, Function<T, Response> render) {
        give(answer, result, render, System.nanoTime());
    }

    /** As before; a 401 is given as late as any other, measured from when the request {@code arrived}. */
    <T> void give(AsyncResponse answer, CompletableFuture<T> result, Function<T, Response> render, long arrived) {
        answer.setTimeout(settings.issuanceTimeout().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        answer.setTimeoutHandler(late -> late.resume(Failure.noCertificate(Problem.own(null, "timeout",
                "The CA did not finish the order in time; the order goes on",
                "Send the same request again: it gets what this one has ordered"), null)));
        result.thenApplyAsync(render, couriers).whenCompleteAsync((response, failure) -> {
            if (failure == null) {
                answer.resume(response);
            } else {
                fail(answer, failure instanceof CompletionException ? failure.getCause() : failure, arrived);
            }
        }, couriers);
    }

    private void fail(AsyncResponse answer, Throwable cause, long arrived) {
        boolean refused = cause instanceof Failure failure && failure.status() == 401;
        if (!refused || !slowAnswers.later(arrived, Duration.ZERO, () -> answer.resume(cause))) {
            answer.resume(cause);
        }
    }

    /**
     * The body, which counts as delivered when the caller has it.
     *
     * @param receipt which the caller then has given
     */
    Response.ResponseBuilder deliver(byte[] body, String mediaType, Receipt receipt) {
        return Response.ok(new Delivery(body, receipt.by().requestId(), writing -> orders.handOver(receipt, writing)),
                        mediaType)
                .header(HttpHeaders.CONTENT_LENGTH, body.length)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
