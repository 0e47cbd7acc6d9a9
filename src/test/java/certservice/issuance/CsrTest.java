package certservice.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.domain.DomainName;
import java.security.KeyPair;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.DefaultSignatureNameFinder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsrTest {

    private static final KeyPair KEY = KeyType.EC256.generate();

    @ParameterizedTest
    @CsvSource({"RSA2048, SHA256WITHRSA", "EC256, SHA256WITHECDSA", "EC384, SHA384WITHECDSA"})
    void isSignedByTheKeyThatItCarries(KeyType type, String algorithm) throws Exception {
        KeyPair key = type.generate();

        PKCS10CertificationRequest csr = read(Csr.of(key, names("example.com"), true));

        assertThat(csr.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key.getPublic()))).isTrue();
        assertThat(csr.getSubjectPublicKeyInfo().getEncoded()).isEqualTo(key.getPublic().getEncoded());
        assertThat(new DefaultSignatureNameFinder().getAlgorithmName(csr.getSignatureAlgorithm()))
                .isEqualTo(algorithm);
    }

    @Test
    void hasAllNamesInOrderAndNoOtherExtension() throws Exception {
        List<DomainName> names = names("www.example.com", "*.example.com", "example.com", "münchen.example");

        PKCS10CertificationRequest csr = read(Csr.of(KEY, names, true));

        Extensions extensions = Extensions.getInstance(csr.getAttributes(
                PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)[0].getAttrValues().getObjectAt(0));
        assertThat(extensions.getExtensionOIDs()).containsExactly(Extension.subjectAlternativeName);
        assertThat(GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName).getNames())
                .allMatch(name -> name.getTagNo() == GeneralName.dNSName)
                .extracting(name -> name.getName().toString())
                .containsExactly("www.example.com", "*.example.com", "example.com", "xn--mnchen-3ya.example");
    }

    @Test
    void hasTheFirstNameAsCommonNameIfAskedTo() throws Exception {
        List<DomainName> names = names("www.example.com", "example.com");

        assertThat(read(Csr.of(KEY, names, true)).getSubject()).hasToString("CN=www.example.com");
        assertThat(read(Csr.of(KEY, names, false)).getSubject().getRDNs()).isEmpty();
    }

    @Test
    void hasACommonNameOfAtMost64Characters() throws Exception {
        String longest = "a".repeat(52) + ".example.com";

        assertThat(read(Csr.of(KEY, names(longest), true)).getSubject()).hasToString("CN=" + longest);
        assertThat(read(Csr.of(KEY, names("a" + longest, "example.com"), true)).getSubject().getRDNs()).isEmpty();
    }

    private static List<DomainName> names(String... names) {
        return Stream.of(names).map(DomainName::of).toList();
    }

    private static PKCS10CertificationRequest read(byte[] der) throws Exception {
        return new PKCS10CertificationRequest(der);
    }
}
