package certservice.apikey;

import certservice.audit.Action;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import certservice.problem.Duplicate;
import certservice.settings.IpAddress;
import certservice.settings.Network;
import certservice.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who guesses keys: counts those that open nothing, by address, for all nodes together. Who has sent many is answered
 * more slowly, then not with 401 any more but with 429 until the window is over. Nobody can lock a good key out that
 * way: only requests that are refused anyway are counted, and answered so. That an address has reached the limit is in
 * the audit trail, once for each window.
 *
 * <p>Each guess is written until the limit is reached; from then on a node writes about one address once a second.
 */
@ApplicationScoped
public class Guessing {

    private static final Logger LOG = System.getLogger(Guessing.class.getName());
    private static final Duration STEP = Duration.ofMillis(200);
    private static final Duration SLOWEST = Duration.ofSeconds(2);
    private static final Duration WRITING_PAUSE = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 3;

    /** What somebody gets from a provider, who then has as many addresses as he likes. */
    private static final int IPV6_PREFIX = 64;

    /** More are written one by one again. */
    private static final int MOST_KNOWN = 10_000;

    @Inject
    Settings settings;

    @Inject
    Guesses guesses;

    @Inject
    AuditTrail audit;

    private final Map<String, Refused> refused = new ConcurrentHashMap<>();

    /**
     * What follows from a guess.
     *
     * @param slower       how much later it is answered
     * @param refusedUntil if the answer is not 401, but 429 until then
     */
    record Consequence(Duration slower, Optional<Instant> refusedUntil) {
        static final Consequence NONE = new Consequence(Duration.ZERO, Optional.empty());
    }

    /** An address that this node refuses, and how many guesses it has not written yet. */
    private record Refused(Instant until, AtomicLong unwritten, AtomicLong nextWrite) {
        Refused(Instant until, Instant now) {
            this(until, new AtomicLong(), new AtomicLong(now.plus(WRITING_PAUSE).toEpochMilli()));
        }

        /** Whether it is for this caller to write. */
        boolean isDue(Instant now) {
            long due = nextWrite.get();
            return now.toEpochMilli() >= due
                    && nextWrite.compareAndSet(due, now.plus(WRITING_PAUSE).toEpochMilli());
        }
    }

    /** Counts a guess. */
    Consequence count(String address, Instant now) {
        if (settings.access().guessingLimit() == 0) {
            return Consequence.NONE;
        }
        String subject = subject(address);
        Refused known = refused.get(subject);
        if (known != null && now.isBefore(known.until()) && !known.isDue(now)) {
            known.unwritten().incrementAndGet();
            return new Consequence(Duration.ZERO, Optional.of(known.until()));
        }
        Guess stored = store(subject, known, now);
        Consequence consequence = consequence(subject, stored, known, now);
        if (stored.guesses() == settings.access().guessingLimit()) {
            record(stored, address);
        }
        return consequence;
    }

    private Guess store(String subject, Refused known, Instant now) {
        Optional<Guess> sameWindow = known == null || !now.isBefore(known.until()) ? Optional.empty()
                : guesses.addTo(subject, over(known.until()), known.unwritten().getAndSet(0) + 1);
        return sameWindow.orElseGet(() -> add(subject, now));
    }

    /** Of each window one node alone writes the guess that reaches the limit. */
    private void record(Guess last, String address) {
        audit.record(AuditEvent.of(Action.ADDRESS_REFUSED).from(address).because("from " + last.address() + " came "
                + last.guesses() + " keys that open nothing; refused until " + end(last)));
    }

    private Instant end(Guess guess) {
        return guess.windowStart().plus(settings.access().guessingWindow());
    }

    private Consequence consequence(String subject, Guess stored, Refused known, Instant now) {
        int limit = settings.access().guessingLimit();
        Instant until = end(stored);
        if (stored.guesses() < limit) {
            refused.remove(subject);
        } else if (known == null || !known.until().equals(until)) {
            if (refused.size() >= MOST_KNOWN) {
                refused.clear();
            }
            refused.put(subject, new Refused(until, now));
            LOG.log(Level.WARNING, "From {0} came {1} keys that open nothing; until {2} more of them are answered with"
                    + " 429", subject, String.valueOf(stored.guesses()), until);
        }
        if (stored.guesses() > limit) {
            return new Consequence(Duration.ZERO, Optional.of(until));
        }
        Duration slower = STEP.multipliedBy(Math.max(0, stored.guesses() - limit / 2));
        return new Consequence(slower.compareTo(SLOWEST) > 0 ? SLOWEST : slower, Optional.empty());
    }

    private Guess add(String subject, Instant now) {
        Instant moment = now.truncatedTo(ChronoUnit.MICROS);
        for (int attempt = 1; ; attempt++) {
            try {
                return guesses.add(subject, over(moment), moment);
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS || !Duplicate.isIn(e)) {
                    throw e;
                }
            }
        }
    }

    /** The addresses that are refused, on whichever node they were; the worst first, 1,000 at most. */
    public List<RefusedAddress> refused(Instant now) {
        int limit = settings.access().guessingLimit();
        return limit == 0 ? List.of() : guesses.atLeast(limit, over(now)).stream()
                .map(guess -> new RefusedAddress(guess.address(), guess.guesses(), end(guess)))
                .toList();
    }

    /**
     * Forgets what came from an address; other nodes hear of it with the next guess, a second later at most.
     *
     * @param address as {@link #refused} names it, or any IPv6 address of that network
     * @return whether anything was counted
     */
    public boolean forgive(String address) {
        String subject = subject(address.replace('\0', ' '));
        boolean known = refused.remove(subject) != null;
        return guesses.remove(subject) || known;
    }

    private Instant over(Instant now) {
        return now.minus(settings.access().guessingWindow());
    }

    private static String subject(String address) {
        return IpAddress.parse(address).filter(parsed -> !parsed.isIpv4())
                .map(ipv6 -> Network.around(ipv6, IPV6_PREFIX).toString()).orElse(address);
    }
}
