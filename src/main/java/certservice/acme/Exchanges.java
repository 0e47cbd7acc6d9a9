package certservice.acme;

import certservice.problem.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.shredzone.acme4j.Authorization;

/** How one order talks to the CA: each exchange again if its failure may pass, several at once, or until it is done. */
final class Exchanges {

    static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Retries retries;
    private final Executor executor;

    /** @param executor runs as many exchanges at once as the CA may see */
    Exchanges(Retries retries, Executor executor) {
        this.retries = retries;
        this.executor = executor;
    }

    /** As {@link Retries#call(Retries.Exchange)}. */
    <T> T call(Retries.Exchange<T> exchange) {
        return retries.call(exchange);
    }

    /** As {@link Retries#call(Retries.Exchange, Retries.Exchange)}. */
    <T> T call(Retries.Exchange<T> first, Retries.Exchange<T> again) {
        return retries.call(first, again);
    }

    Authorization fetch(Authorization authorization) {
        return retries.call(() -> {
            authorization.fetch();
            return authorization;
        });
    }

    /**
     * Asks again and again, with growing pauses, or longer ones if the CA wishes so.
     *
     * @param look asks the CA; tells from when on it may be asked again
     * @param done whether that is enough; throws if it never will be
     * @throws Failure if the deadline passes
     */
    void poll(Retries.Exchange<Optional<Instant>> look, BooleanSupplier done) {
        Duration pause = FIRST_PAUSE;
        while (true) {
            retries.pause(pause);
            Optional<Instant> retryAfter = retries.call(look);
            if (done.getAsBoolean()) {
                return;
            }
            Duration grown = pause.multipliedBy(3).dividedBy(2);
            pause = retryAfter.map(retries::until).filter(asked -> asked.compareTo(grown) > 0)
                    .orElse(grown.compareTo(LONGEST_PAUSE) < 0 ? grown : LONGEST_PAUSE);
        }
    }

    /** As {@link Retries#pause}. */
    void pause(Duration pause) {
        retries.pause(pause);
    }

    /** As {@link Retries#left}. */
    Duration left() {
        return retries.left();
    }

    /** Does the same for all, as many at once as the CA may see; fails as the first one that failed. */
    <A, B> List<B> inParallel(List<A> all, Function<A, B> each) {
        List<CompletableFuture<B>> answers = all.stream()
                .map(one -> CompletableFuture.supplyAsync(() -> each.apply(one), executor)).toList();
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
            return answers.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
