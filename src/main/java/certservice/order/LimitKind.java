package certservice.order;

import certservice.settings.AcmeLimits;
import certservice.settings.AcmeLimits.Limit;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** What is limited. */
enum LimitKind {

    /** Certificates for the same names in any order. */
    EXACT_SET(AcmeLimits.EXACT_SET, AcmeLimits::exactSet, Duration.ofDays(120)),

    /** Certificates with names below what somebody has registered. */
    REGISTERED_DOMAIN(AcmeLimits.REGISTERED_DOMAIN, AcmeLimits::registeredDomain, Duration.ZERO),

    /** Failed validations of one name. */
    FAILED_VALIDATION(AcmeLimits.FAILED_VALIDATION, AcmeLimits::failedValidation, Duration.ZERO);

    private final String setting;
    private final Function<AcmeLimits, Optional<Limit>> limit;
    private final Duration memory;

    LimitKind(String setting, Function<AcmeLimits, Optional<Limit>> limit, Duration memory) {
        this.setting = setting;
        this.limit = limit;
        this.memory = memory;
    }

    /** The limit, if it is counted. */
    Optional<Limit> in(AcmeLimits limits) {
        return limit.apply(limits);
    }

    /** Its name in the setting {@code certservice.acme.production.limits}. */
    String setting() {
        return setting;
    }

    /**
     * How long it is remembered that something was counted, even if the bucket is full again. A set of names that Let's
     * Encrypt has seen within 120 days is a renewal, which doesn't count for its registered domains.
     */
    Duration memory() {
        return memory;
    }
}
