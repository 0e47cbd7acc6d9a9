package certservice.admin;

import certservice.settings.IpAddress;
import certservice.settings.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who guesses passwords: counts failed logins by address, on this node. Each is answered more slowly than the one
 * before; after {@value #LIMIT} within ten minutes the answer is 429. Nobody can lock an administrator out that way:
 * right credentials are accepted from everywhere. How often they are looked at is {@link LoginTurns}' business.
 * Safe for many threads.
 */
public final class LoginGuard {

    public static final int LIMIT = 10;
    public static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Duration STEP = Duration.ofMillis(200);
    private static final int MOST_KNOWN = 10_000;

    /** What somebody gets from a provider, who then has as many addresses as he likes. */
    private static final int IPV6_PREFIX = 64;

    private final Map<String, Failed> known = new ConcurrentHashMap<>();

    private record Failed(Instant since, int times) {
    }

    /**
     * What follows from a failed login.
     *
     * @param slower     how much later it is answered
     * @param refusedFor how long no more guesses are welcome; empty: the answer is 401
     */
    public record Consequence(Duration slower, Optional<Duration> refusedFor) {
    }

    /** @param address where the failed login came from */
    public Consequence failed(String address, Instant now) {
        if (known.size() >= MOST_KNOWN) {
            known.values().removeIf(old -> isOver(old, now));
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
        }
        Failed failed = known.merge(subject(address), new Failed(now, 1), (old, first) ->
                isOver(old, now) ? first : new Failed(old.since(), Math.min(old.times(), LIMIT) + 1));
        return failed.times() <= LIMIT ? new Consequence(STEP.multipliedBy(failed.times()), Optional.empty())
                : new Consequence(STEP.multipliedBy(LIMIT),
                        Optional.of(Duration.between(now, failed.since().plus(WINDOW))));
    }

    private static boolean isOver(Failed failed, Instant now) {
        return !now.isBefore(failed.since().plus(WINDOW));
    }

    static String subject(String address) {
        return IpAddress.parse(address).filter(parsed -> !parsed.isIpv4())
                .map(ipv6 -> Network.around(ipv6, IPV6_PREFIX).toString()).orElse(address);
    }
}
