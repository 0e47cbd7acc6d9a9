package certservice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BoundedCheckTest {

    private static final Duration LIMIT = Duration.ofMillis(200);
    private static final Duration FRESH = Duration.ofMillis(50);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch databaseIsBack = new CountDownLatch(1);

    @AfterEach
    void stop() {
        databaseIsBack.countDown();
        threads.shutdownNow();
    }

    @Test
    void tellsWhatTheQuestionSays() {
        assertThat(check(() -> true).passes()).isTrue();
        assertThat(check(() -> false).passes()).isFalse();
    }

    @Test
    void takesAnExceptionForANo() {
        assertThat(check(() -> {
            throw new IllegalStateException("no such data source");
        }).passes()).isFalse();
    }

    @Test
    void asksOnceForAllWhoWantToKnowAtTheSameMoment() {
        BoundedCheck check = check(() -> true);
        for (int caller = 0; caller < 100; caller++) {
            assertThat(check.passes()).isTrue();
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void asksAgainWhenTheAnswerIsOld() {
        AtomicInteger answers = new AtomicInteger();
        BoundedCheck check = check(() -> answers.getAndIncrement() == 0);
        assertThat(check.passes()).isTrue();
        now.addAndGet(FRESH.toNanos() - 1);
        assertThat(check.passes()).isTrue();
        now.addAndGet(1);
        assertThat(check.passes()).isFalse();
    }

    @Test
    void letsNobodyWaitLongerThanTheLimit() throws Exception {
        BoundedCheck check = check(this::hang);
        List<Future<Boolean>> callers = new ArrayList<>();
        for (int caller = 0; caller < 20; caller++) {
            callers.add(threads.submit(check::passes));
        }
        for (Future<Boolean> caller : callers) {
            assertThat(caller.get(10, TimeUnit.SECONDS)).isFalse();
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void answersAtOnceWhileAnOldQuestionHangsAndAsksNoOther() {
        BoundedCheck check = check(this::hang, Duration.ofHours(1));
        threads.execute(check::passes);
        while (asked.get() == 0) {
            Thread.onSpinWait();
        }
        now.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(check.passes()).isFalse();
        assertThat(asked).hasValue(1);
    }

    @Test
    void recoversWhenWhatHungHasEnded() throws Exception {
        BoundedCheck check = check(this::hang);
        assertThat(check.passes()).isFalse();
        now.addAndGet(LIMIT.toNanos());
        databaseIsBack.countDown();
        while (!check.passes()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    void saysNoWhileTheServiceIsBeingStopped() {
        assertThat(new BoundedCheck(() -> true, LIMIT, FRESH, task -> {
            throw new RejectedExecutionException();
        }, now::get).passes()).isFalse();
    }

    private boolean hang() {
        try {
            return databaseIsBack.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Counts how often it asks; the clock stands still unless a test moves it. */
    private BoundedCheck check(BooleanSupplier question) {
        return check(question, LIMIT);
    }

    private BoundedCheck check(BooleanSupplier question, Duration limit) {
        return new BoundedCheck(() -> {
            asked.incrementAndGet();
            return question.getAsBoolean();
        }, limit, FRESH, threads, now::get);
    }
}
