package certservice.order;

import java.util.Optional;

/**
 * What one order is finalized with.
 *
 * @param csr        PKCS#10, DER
 * @param publicKey  the CSR's, X.509 SubjectPublicKeyInfo, DER
 * @param privateKey PKCS#8, DER; empty if it stays with the caller. Never shown: {@link #toString} leaves it out
 */
public record KeyAndCsr(byte[] csr, byte[] publicKey, Optional<byte[]> privateKey) {

    @Override
    public String toString() {
        return "KeyAndCsr[hidden]";
    }
}
