package certservice.acme;

import java.util.Arrays;
import java.util.Optional;

/**
 * Why a certificate is revoked: those of RFC 5280 section 5.3.1 that a subscriber may give (CA/Browser Forum Baseline
 * Requirements, section 4.9.1.1). The other ones are for the CA.
 */
public enum RevocationReason {

    UNSPECIFIED("unspecified", 0),

    /** Somebody else may have the private key. */
    KEY_COMPROMISE("keyCompromise", 1),

    /** What the certificate says about its owner has changed. */
    AFFILIATION_CHANGED("affiliationChanged", 3),

    /** There is a newer certificate for its names. */
    SUPERSEDED("superseded", 4),

    /** The names, or the service behind them, are given up. */
    CESSATION_OF_OPERATION("cessationOfOperation", 5);

    private final String rfcName;
    private final int code;

    RevocationReason(String rfcName, int code) {
        this.rfcName = rfcName;
        this.code = code;
    }

    /** The reason of that exact name, as RFC 5280 writes it. */
    public static Optional<RevocationReason> named(String name) {
        return Arrays.stream(values()).filter(reason -> reason.rfcName.equals(name)).findFirst();
    }

    /** {@code null}, none, for {@code unspecified}: the RFC wants no code then. */
    org.shredzone.acme4j.RevocationReason forAcme4j() {
        return this == UNSPECIFIED ? null : org.shredzone.acme4j.RevocationReason.code(code);
    }

    /** The name as RFC 5280 writes it, such as {@code keyCompromise}. */
    @Override
    public String toString() {
        return rfcName;
    }
}
