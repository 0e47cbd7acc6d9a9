package certservice.challenge.rfc2136;

import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/**
 * Why a server did not do as told, in words for the caller: no server address, no key name, no secret.
 *
 * @param byPolicy whether the server refused for what the message would change (REFUSED), so that parts of the message
 *                 may still be allowed
 */
record Refused(String detail, String hint, boolean byPolicy) {

    private static final String CHECK_KEY = "Check the provider's keyName, keySecret and keyAlgorithm against the"
            + " server's key statement.";

    /** RFC 8945 section 5.2 and RFC 6895 section 2.3: what the server says of the signature. */
    private static final Map<Integer, Refused> BY_SIGNATURE = Map.of(
            Rcode.BADKEY, new Refused("The DNS server does not know the key (BADKEY)", CHECK_KEY, false),
            Rcode.BADSIG, new Refused("The DNS server found the signature wrong (BADSIG)", CHECK_KEY, false),
            Rcode.BADTIME, new Refused("The DNS server found the signature too old or too new (BADTIME)",
                    "Set the clocks of this server and of the DNS server: they may differ by 5 minutes.", false),
            Rcode.BADTRUNC, new Refused("The DNS server found the signature too short (BADTRUNC)",
                    "Don't let the server ask for a truncated or longer HMAC than keyAlgorithm makes.", false));

    private static final Refused SILENT = new Refused("The DNS server did not answer",
            "Check the provider's setting 'server', and that this service may connect to it over TCP.", false);
    private static final Refused UNSIGNED = new Refused("The DNS server's answer is not signed with the key",
            CHECK_KEY, false);

    /** RFC 2136 section 2.2: what the server says of the update. */
    private static final Map<Integer, String> HINTS = Map.of(
            Rcode.REFUSED, "Allow the key to change TXT records of this name (BIND: update-policy of the zone).",
            Rcode.NOTAUTH, "Point the provider's 'server' to the zone's primary server, or set the right 'zone'.",
            Rcode.NOTZONE, "Set the provider's 'zone' to the zone that holds the name.",
            Rcode.NXRRSET, "A record that the server demands is missing; look into the DNS server's log.",
            Rcode.NXDOMAIN, "A name that the server demands is missing; look into the DNS server's log.",
            Rcode.SERVFAIL, "Look into the DNS server's log; often it can't write the zone's file or journal.",
            Rcode.NOTIMP, "Switch dynamic updates on, or point the provider's 'server' to a server that has them.",
            Rcode.FORMERR, "Look into the DNS server's log; it could not read the update.");

    /** What is wrong with the answer to an update; empty if the update was done. */
    static Optional<Refused> by(Message answer, String zone) {
        Optional<Refused> bySignature = bySignature(answer);
        if (bySignature.isPresent() || answer.getRcode() == Rcode.NOERROR) {
            return bySignature;
        }
        String hint = HINTS.getOrDefault(answer.getRcode(), "Look into the DNS server's log.");
        return Optional.of(new Refused("The DNS server answered the update of zone " + zone + " with "
                + Rcode.string(answer.getRcode()), hint, answer.getRcode() == Rcode.REFUSED));
    }

    /**
     * What is wrong with the answer's signature; empty if there is nothing. A server that refuses a message may do so
     * unsigned (it may not have the key): an error without signature is taken as it is, since it can grant nothing.
     */
    static Optional<Refused> bySignature(Message answer) {
        if (answer == null) {
            return Optional.of(SILENT);
        }
        if (answer.getTSIG() != null && answer.getTSIG().getError() != Rcode.NOERROR) {
            int error = answer.getTSIG().getError();
            return Optional.of(BY_SIGNATURE.getOrDefault(error,
                    new Refused("The DNS server rejected the signature (" + Rcode.TSIGstring(error) + ")", CHECK_KEY,
                            false)));
        }
        boolean grants = answer.getRcode() == Rcode.NOERROR || answer.getRcode() == Rcode.NXDOMAIN;
        return grants && !answer.isVerified() ? Optional.of(UNSIGNED) : Optional.empty();
    }

    static Refused outside(String name, String zone) {
        return new Refused(name + " is not in the provider's zone " + zone,
                "Use another provider for this domain, or leave 'zone' out so that it is found.", false);
    }

    static Refused noZone(String name) {
        return new Refused("The provider's DNS server is not authoritative for " + name,
                "Use the provider that has the zone, or delegate: a CNAME from the name to one in the provider's zone.",
                false);
    }
}
