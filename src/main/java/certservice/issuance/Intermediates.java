package certservice.issuance;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

/** What a server has to send beside its own certificate. */
final class Intermediates {

    private Intermediates() {
    }

    /**
     * @param chain as the CA sent it, the leaf first
     * @return all of it but the leaf, in order, and without self-signed certificates: a client that doesn't have the
     *         root already gains nothing from it (RFC 8446 section 4.4.2)
     */
    static List<X509Certificate> of(List<X509Certificate> chain) {
        return chain.stream().skip(1).filter(certificate -> !isSelfSigned(certificate)).toList();
    }

    private static boolean isSelfSigned(X509Certificate certificate) {
        if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
