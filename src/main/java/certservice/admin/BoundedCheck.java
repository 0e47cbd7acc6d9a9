package certservice.admin;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A question that may hang, asked for many callers. It is under way once at most, and its answer holds for a moment, so
 * neither many callers nor an answer that never comes can pile anything up. Safe for many threads.
 */
final class BoundedCheck {

    private final BooleanSupplier question;
    private final long limitNanos;
    private final long freshNanos;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private Round round;

    /**
     * @param question asked in one of the executor's threads; an exception means no
     * @param limit    how long after it was asked it counts as answered with no
     * @param fresh    how long after it was asked an answer is given to others too
     * @param nanoTime {@code System::nanoTime}
     */
    BoundedCheck(BooleanSupplier question, Duration limit, Duration fresh, Executor executor, LongSupplier nanoTime) {
        this.question = question;
        this.limitNanos = limit.toNanos();
        this.freshNanos = fresh.toNanos();
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /** The answer; returns after the limit at the latest, and at once while a question hangs that is older. */
    boolean passes() {
        Round current = current();
        try {
            return current.answer.get(current.asked + limitNanos - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException no) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized Round current() {
        if (round == null || round.answer.isDone() && nanoTime.getAsLong() - round.asked >= freshNanos) {
            round = new Round(nanoTime.getAsLong(), ask());
        }
        return round;
    }

    private CompletableFuture<Boolean> ask() {
        try {
            return CompletableFuture.supplyAsync(question::getAsBoolean, executor);
        } catch (RejectedExecutionException beingStopped) {
            return CompletableFuture.completedFuture(false);
        }
    }

    private record Round(long asked, CompletableFuture<Boolean> answer) {
    }
}
