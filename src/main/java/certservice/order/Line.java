package certservice.order;

import certservice.problem.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Where orders wait for one of a bounded number of workers: first come, first served; but what was begun goes before
 * what was not, so that a long line does not let authorized orders grow old.
 */
final class Line {

    private final AtomicLong tickets = new AtomicLong();
    private final ThreadPoolExecutor workers;

    /** @param size how many work at once */
    Line(int size, ThreadFactory threads) {
        workers = new ThreadPoolExecutor(size, size, 30, TimeUnit.SECONDS, new PriorityBlockingQueue<>(), threads);
        workers.allowCoreThreadTimeOut(true);
    }

    /** @param begun whether it goes before everything that is not */
    <T> CompletableFuture<T> enter(boolean begun, Supplier<T> work) {
        Ticket<T> ticket = new Ticket<>(begun, tickets.incrementAndGet(), work, new CompletableFuture<>());
        workers.execute(ticket);
        return ticket.result();
    }

    /** How many wait. */
    int waiting() {
        return workers.getQueue().size();
    }

    /** Interrupts who works, and sends away who waits. */
    void close() {
        for (Runnable waiting : workers.shutdownNow()) {
            ((Ticket<?>) waiting).result().completeExceptionally(Failure.unavailable("The service is stopping",
                    Duration.ofSeconds(30), null));
        }
    }

    private record Ticket<T>(boolean begun, long number, Supplier<T> work, CompletableFuture<T> result)
            implements Runnable, Comparable<Ticket<?>> {

        @Override
        public void run() {
            try {
                result.complete(work.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        }

        @Override
        public int compareTo(Ticket<?> other) {
            return begun == other.begun ? Long.compare(number, other.number) : Boolean.compare(other.begun, begun);
        }
    }
}
