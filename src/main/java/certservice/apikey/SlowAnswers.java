package certservice.apikey;

import certservice.problem.Failure;
import certservice.problem.FailureAnswer;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives refusals at moments that don't tell how long it took to find their reason: 100 ms after the request came, or,
 * when that took longer, after the next multiple; and a random time later. No request thread waits meanwhile.
 */
@ApplicationScoped
public class SlowAnswers {

    private static final Logger LOG = System.getLogger(SlowAnswers.class.getName());
    private static final Duration LONGEST = Duration.ofMinutes(1);

    static final Duration FLOOR = Duration.ofMillis(100);

    /** What is left of a difference after the floor, in writing the answer, is much smaller. */
    static final Duration JITTER = Duration.ofMillis(50);

    /** Each holds a connection and some kilobytes. */
    private static final int MOST = 2000;
    private static final int WRITERS = 4;

    @Resource
    ManagedThreadFactory threads;

    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger waiting = new AtomicInteger();
    private ScheduledThreadPoolExecutor writers;

    @PostConstruct
    void open() {
        writers = new ScheduledThreadPoolExecutor(WRITERS, threads);
        writers.setKeepAliveTime(30, TimeUnit.SECONDS);
        writers.allowCoreThreadTimeOut(true);
        writers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @PreDestroy
    void close() {
        writers.shutdownNow();
    }

    /**
     * Answers later, on another thread.
     *
     * @param arrived {@link System#nanoTime()} when the request came
     * @param slower  how much later still
     * @return false if too many wait already; then nothing will be done
     */
    public boolean later(long arrived, Duration slower, Runnable answer) {
        if (waiting.incrementAndGet() > MOST) {
            waiting.decrementAndGet();
            return false;
        }
        try {
            writers.schedule(() -> {
                waiting.decrementAndGet();
                answer.run();
            }, delay(System.nanoTime() - arrived, random.nextDouble()) + slower.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (RejectedExecutionException stopping) {
            waiting.decrementAndGet();
            return false;
        }
    }

    /**
     * Writes a failure later; or another one at once, if too many wait already.
     *
     * @param challenge what a 401 asks for
     * @param id        the request's
     * @param arrived   {@link System#nanoTime()} when the request came
     * @param slower    how much later still
     */
    public void give(Failure failure, String challenge, String id, long arrived, Duration slower,
                     HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.isAsyncSupported()) {
            FailureAnswer.write(failure, challenge, id, request, response);
            return;
        }
        AsyncContext answer = request.startAsync(request, response);
        answer.setTimeout(LONGEST.toMillis());
        if (!later(arrived, slower, () -> write(failure, challenge, id, answer))) {
            write(Failure.busy("Too many requests are being refused at the moment", Duration.ofSeconds(1)), challenge,
                    id, answer);
        }
    }

    private static void write(Failure failure, String challenge, String id, AsyncContext answer) {
        try {
            FailureAnswer.write(failure, challenge, id, (HttpServletRequest) answer.getRequest(),
                    (HttpServletResponse) answer.getResponse());
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "The caller of a request that is refused has gone", e);
        } finally {
            answer.complete();
        }
    }

    /** How long to wait yet, in nanoseconds; {@code chance} is from 0 to 1. */
    static long delay(long elapsed, double chance) {
        long floor = FLOOR.toNanos();
        return (elapsed / floor + 1) * floor - elapsed + (long) (chance * JITTER.toNanos());
    }
}
