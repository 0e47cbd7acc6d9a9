package certservice.admin;

import java.time.Instant;
import java.util.List;

/**
 * A domain as administrators see it.
 *
 * @param subdomains        whether an association permits everything below it too
 * @param challenge         the ACME challenge type that proves it
 * @param provider          the DNS provider that publishes the proofs, or {@code null}
 * @param keys              the labels of the keys that are associated with it, sorted
 * @param lastValidated     when the CA accepted a proof for it or a name below it last, or {@code null}
 * @param lastFailed        when the CA refused one last, or {@code null}
 * @param lastFailure       what the CA said then, or {@code null}
 * @param version           changes with each change of the domain
 */
public record DomainDetails(String name, boolean subdomains, String challenge, String provider, List<String> keys,
                            Instant lastValidated, Instant lastFailed, String lastFailure, long version) {
}
