package certservice.audit;

/** What was done, or was not let happen. The names are stored: none is ever renamed. */
public enum Action {
    /** A known API key was refused: disabled, expired, or not for these names. */
    REQUEST_REFUSED(Outcome.REFUSED),
    /** A request was taken: it has made an order, or shares one. */
    CERTIFICATE_REQUESTED,
    CERTIFICATE_ISSUED,
    /** A request ended without its certificates. */
    CERTIFICATE_FAILED(Outcome.FAILED),
    /** A private key has left the house. */
    PRIVATE_KEY_DELIVERED,
    CERTIFICATE_REVOKED,
    ORDER_CANCELLED,
    ORDER_RETRIED,
    KEY_CREATED,
    /** Its domains, its end, its label: what is neither of the following. */
    KEY_CHANGED,
    KEY_ENABLED,
    KEY_DISABLED,
    KEY_EXPIRED,
    /** The same key, with another secret. */
    KEY_ROTATED,
    KEY_DELETED,
    DOMAIN_CREATED,
    DOMAIN_CHANGED,
    DOMAIN_DELETED,
    DNS_PROVIDER_CREATED,
    DNS_PROVIDER_CHANGED,
    DNS_PROVIDER_DELETED,
    ACCOUNT_CONTACT_CHANGED,
    ACCOUNT_KEY_CHANGED,
    /** An import file has changed something; entries about what are right before this one. */
    CONFIGURATION_IMPORTED,
    /** So many keys that open nothing came from an address that more of them are answered with 429. */
    ADDRESS_REFUSED(Outcome.REFUSED),
    /** An address that was refused for guessing may guess again. */
    ADDRESS_FORGIVEN,
    ADMIN_LOGIN_FAILED(Outcome.REFUSED),
    SERVICE_STARTED,
    /** The chain did not end where it should have. */
    TAMPERING_FOUND(Outcome.FAILED);

    private final Outcome usual;

    Action() {
        this(Outcome.SUCCEEDED);
    }

    Action(Outcome usual) {
        this.usual = usual;
    }

    Outcome usual() {
        return usual;
    }
}
