package certservice.apikey;

import certservice.apikey.Refusal.Reason;
import certservice.problem.Duplicate;
import certservice.problem.Outage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Counts what keys are used for. Where nothing depends on the number it is kept in memory, and written once a minute;
 * a node that stops loses the last minute's. The requests of a key that is restricted to so many a day are counted in
 * the database, one by one.
 */
@ApplicationScoped
public class KeyUsage {

    private static final Logger LOG = System.getLogger(KeyUsage.class.getName());
    private static final int ATTEMPTS = 3;

    @Inject
    KeyUses uses;

    private final Map<String, Used> unwritten = new ConcurrentHashMap<>();

    private record Used(String keyId, LocalDate day, int requests, Instant last) {
        Used plus(Used other) {
            return new Used(keyId, day, requests + other.requests, last.isAfter(other.last) ? last : other.last);
        }
    }

    /** The key was accepted. */
    void seen(Caller caller, Instant now) {
        note(new Used(caller.keyId(), KeyUse.day(now), 0, now.truncatedTo(ChronoUnit.MICROS)));
    }

    /**
     * Counts a request that is about to lead to new orders.
     *
     * @return why it must not, if the key has made as many today as it may
     */
    public Optional<Refusal> request(Caller caller, Instant now) {
        Optional<Integer> limit = caller.policy().requestsPerDay();
        if (limit.isEmpty()) {
            note(new Used(caller.keyId(), KeyUse.day(now), 1, now.truncatedTo(ChronoUnit.MICROS)));
            return Optional.empty();
        }
        boolean taken = again(() -> uses.take(caller.keyId(), KeyUse.day(now), limit.get(),
                now.truncatedTo(ChronoUnit.MICROS)));
        return taken ? Optional.empty() : Optional.of(new Refusal(Reason.REQUESTS_PER_DAY,
                "all " + limit.get() + " requests of this UTC day were made"));
    }

    private void note(Used used) {
        unwritten.merge(KeyUse.id(used.keyId(), used.day()), used, Used::plus);
    }

    /** Writes what was counted since the last time. While the database is away it is kept. */
    void write() {
        for (String id : List.copyOf(unwritten.keySet())) {
            Used used = unwritten.remove(id);
            try {
                again(() -> {
                    uses.add(used.keyId(), used.day(), used.requests(), used.last());
                    return true;
                });
            } catch (RuntimeException e) {
                if (Outage.isIn(e)) {
                    note(used);
                    return;
                }
                LOG.log(Level.DEBUG, "The use of a key is not written, most likely since the key was removed", e);
            }
        }
    }

    private static <T> T again(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS || !Duplicate.isIn(e)) {
                    throw e;
                }
            }
        }
    }
}
