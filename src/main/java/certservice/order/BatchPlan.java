package certservice.order;

import certservice.audit.Origin;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.NameToProve;
import certservice.domain.Profile;
import certservice.settings.SealingKey;
import java.util.List;
import java.util.Optional;

/**
 * What one request of a caller asks for: one or several certificates, all or none of them.
 *
 * @param origin       of the caller's request
 * @param apiKeyId     whose certificates they are
 * @param callerKey    seals the private keys; only the caller brings it
 * @param endpoint     which one was called; a result is for the same one
 * @param keyType      of the private keys, for the record
 * @param certificates for each its names, in the certificate's order, and how they are proven
 * @param fingerprint  what two requests for the same have in common: 64 hexadecimal digits
 * @param reuse        whether a stored certificate will do, and this one shall be stored
 * @param options      how the result shall be written when it is fetched later; sealed, and empty if it is delivered at
 *                     once
 */
public record BatchPlan(Origin origin, String apiKeyId, SealingKey callerKey, String endpoint,
                        Environment environment, Profile profile, String keyType,
                        List<List<NameToProve>> certificates, String fingerprint, boolean reuse,
                        Optional<Idempotency> idempotency, Optional<byte[]> options) {

    public BatchPlan {
        certificates = certificates.stream().map(List::copyOf).toList();
    }

    String requestId() {
        return origin.requestId();
    }

    /** Whether the result stays after its delivery. */
    boolean isKept() {
        return reuse || idempotency.isPresent();
    }

    /** Whether a batch that it joins must know of it; so it can't just share what another request has entered. */
    boolean changesWhatItJoins() {
        return isKept() || options.isPresent();
    }

    /** What no two batches have at the same time as long as one of them is neither delivered nor failed. */
    String claim() {
        return claim(apiKeyId, fingerprint);
    }

    static String claim(String apiKeyId, String fingerprint) {
        return apiKeyId + ":" + fingerprint;
    }

    /** The names of each certificate. */
    public List<List<DomainName>> names() {
        return certificates.stream()
                .map(names -> names.stream().map(NameToProve::name).toList()).toList();
    }
}
