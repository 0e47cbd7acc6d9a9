package certservice.settings;

import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a CA allows, as far as it is counted here before the CA is asked. A limit that is not there is not counted.
 *
 * @param exactSet         certificates for exactly the same names
 * @param registeredDomain certificates with names below one registered domain
 * @param failedValidation failed validations of one name
 */
public record AcmeLimits(Optional<Limit> exactSet, Optional<Limit> registeredDomain,
                         Optional<Limit> failedValidation) {

    public static final String EXACT_SET = "exact-set";
    public static final String REGISTERED_DOMAIN = "registered-domain";
    public static final String FAILED_VALIDATION = "failed-validation";

    private static final Set<String> NAMES = Set.of(EXACT_SET, REGISTERED_DOMAIN, FAILED_VALIDATION);
    private static final int MOST = 1_000_000;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    public static final AcmeLimits OFF = new AcmeLimits(Optional.empty(), Optional.empty(), Optional.empty());

    /** Of its production environment in autumn 2026: https://letsencrypt.org/docs/rate-limits/. */
    static final AcmeLimits LETS_ENCRYPT = new AcmeLimits(Optional.of(new Limit(5, Duration.ofDays(7))),
            Optional.of(new Limit(50, Duration.ofDays(7))), Optional.of(new Limit(5, Duration.ofHours(1))));

    static final String ALLOWED = "letsencrypt, off, or a list such as exact-set=5/P7D, registered-domain=50/P7D,"
            + " failed-validation=5/PT1H: numbers from 1 to 1000000, ISO 8601 durations from PT1M to P365D";


    /** @param count how many there may be at once; used up, they come back one by one within {@code period} */
    public record Limit(int count, Duration period) {

        public Limit {
            if (count < 1 || count > MOST || period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("out of range");
            }
        }

        private static Limit parse(String text) {
            String[] parts = text.split("/", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("not count/period");
            }
            try {
                return new Limit(Integer.parseInt(parts[0].strip()), Duration.parse(parts[1].strip()));
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException("not a duration", e);
            }
        }
    }

    /** Let's Encrypt's own limits for its production environment; its staging and other CAs count otherwise. */
    static AcmeLimits defaultOf(URI directory) {
        return "acme-v02.api.letsencrypt.org".equalsIgnoreCase(directory.getHost()) ? LETS_ENCRYPT : OFF;
    }

    /** @throws IllegalArgumentException if it is none of {@link #ALLOWED} */
    static AcmeLimits parse(String text) {
        return switch (text) {
            case "letsencrypt" -> LETS_ENCRYPT;
            case "off" -> OFF;
            default -> list(text);
        };
    }

    private static AcmeLimits list(String text) {
        Map<String, Limit> limits = new HashMap<>();
        for (String item : text.split(",", -1)) {
            String[] parts = item.split("=", -1);
            String name = parts[0].strip();
            if (parts.length != 2 || !NAMES.contains(name) || limits.put(name, Limit.parse(parts[1])) != null) {
                throw new IllegalArgumentException("not a limit, or twice");
            }
        }
        return new AcmeLimits(Optional.ofNullable(limits.get(EXACT_SET)),
                Optional.ofNullable(limits.get(REGISTERED_DOMAIN)), Optional.ofNullable(limits.get(FAILED_VALIDATION)));
    }

    /** Whether nothing is counted. */
    public boolean areOff() {
        return equals(OFF);
    }
}
