package certservice.domain;

/** Which of the CA's two worlds a certificate comes from. Accounts, orders and certificates never cross over. */
public enum Environment {

    /** Untrusted certificates with generous limits, for trying things out. */
    STAGING,

    /** Certificates that the public trusts. */
    PRODUCTION;

    /** The environment that a request's field {@code staging} asks for. */
    public static Environment of(boolean staging) {
        return staging ? STAGING : PRODUCTION;
    }
}
