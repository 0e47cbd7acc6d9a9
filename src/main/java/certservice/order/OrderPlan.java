package certservice.order;

import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.NameToProve;
import certservice.domain.Profile;
import java.util.List;
import java.util.concurrent.Future;

/**
 * One certificate that is to be ordered.
 *
 * @param requestId of the caller's request, for the log
 * @param apiKeyId  whose certificate it is
 * @param keyType   of the private key, for the record
 * @param toProve   the names, in the certificate's order, and how each is proven
 * @param csr       PKCS#10, DER; needed not before the order is ready, so the key can be made meanwhile
 */
public record OrderPlan(String requestId, String apiKeyId, Environment environment, Profile profile, String keyType,
                        List<NameToProve> toProve, Future<byte[]> csr) {

    public OrderPlan {
        toProve = List.copyOf(toProve);
    }

    /** The names, in the certificate's order. */
    public List<DomainName> names() {
        return toProve.stream().map(NameToProve::name).toList();
    }
}
