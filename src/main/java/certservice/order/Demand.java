package certservice.order;

import certservice.domain.DomainName;
import certservice.problem.Problem;
import certservice.settings.AcmeLimits.Limit;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Set;

/** What one request asks of one bucket. */
final class Demand {

    private final Limited limited;
    private final Set<DomainName> names = new LinkedHashSet<>();
    private int certificates;

    Demand(Limited limited) {
        this.limited = limited;
    }

    /** One certificate more that needs a token, for these names of the request. */
    void add(Set<DomainName> forNames) {
        certificates++;
        names.addAll(forNames);
    }

    Limited limited() {
        return limited;
    }

    /** Failures are not asked for: one token that is left is enough for any number of certificates. */
    private int tokens() {
        return limited.kind() == LimitKind.FAILED_VALIDATION ? 1 : certificates;
    }

    /** When it can be met: now, or later. */
    Instant freeAt(TokenBucket bucket, Instant now) {
        if (bucket.canHold(tokens())) {
            return bucket.freeAt(tokens(), now);
        }
        Instant full = bucket.freeAt(tokens(), now);
        return full.isAfter(now) ? full : now.plus(bucket.interval());
    }

    /** Why it can't be met now. */
    Problem problem(TokenBucket bucket, Instant now) {
        String free = freeAt(bucket, now).plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS).toString();
        String used = "; " + bucket.used(now) + " are used up, as far as this service knows. ";
        return switch (limited.kind()) {
            case EXACT_SET -> problem("The CA allows " + limitOf(bucket.limit(), "certificate") + " for exactly "
                    + "these names, " + limited.subject() + used + "The next one is possible at " + free,
                    "Use a certificate that you have already: another one for the same names is no better. Other names"
                            + " have a limit of their own");
            case REGISTERED_DOMAIN -> problem("The CA allows " + limitOf(bucket.limit(), "new certificate")
                    + " for names of " + limited.subject() + used + possible(bucket, free),
                    "Put several names into one certificate, or ask for fewer certificates at once; those for the same"
                            + " names as an earlier one don't count here");
            case FAILED_VALIDATION -> problem("The CA allows " + limitOf(bucket.limit(), "failed validation")
                    + " of " + limited.subject() + used + "The next attempt is possible at " + free,
                    "Mend what the answers before this one complain of, then wait as long as Retry-After says");
        };
    }

    private String possible(TokenBucket bucket, String free) {
        if (!bucket.canHold(tokens())) {
            return "This request asks for " + certificates + ", which is never possible at once";
        }
        return certificates == 1 ? "The next one is possible at " + free
                : "The " + certificates + " of this request are possible at " + free;
    }

    private Problem problem(String detail, String hint) {
        return Problem.own(about(), "rateLimited", detail, hint);
    }

    /** The name, if it is about one; the registered domain, if it is about several of its names. */
    private String about() {
        if (names.size() == 1) {
            return names.iterator().next().toString();
        }
        return limited.kind() == LimitKind.REGISTERED_DOMAIN ? limited.subject() : null;
    }

    private static String limitOf(Limit limit, String what) {
        return limit.count() + " " + what + (limit.count() == 1 ? "" : "s") + " in " + inWords(limit.period());
    }

    private static String inWords(Duration period) {
        if (period.toHours() % 24 == 0 && period.equals(Duration.ofDays(period.toDays()))) {
            return plural(period.toDays(), "day");
        }
        return period.equals(Duration.ofHours(period.toHours())) ? plural(period.toHours(), "hour") : period.toString();
    }

    private static String plural(long count, String unit) {
        return count + " " + unit + (count == 1 ? "" : "s");
    }
}
