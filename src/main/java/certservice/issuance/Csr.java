package certservice.issuance;

import certservice.domain.DomainName;
import java.io.IOException;
import java.security.KeyPair;
import java.security.interfaces.ECKey;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

/**
 * A certification request (PKCS#10, RFC 2986) as ACME wants it (RFC 8555 section 7.4): the names as
 * {@code subjectAltName}, and no other extension, since the profile decides about those.
 */
final class Csr {

    /** The upper bound of a common name (RFC 5280 appendix A, {@code ub-common-name}). */
    private static final int MAX_COMMON_NAME = 64;
    private static final int P256_BITS = 256;

    private Csr() {
    }

    /**
     * @param key        signs the request; its public half goes into the certificate
     * @param names      at least one, in the order that the certificate shall have
     * @param commonName whether the first name shall also be the subject's common name; one of more than 64 characters
     *                   never is, and the subject is then empty. Only the profile classic has common names.
     * @return the request, DER
     */
    static byte[] of(KeyPair key, List<DomainName> names, boolean commonName) {
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        String first = names.get(0).toString();
        if (commonName && first.length() <= MAX_COMMON_NAME) {
            subject.addRDN(BCStyle.CN, first);
        }
        try {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.subjectAlternativeName, false, alternativeNames(names));
            return new PKCS10CertificationRequestBuilder(subject.build(),
                    SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()))
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                    .build(signer(key))
                    .getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("The certification request can't be made", e);
        }
    }

    private static GeneralNames alternativeNames(List<DomainName> names) {
        return new GeneralNames(names.stream()
                .map(name -> new GeneralName(GeneralName.dNSName, name.toString()))
                .toArray(GeneralName[]::new));
    }

    private static ContentSigner signer(KeyPair key) throws OperatorCreationException {
        return new JcaContentSignerBuilder(signatureAlgorithm(key)).build(key.getPrivate());
    }

    private static String signatureAlgorithm(KeyPair key) {
        if (key.getPrivate() instanceof ECKey ec) {
            return ec.getParams().getCurve().getField().getFieldSize() > P256_BITS
                    ? "SHA384withECDSA" : "SHA256withECDSA";
        }
        return "SHA256withRSA";
    }

    /** The key that a request is for: X.509 SubjectPublicKeyInfo, DER. */
    static byte[] publicKey(byte[] request) {
        try {
            return new PKCS10CertificationRequest(request).getSubjectPublicKeyInfo().getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("A CSR that was read can't be read", e);
        }
    }
}
