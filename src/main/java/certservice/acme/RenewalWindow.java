package certservice.acme;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.toolbox.AcmeUtils;

/**
 * From when to when a certificate should be renewed (RFC 9773 section 4.2). Everybody takes a random moment in it, so
 * that the CA's load is spread.
 *
 * @param end after the start
 */
public record RenewalWindow(Instant start, Instant end) {

    private static final Duration SHORT_LIFE = Duration.ofDays(10);

    public RenewalWindow {
        if (!end.isAfter(start)) {
            throw new IllegalArgumentException("A renewal window from " + start + " to " + end);
        }
    }

    /**
     * The window where the CA names none: around two thirds of the certificate's life, or half of it if that is shorter
     * than 10 days, so that there is time for some attempts; as wide as a fiftieth of the life.
     */
    public static RenewalWindow byLifeOf(X509Certificate leaf) {
        return byLife(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
    }

    static RenewalWindow byLife(Instant begin, Instant end) {
        Duration life = Duration.between(begin, end);
        Instant middle = begin.plus(life.compareTo(SHORT_LIFE) < 0
                ? life.dividedBy(2) : life.multipliedBy(2).dividedBy(3));
        Duration half = life.dividedBy(100);
        return new RenewalWindow(middle.minus(half), middle.plus(half));
    }

    /** A moment in the window, each with the same probability; it may be past. */
    public Instant randomMoment(RandomGenerator random) {
        return start.plusMillis(random.nextLong(Duration.between(start, end).toMillis() + 1));
    }

    /** How ARI names the certificate (RFC 9773 section 4.1); empty if it lacks the extension that this needs. */
    static Optional<String> certificateId(X509Certificate leaf) {
        try {
            return Optional.of(AcmeUtils.getRenewalUniqueIdentifier(leaf));
        } catch (AcmeProtocolException noAuthorityKeyIdentifier) {
            return Optional.empty();
        }
    }
}
