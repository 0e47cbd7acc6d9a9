package certservice.challenge;

import certservice.domain.DomainName;
import java.util.Objects;

/**
 * What the CA wants to see published for one identifier of an order.
 *
 * @param domain   the name as it was ordered; may be a wildcard
 * @param type     the challenge's type, such as {@code http-01} (RFC 8555 section 8)
 * @param provider which DNS provider publishes it; {@code null} for challenges that need none
 * @param token    the challenge's token (http-01: the last part of the path)
 * @param value    what must be seen: for http-01 the key authorization, for dns-01 the TXT value
 */
public record Proof(DomainName domain, String type, String provider, String token, String value) {

    public Proof {
        Objects.requireNonNull(domain);
        Objects.requireNonNull(type);
        Objects.requireNonNull(token);
        Objects.requireNonNull(value);
    }
}
