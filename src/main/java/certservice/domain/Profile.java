package certservice.domain;

import java.util.Arrays;
import java.util.Optional;

/**
 * The kind of certificate that the CA is asked for (draft-ietf-acme-profiles), with the number of names that Let's
 * Encrypt puts into one such certificate.
 *
 * @see <a href="https://letsencrypt.org/docs/profiles/">Let's Encrypt: Profiles</a>
 */
public enum Profile {

    /** 90 days; what one gets without asking. */
    CLASSIC("classic", 100),

    /** 45 to 90 days, without common name and client authentication: what the CA recommends to most servers. */
    TLSSERVER("tlsserver", 25),

    /** About six days, so that it needs no revocation. */
    SHORTLIVED("shortlived", 25);

    private final String acmeName;
    private final int maxNames;

    Profile(String acmeName, int maxNames) {
        this.acmeName = acmeName;
        this.maxNames = maxNames;
    }

    /** The profile of that exact name, as requests and the ACME protocol write it. */
    public static Optional<Profile> named(String name) {
        return Arrays.stream(values()).filter(profile -> profile.acmeName.equals(name)).findFirst();
    }

    /** How many names one certificate can carry. */
    public int maxNames() {
        return maxNames;
    }

    /** The name as requests and the ACME protocol write it, such as {@code tlsserver}. */
    @Override
    public String toString() {
        return acmeName;
    }
}
