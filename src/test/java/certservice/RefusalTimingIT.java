package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.TestBed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** That the time a 401 takes does not tell its cause. */
class RefusalTimingIT {

    private static final int CALLS = 1000;
    private static final int WARM_UP = 100;
    private static final int THREADS = 16;
    private static final Duration FLOOR = Duration.ofMillis(100);

    /**
     * How far from one half the chance may be that a call of one cause takes longer than one of another. By chance
     * alone it is within 0.05 for 1,000 calls each with a probability of 0.9999 (its standard deviation is 0.013). More
     * is allowed, since the machine has other work, and an answer that misses its 100 ms comes at 200: but a cause that
     * is answered 10 ms sooner, of 50 ms that are random, would be 0.18 off.
     */
    private static final double BOUND = 0.15;

    private static final String REQUEST = "{\"staging\":true,\"domains\":\"www.elsewhere.example\"}";

    private static TestBed bed;

    private enum Cause { UNKNOWN, DISABLED, EXPIRED, OUT_OF_SCOPE }

    private record Timed(Cause cause, long nanos) {
    }

    @BeforeAll
    static void start() {
        bed = TestBed.shared();
    }

    /** All causes are mixed at random, so that whatever else happens on the machine happens to all alike. */
    @Test
    void isTheSameForEveryCause() throws Exception {
        measure(WARM_UP);
        Map<Cause, List<Long>> times = measure(CALLS);

        times.forEach((cause, all) -> assertThat(Collections.min(all)).as("ns of the fastest answer to %s", cause)
                .isGreaterThanOrEqualTo(FLOOR.toNanos()));
        for (Cause one : Cause.values()) {
            for (Cause other : Cause.values()) {
                if (one.compareTo(other) < 0) {
                    assertThat(chanceToBeLonger(times.get(one), times.get(other)))
                            .as("chance that %s takes longer than %s", one, other)
                            .isBetween(0.5 - BOUND, 0.5 + BOUND);
                }
            }
        }
    }

    private static Map<Cause, List<Long>> measure(int calls) throws Exception {
        List<Callable<Timed>> all = new ArrayList<>();
        for (Cause cause : Cause.values()) {
            for (int i = 0; i < calls; i++) {
                all.add(() -> call(cause));
            }
        }
        Collections.shuffle(all, new Random(401));
        Map<Cause, List<Long>> times = new EnumMap<>(Cause.class);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<Timed> each : threads.invokeAll(all)) {
                times.computeIfAbsent(each.get().cause(), cause -> new ArrayList<>()).add(each.get().nanos());
            }
        } finally {
            threads.shutdownNow();
        }
        return times;
    }

    private static Timed call(Cause cause) {
        String key = switch (cause) {
            case UNKNOWN -> UUID.randomUUID().toString();
            case DISABLED -> bed.disabledApiKey();
            case EXPIRED -> bed.expiredApiKey();
            case OUT_OF_SCOPE -> bed.narrowApiKey();
        };
        long start = System.nanoTime();
        int status = bed.client().withKey(key).cert(REQUEST).status();
        long end = System.nanoTime();
        assertThat(status).isEqualTo(401);
        return new Timed(cause, end - start);
    }

    /** The Mann-Whitney statistic U, divided by the number of pairs: it knows ranks only, and no distribution. */
    private static double chanceToBeLonger(List<Long> ones, List<Long> others) {
        List<Long> sorted = others.stream().sorted().toList();
        double longer = 0;
        for (long one : ones) {
            int below = lowerBound(sorted, one);
            int equal = lowerBound(sorted, one + 1) - below;
            longer += below + equal / 2.0;
        }
        return longer / ((double) ones.size() * others.size());
    }

    private static int lowerBound(List<Long> sorted, long value) {
        int from = 0;
        int to = sorted.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted.get(middle) < value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
