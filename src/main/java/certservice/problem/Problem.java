package certservice.problem;

import java.util.Objects;

/**
 * Why one domain got no certificate, as a caller sees it in {@code problems}.
 *
 * @param domain the normalized name, or {@code null} if the problem is not about one domain
 * @param type   the ACME problem type (RFC 8555 section 6.7), or one of ours, {@code urn:certservice:error:…}
 * @param detail what the CA or the DNS server said; for people
 * @param hint   one sentence on how to mend it
 */
public record Problem(String domain, String type, String detail, String hint) {

    private static final String ACME = "urn:ietf:params:acme:error:";
    private static final String OWN = "urn:certservice:error:";

    public Problem {
        Objects.requireNonNull(type);
        Objects.requireNonNull(detail);
        Objects.requireNonNull(hint);
    }

    /** A problem that the CA named; {@code name} is the last part of its type, such as {@code dns}. */
    public static Problem acme(String domain, String name, String detail, String hint) {
        return new Problem(domain, ACME + name, detail, hint);
    }

    /** A problem that this service found itself; {@code name} is in lower camel case like ACME's. */
    public static Problem own(String domain, String name, String detail, String hint) {
        return new Problem(domain, OWN + name, detail, hint);
    }
}
