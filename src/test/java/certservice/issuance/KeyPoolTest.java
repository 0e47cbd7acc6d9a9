package certservice.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class KeyPoolTest {

    private final RecordingFactory threads = new RecordingFactory();
    private final KeyPool pool = new KeyPool(threads, 16);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void fillsItsStockOfTheUsualKeysAndThenRests() {
        pool.take(KeyType.EC256);
        await(() -> pool.ready(KeyType.RSA2048) == 16 && threads.only().getState() == Thread.State.WAITING);

        assertThat(pool.ready(KeyType.RSA3072)).isZero();
        assertThat(pool.ready(KeyType.RSA4096)).isZero();
        assertThat(pool.ready(KeyType.EC256)).as("quickly made, never stocked").isZero();
    }

    @Test
    void fillsUpAgainWhatWasTaken() {
        await(() -> pool.ready(KeyType.RSA2048) == 16);

        pool.take(KeyType.RSA2048, 3);

        await(() -> pool.ready(KeyType.RSA2048) == 16);
    }

    @Test
    void stocksARareSizeOnceItWasAskedFor() {
        pool.take(KeyType.RSA3072);

        await(() -> pool.ready(KeyType.RSA3072) > 0);
    }

    @Test
    void stocksNoMoreThanItIsTold() throws InterruptedException {
        KeyPool none = new KeyPool(threads, 0);
        KeyPool one = new KeyPool(threads, 1);
        try (none; one) {
            for (KeyPool small : List.of(none, one)) {
                assertThat(small.take(KeyType.RSA2048, 2)).doesNotHaveDuplicates();
                small.take(KeyType.RSA3072);
            }
            await(() -> one.ready(KeyType.RSA2048) == 1 && one.ready(KeyType.RSA3072) == 1);
            Thread.sleep(200);
            assertThat(one.ready(KeyType.RSA2048)).isEqualTo(1);
            assertThat(none.ready(KeyType.RSA2048) + none.ready(KeyType.RSA3072)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void handsOutKeysOfTheTypeThatWasAskedFor(KeyType type) {
        KeyPair key = pool.take(type);

        assertThat(key.getPublic().getAlgorithm()).isEqualTo(type.isSlow() ? "RSA" : "EC");
        int bits = type.isSlow()
                ? ((RSAKey) key.getPublic()).getModulus().bitLength()
                : ((ECKey) key.getPublic()).getParams().getOrder().bitLength();
        assertThat(type.name()).endsWith(String.valueOf(bits));
    }

    @Test
    void handsOutEachKeyOnceToCallersAtTheSameTime() throws InterruptedException {
        await(() -> pool.ready(KeyType.RSA2048) >= 8);
        Set<String> seen = ConcurrentHashMap.newKeySet();
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            callers.add(new Thread(() -> pool.take(KeyType.RSA2048, 6).forEach(key ->
                    seen.add(((RSAKey) key.getPublic()).getModulus().toString()))));
        }

        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(seen).hasSize(24);
    }

    @Test
    void makesKeysAtLowPriorityOnOneThreadOfTheFactory() {
        await(() -> pool.ready(KeyType.RSA2048) > 0);

        assertThat(threads.only().getPriority()).isEqualTo(Thread.MIN_PRIORITY);
    }

    @Test
    void endsItsThreadPromptlyInTheMiddleOfALongGeneration() {
        await(() -> pool.ready(KeyType.RSA2048) == 16);
        pool.take(KeyType.RSA4096);
        await(() -> threads.only().getState() == Thread.State.RUNNABLE);

        long start = System.nanoTime();
        pool.close();

        assertThat(threads.only().isAlive()).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        assertThat(pool.ready(KeyType.RSA2048)).isZero();
    }

    @Test
    void endsItsThreadWhenTheContainerInterruptsIt() throws InterruptedException {
        threads.only().interrupt();

        threads.only().join(20_000);

        assertThat(threads.only().isAlive()).isFalse();
        assertThat(pool.take(KeyType.RSA2048)).isNotNull();
    }

    @Test
    void makesKeysForCallersThatAreStillThereAfterTheEnd() {
        pool.close();

        assertThat(pool.take(KeyType.RSA2048)).isNotNull();
        assertThat(pool.ready(KeyType.RSA2048)).isZero();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException("The condition did not come true in time", e);
            }
        }
    }

    /** As the container's factory: makes plain threads, and knows which. */
    private static final class RecordingFactory implements ThreadFactory {

        private final List<Thread> made = new CopyOnWriteArrayList<>();

        @Override
        public Thread newThread(Runnable work) {
            Thread thread = new Thread(work, "keys");
            thread.setDaemon(true);
            made.add(thread);
            return thread;
        }

        Thread only() {
            assertThat(made).hasSize(1);
            return made.get(0);
        }
    }
}
