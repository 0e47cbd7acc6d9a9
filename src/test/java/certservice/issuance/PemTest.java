package certservice.issuance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.domain.DomainName;
import certservice.harness.PfxReaders;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PemTest {

    private static final String LINES = "([A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{1,64}={0,2}\n";
    private static final String CERTIFICATE =
            "-----BEGIN CERTIFICATE-----\n" + LINES + "-----END CERTIFICATE-----";

    private static final DomainName NAME = DomainName.of("example.com");

    @TempDir
    Path directory;

    private final TestCa ca = new TestCa();
    private final KeyPair key = KeyType.EC256.generate();
    private final List<X509Certificate> chain = ca.chain(key.getPublic(), "example.com");

    @Test
    void writesACertificateWithLinesOf64ColumnsAndNoBreakAtTheEnd() throws Exception {
        String pem = Pem.certificate(chain.get(0));

        assertThat(pem).matches(CERTIFICATE);
        assertThat(CertificateFactory.getInstance("X.509").generateCertificate(
                new ByteArrayInputStream(pem.getBytes(UTF_8)))).isEqualTo(chain.get(0));
    }

    @Test
    void writesTheIntermediatesInOrderWithoutLeafAndRoot() {
        List<X509Certificate> sent = new ArrayList<>(chain);
        sent.add(ca.root());

        assertThat(Pem.chain(sent)).matches(CERTIFICATE + "\n" + CERTIFICATE)
                .isEqualTo(Pem.certificate(chain.get(1)) + "\n" + Pem.certificate(chain.get(2)));
    }

    @Test
    void writesNothingForALeafWithoutIntermediates() {
        assertThat(Pem.chain(chain.subList(0, 1))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA2048", "EC256", "EC384"})
    void writesAPrivateKeyAsPkcs8(KeyType type) throws Exception {
        KeyPair pair = type.generate();

        String pem = Pem.privateKey(pair.getPrivate());

        assertThat(pem).matches("-----BEGIN PRIVATE KEY-----\n" + LINES + "-----END PRIVATE KEY-----");
        PKCS8EncodedKeySpec read = new PKCS8EncodedKeySpec(der(pem));
        assertThat(secret(KeyFactory.getInstance(pair.getPrivate().getAlgorithm()).generatePrivate(read)))
                .isEqualTo(secret(pair.getPrivate()));
    }

    /** Without it, GnuTLS can't read the key. */
    @Test
    void writesThePublicKeyIntoAnEcPrivateKey() throws Exception {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(der(Pem.privateKey(key.getPrivate())));

        assertThat(info.getPrivateKeyAlgorithm().getParameters()).isNotNull();
        byte[] point = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey())
                .getPublicKey().getOctets();
        assertThat(key.getPublic().getEncoded()).endsWith(point);
    }

    @Test
    void writesOneFileWithTheKeyFirstThenLeafAndChain() {
        String file = Pem.file(List.of(new IssuedCertificate(NAME, key.getPrivate(), chain)));

        assertThat(file).isEqualTo(Pem.privateKey(key.getPrivate()) + "\n" + Pem.certificate(chain.get(0)) + "\n"
                + Pem.chain(chain) + "\n");
    }

    @Test
    void leavesOutOfTheFileTheKeyThatStaysWithTheCallerAndTheRoot() {
        List<X509Certificate> sent = new ArrayList<>(chain);
        sent.add(ca.root());

        assertThat(Pem.file(List.of(new IssuedCertificate(NAME, null, sent))))
                .isEqualTo(Pem.certificate(chain.get(0)) + "\n" + Pem.chain(chain) + "\n");
    }

    @Test
    void writesSeveralCertificatesOneAfterTheOther() {
        IssuedCertificate first = new IssuedCertificate(NAME, key.getPrivate(), chain);
        IssuedCertificate leafOnly = new IssuedCertificate(NAME, key.getPrivate(), chain.subList(0, 1));

        assertThat(Pem.file(List.of(first, leafOnly)))
                .isEqualTo(Pem.file(List.of(first)) + Pem.file(List.of(leafOnly)));
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA2048", "EC256"})
    void writesAFileThatOpensslReads(KeyType type) throws Exception {
        assumeThat(PfxReaders.OPENSSL.missingCommand()).isEmpty();
        KeyPair pair = type.generate();
        Path file = directory.resolve("all.pem");
        Files.writeString(file, Pem.file(List.of(
                new IssuedCertificate(NAME, pair.getPrivate(), ca.chain(pair.getPublic(), "example.com")))));

        String publicKey = shell("openssl x509 -in all.pem -noout -pubkey");

        assertThat(publicKey).startsWith("-----BEGIN PUBLIC KEY-----")
                .isEqualTo(shell("openssl pkey -in all.pem -pubout"));
        assertThat(shell("openssl crl2pkcs7 -nocrl -certfile all.pem | openssl pkcs7 -print_certs -noout"
                + " | grep ^subject")).hasLineCount(3).startsWith("subject=CN = example.com");
    }

    private String shell(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command).directory(directory.toFile())
                .redirectErrorStream(true).start();
        try (InputStream out = process.getInputStream()) {
            String output = new String(out.readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            return output;
        }
    }

    private static BigInteger secret(PrivateKey key) {
        return key instanceof ECPrivateKey ec ? ec.getS() : ((RSAPrivateKey) key).getPrivateExponent();
    }

    private static byte[] der(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }
}
