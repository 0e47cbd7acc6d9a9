package certservice.acme;

import java.net.URI;
import java.util.Map;

/** One sentence for each of the CA's error types (RFC 8555 section 6.7) on how to mend it. */
final class Hints {

    private static final String OPERATOR =
            "Tell the operator of this service, who finds the details in its log under the request's id";

    private static final Map<String, String> HINTS = Map.ofEntries(
            Map.entry("dns", "Check that the name exists in public DNS: an A or AAAA record for http-01, the"
                    + " _acme-challenge name (or its CNAME) for dns-01; and that DNSSEC, if used, is in order"),
            Map.entry("connection", "The CA could not connect to port 80 of the name's address: check A and AAAA"
                    + " records, firewall and that the proxy sends /.well-known/acme-challenge/ to this service"),
            Map.entry("unauthorized", "The CA saw something else than expected: for http-01 the proxy must send"
                    + " /.well-known/acme-challenge/ to this service; for dns-01 all name servers must show the TXT"
                    + " record"),
            Map.entry("incorrectResponse", "The CA saw something else than expected under the name: check that it"
                    + " leads to this service's proof and not to another one's"),
            Map.entry("tls", "The CA was redirected to HTTPS and the TLS handshake failed there: mend it, or don't"
                    + " redirect /.well-known/acme-challenge/"),
            Map.entry("caa", "The domain's CAA records forbid this CA or this way of validation: add a CAA record"
                    + " that allows it, such as 0 issue \"letsencrypt.org\", or remove them"),
            Map.entry("rejectedIdentifier", "The CA's policy excludes this name: ask for another one"),
            Map.entry("unsupportedIdentifier", "The CA issues no certificates for names of this kind"),
            Map.entry("rateLimited", "Wait as long as Retry-After says; repeated requests for the same names use up"
                    + " the CA's limits"),
            Map.entry("serverInternal", "The CA has a problem of its own: send the request again later"),
            Map.entry("invalidProfile", "Ask for a profile that the CA offers"),
            Map.entry("badRevocationReason", "Give another reason for the revocation, or none"));

    private Hints() {
    }

    /** @param name the last part of the error type, such as {@code dns} */
    static String forType(String name) {
        return HINTS.getOrDefault(name, OPERATOR);
    }

    /** The last part of an ACME error type. */
    static String name(URI type) {
        String text = type.toString();
        return text.substring(text.lastIndexOf(':') + 1);
    }
}
