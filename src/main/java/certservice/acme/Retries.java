package certservice.acme;

import certservice.problem.Failure;
import certservice.problem.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;

/**
 * Does one exchange with the CA, and again if it failed for a reason that may pass: connection lost, 5xx, an answer
 * that makes no sense. The pauses grow from a quarter of a second; {@code Retry-After} is honoured. (A rejected
 * nonce is acme4j's own business, and repeated at once.)
 */
final class Retries {

    /** A call to the CA. Nonsense that the CA answered is reported by acme4j in unchecked exceptions. */
    interface Exchange<T> {
        T run() throws AcmeException;
    }

    private static final Logger LOG = System.getLogger(Retries.class.getName());
    private static final int ATTEMPTS = 6;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

    private final Clock clock;
    private final Instant deadline;
    private final AcmeFailures failures;

    /** @param deadline after which nothing is tried any more */
    Retries(Clock clock, Instant deadline, AcmeFailures failures) {
        this.clock = clock;
        this.deadline = deadline;
        this.failures = failures;
    }

    /** @throws Failure when the CA said no, or did not say anything useful until the last attempt or the deadline */
    <T> T call(Exchange<T> exchange) {
        return call(exchange, exchange);
    }

    /**
     * @param again what to do instead from the second attempt on: the first one may have reached the CA although its
     *              answer was lost
     */
    <T> T call(Exchange<T> first, Exchange<T> again) {
        for (int attempt = 1; ; attempt++) {
            if (isPassed(clock.instant())) {
                throw timedOut();
            }
            try {
                return attempt == 1 ? first.run() : again.run();
            } catch (Failure e) {
                throw e;
            } catch (AcmeException | RuntimeException e) {
                Optional<Duration> pause = pauseAfter(e, attempt);
                if (pause.isEmpty() || attempt == ATTEMPTS || isPassed(clock.instant().plus(pause.get()))) {
                    throw failures.of(e);
                }
                LOG.log(Level.INFO, "The CA is asked again in {0}, after attempt {1}: {2}", pause.get(), attempt,
                        e.toString());
                sleep(pause.get());
            }
        }
    }

    /** Empty if the CA's word is final. */
    private Optional<Duration> pauseAfter(Exception failed, int attempt) {
        Duration growing = FIRST_PAUSE.multipliedBy(1L << attempt - 1)
                .plusMillis(ThreadLocalRandom.current().nextInt(100));
        Throwable cause = failed instanceof AcmeLazyLoadingException ? failed.getCause() : failed;
        if (cause instanceof UnavailableException unavailable) {
            Duration asked = unavailable.retryAfter().equals(Instant.MIN)
                    ? Duration.ZERO : Duration.between(clock.instant(), unavailable.retryAfter());
            return Optional.of(asked.compareTo(growing) > 0 ? asked : growing);
        }
        boolean mayPass = cause instanceof AcmeNetworkException || !(cause instanceof AcmeException);
        return mayPass && !Thread.currentThread().isInterrupted() ? Optional.of(growing) : Optional.empty();
    }

    private boolean isPassed(Instant moment) {
        return moment.isAfter(deadline);
    }

    /** Waits, but not beyond the deadline. */
    void pause(Duration pause) {
        if (isPassed(clock.instant())) {
            throw timedOut();
        }
        Duration left = Duration.between(clock.instant(), deadline);
        sleep(pause.compareTo(left) < 0 ? pause : left);
    }

    /** How long it is until the deadline; never negative. */
    Duration left() {
        return until(deadline);
    }

    /** How long it is until the moment; never negative. */
    Duration until(Instant moment) {
        Duration left = Duration.between(clock.instant(), moment);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Failure timedOut() {
        return Failure.noCertificate(Problem.own(null, "timeout", "The CA did not finish the order in time",
                "Send the request again; what the CA has validated by then is not validated anew"), null);
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(Math.max(1, pause.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unavailable("The service is stopping", Duration.ofSeconds(30), e);
        }
    }
}
