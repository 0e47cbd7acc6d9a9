package certservice.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.concurrent.ManagedThreadFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlowAnswersTest {

    private static final long MILLISECOND = 1_000_000;

    /** From when the request came. */
    @ParameterizedTest
    @CsvSource({"0, 0, 100", "1, 0, 100", "99, 0, 100", "100, 0, 200", "101, 0, 200", "250, 0, 300",
            "0, 0.5, 125", "99, 0.98, 149", "1999, 0, 2000"})
    void comesAtTheNextMultipleOfTheFloorAndARandomTimeLater(long elapsed, double chance, long answered) {
        assertThat(elapsed * MILLISECOND + SlowAnswers.delay(elapsed * MILLISECOND, chance))
                .isEqualTo(answered * MILLISECOND);
    }

    @Test
    void answersLaterOnAnotherThreadAndTakesNoMoreThanItCanHold() throws Exception {
        SlowAnswers answers = new SlowAnswers();
        answers.threads = (ManagedThreadFactory) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {ManagedThreadFactory.class}, (proxy, method, arguments) ->
                        Executors.defaultThreadFactory().newThread((Runnable) arguments[0]));
        answers.open();
        try {
            CompletableFuture<Thread> done = new CompletableFuture<>();
            long arrived = System.nanoTime();
            assertThat(answers.later(arrived, Duration.ZERO, () -> done.complete(Thread.currentThread()))).isTrue();
            assertThat(done.get(10, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
            assertThat(System.nanoTime() - arrived).isGreaterThanOrEqualTo(SlowAnswers.FLOOR.toNanos());
            for (int i = 0; i < 2000; i++) {
                assertThat(answers.later(arrived, Duration.ofMinutes(1), () -> { })).isTrue();
            }
            assertThat(answers.later(arrived, Duration.ofMinutes(1), () -> { })).isFalse();
        } finally {
            answers.close();
        }
        assertThat(answers.later(System.nanoTime(), Duration.ZERO, () -> { })).as("after its end").isFalse();
    }
}
