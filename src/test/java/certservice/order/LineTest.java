package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import certservice.problem.Failure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LineTest {

    private final CountDownLatch gate = new CountDownLatch(1);
    private final Line line = new Line(2, Executors.defaultThreadFactory());

    @AfterEach
    void close() {
        gate.countDown();
        line.close();
    }

    @Test
    void noMoreWorkAtOnceThanThereAreWorkers() {
        AtomicInteger working = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<CompletableFuture<Void>> all = Stream.generate(() -> line.<Void>enter(false, () -> {
            most.accumulateAndGet(working.incrementAndGet(), Math::max);
            pause();
            working.decrementAndGet();
            return null;
        })).limit(20).toList();

        all.forEach(CompletableFuture::join);

        assertThat(most).hasValue(2);
    }

    @Test
    void whatWasBegunGoesBeforeWhatWasNotAndEachKindInTheOrderOfItsComing() {
        occupyBothWorkers();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Boolean>> all = List.of(
                line.enter(false, () -> order.add("new 1")), line.enter(false, () -> order.add("new 2")),
                line.enter(true, () -> order.add("begun 1")), line.enter(true, () -> order.add("begun 2")));

        releaseOneWorker();
        all.forEach(CompletableFuture::join);

        assertThat(order).containsExactly("begun 1", "begun 2", "new 1", "new 2");
    }

    @Test
    void aFailureReachesWhoWaitsForTheResult() {
        Failure failure = Failure.noCertificate(List.of());

        CompletableFuture<Object> result = line.enter(false, () -> {
            throw failure;
        });

        assertThatThrownBy(result::join).isInstanceOf(CompletionException.class).hasCause(failure);
    }

    @Test
    void closingSendsWaitingWorkAwayWithAnAnswer() {
        occupyBothWorkers();
        CompletableFuture<String> waiting = line.enter(false, () -> "done");

        line.close();

        assertThatThrownBy(waiting::join).cause().isInstanceOfSatisfying(Failure.class,
                failure -> assertThat(failure.status()).isEqualTo(503));
    }

    private final CountDownLatch onlyOne = new CountDownLatch(1);

    private void occupyBothWorkers() {
        CountDownLatch busy = new CountDownLatch(2);
        line.enter(true, () -> await(busy, onlyOne));
        line.enter(true, () -> await(busy, gate));
        awaitUninterrupted(busy);
    }

    private void releaseOneWorker() {
        onlyOne.countDown();
    }

    private static Void await(CountDownLatch busy, CountDownLatch until) {
        busy.countDown();
        awaitUninterrupted(until);
        return null;
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pause() {
        try {
            gate.await(5, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
