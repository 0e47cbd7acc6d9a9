package certservice.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How often credentials are looked at, on this node. After {@value #LIMIT} failures of one user from one address within
 * ten minutes this is done one at a time, every two seconds, and not for all others of this user from this address:
 * otherwise a limit on answers would not keep anybody from guessing. Other users and other addresses are not affected.
 * Safe for many threads.
 */
public final class LoginTurns {

    public static final int LIMIT = LoginGuard.LIMIT;
    static final Duration WINDOW = LoginGuard.WINDOW;
    static final Duration SPACING = Duration.ofSeconds(2);
    private static final int MOST_KNOWN = 10_000;
    private static final int LONGEST_NAME = 100;

    private final Map<String, Pair> known = new HashMap<>();

    /** One user and one address. */
    private static final class Pair {
        private final Instant until;
        private int failures;
        private Instant next = Instant.MIN;
        private boolean underWay;

        private Pair(Instant until) {
            this.until = until;
        }

        private boolean isOver(Instant now) {
            return !now.isBefore(until);
        }
    }

    /**
     * Whether credentials may be looked at now. If so, {@link #left} must follow.
     *
     * @param delay zero: they may; else how long not
     */
    public record Turn(String pair, boolean alone, Duration delay) {

        public boolean isGiven() {
            return delay.isZero();
        }
    }

    /** @param user as the caller has written it */
    public synchronized Turn enter(String address, String user, Instant now) {
        String name = LoginGuard.subject(address) + ' ' + sameForRealms(user);
        Pair pair = known.get(name);
        if (pair == null || pair.isOver(now) || pair.failures < LIMIT) {
            return new Turn(name, false, Duration.ZERO);
        }
        if (now.isBefore(pair.next)) {
            return new Turn(name, false, Duration.between(now, pair.next));
        }
        if (pair.underWay) {
            return new Turn(name, false, SPACING);
        }
        pair.underWay = true;
        pair.next = now.plus(SPACING);
        return new Turn(name, true, Duration.ZERO);
    }

    /** @param failed whether the credentials were wrong */
    public synchronized void left(Turn turn, boolean failed, Instant now) {
        Pair pair = known.get(turn.pair());
        if (turn.alone() && pair != null) {
            pair.underWay = false;
        }
        if (!failed) {
            return;
        }
        if (pair == null || pair.isOver(now)) {
            makeRoom(now);
            pair = new Pair(now.plus(WINDOW));
            known.put(turn.pair(), pair);
        }
        pair.failures = Math.min(pair.failures, LIMIT) + 1;
    }

    private void makeRoom(Instant now) {
        if (known.size() >= MOST_KNOWN) {
            known.values().removeIf(old -> old.isOver(now));
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
        }
    }

    /** Some realms, such as LDAP's, take no notice of case and of spaces around. */
    private static String sameForRealms(String user) {
        String name = user.strip().toLowerCase(Locale.ROOT);
        return name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }
}
