package certservice.issuance;

import certservice.domain.DomainName;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate with its private key, on its way to the caller.
 *
 * @param name       the first of its names
 * @param privateKey {@code null} if it stays with the caller, who sent a CSR
 * @param chain      as the CA sent it, leaf first
 */
record IssuedCertificate(DomainName name, PrivateKey privateKey, List<X509Certificate> chain) {

    static boolean holdPrivateKeys(List<IssuedCertificate> certificates) {
        return certificates.stream().anyMatch(each -> each.privateKey() != null);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "IssuedCertificate[" + name + "]";
    }
}
