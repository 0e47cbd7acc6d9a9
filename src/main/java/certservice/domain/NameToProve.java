package certservice.domain;

import java.util.Objects;
import java.util.Optional;

/**
 * One name of a certificate that is to be ordered, and how it is proven to the CA. It stands on its own, so that an
 * order goes its way to the end whatever becomes of the {@link Domain} that permitted the name.
 *
 * @param name      as it is ordered; may be a wildcard
 * @param challenge the ACME challenge type, such as {@code dns-01}
 * @param provider  which DNS provider publishes the proof; empty for challenges that need none
 */
public record NameToProve(DomainName name, String challenge, Optional<String> provider) {

    public NameToProve {
        Objects.requireNonNull(name);
        Objects.requireNonNull(challenge);
        Objects.requireNonNull(provider);
    }

    /** Whether the challenge can prove the name at all: wildcards are for DNS alone (RFC 8555 section 7.1.3). */
    public boolean canBeProven() {
        return !name.isWildcard() || challenge.startsWith("dns-");
    }
}
