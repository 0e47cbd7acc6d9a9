package certservice.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import certservice.domain.DomainName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.BERSequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.DLSequence;
import org.bouncycastle.asn1.DLSet;
import org.bouncycastle.asn1.DLTaggedObject;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerCsrTest {

    private static final KeyPair KEY = KeyType.EC256.generate();
    private static final X500Name NOBODY = new X500Name(new RDN[0]);

    /** Made by {@code openssl req}, with a common name, which is an alternative name too, and an organization. */
    private static final String BY_OPENSSL = """
            -----BEGIN CERTIFICATE REQUEST-----
            MIICvTCCAaUCAQAwPjELMAkGA1UEBhMCREUxFTATBgNVBAoMDEV4YW1wbGUgR21i
            SDEYMBYGA1UEAwwPd3d3LmV4YW1wbGUuY29tMIIBIjANBgkqhkiG9w0BAQEFAAOC
            AQ8AMIIBCgKCAQEAkse4tAbRTxKh9BVxmPhrgI/n7AAuERx5H4OspAfzFpVxyS7o
            tbdt222dMKckdasO3ofwyfj1t6IKgm9Ae7c0dn8I2Dyw/cf50XBSMghX8Utb26uJ
            9Z9pCUHX9rNKEMU8lBn/sLG42Q1DxsgnKTBxDYNA9hkLzc9L4O0alc8SBwVtRT6u
            RRRuRMznRVJgZxcmI7bNCDjZkG1F1/VU/OK3hcZwKHazMr/As4Z67b3D+WzXRfPI
            AU5cCgkZy6UpZ5u46gyvgmYBFdpGY8gXeduxCzcbZx3Ba02h78WJ/4oiHiL6Uns9
            rBRDNUVdF/alDMkhy13WLwvlXO1uE5IMZYVSpwIDAQABoDowOAYJKoZIhvcNAQkO
            MSswKTAnBgNVHREEIDAegg93d3cuZXhhbXBsZS5jb22CC2V4YW1wbGUuY29tMA0G
            CSqGSIb3DQEBCwUAA4IBAQBsfd+5qIA20lNCp9cDU6EDCqAm0kgS1YqgQqi4m90c
            /LA9yD/appbabh38QDVKC9LtKfAcxY5LkPjdjpHzrjCNACTI7KOlYj82TIC2+w0m
            Wkf+V2Trq22Br5g6rCqKQoGDZsUsJY7k8qZTY1ux8LDw2L1Ld9tI5ZW0PqK/YlhG
            +ZxSMc8Ess3peOnPsaBVkwIrW3qbqTOL19mSQzCQr2tO/omRnHmytXr8CdycV/VJ
            1MzKkpjnrSo/Gw9O+KEKbTtJbJo14bjlvILnxlKeo9rozm8A+gc1xZ9/eyL23+a8
            stdvWCX7RG4qJq0a0yaTy13HEZxQwzV1oizRHKfC13lO
            -----END CERTIFICATE REQUEST-----
            """;

    @ParameterizedTest
    @EnumSource
    void readsWhatWeMakeOurselves(KeyType type) {
        byte[] der = Csr.of(type.generate(), names("example.com", "*.example.com"), true);

        CallerCsr csr = CallerCsr.of(pem(der), names("www.example.com", "*.example.com", "example.com"));

        assertThat(csr.der()).isEqualTo(der);
        assertThat(csr.names()).isEqualTo(names("*.example.com", "example.com"));
        assertThat(csr.keyType()).isEqualTo(type);
        assertThat(csr.fingerprint()).matches("[0-9a-f]{64}");
    }

    @Test
    void readsWhatOpensslMakes() {
        CallerCsr csr = CallerCsr.of(BY_OPENSSL, names("www.example.com", "example.com"));

        assertThat(csr.names()).isEqualTo(names("www.example.com", "example.com"));
        assertThat(csr.keyType()).isEqualTo(KeyType.RSA2048);
        assertThat(csr.fingerprint()).isEqualTo("cc96789ded541e5b0438e711ca598b8bbb82315f9043f1fd525389793bf5c1df");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "\n\n %s \t\n", "%s\r\n"})
    void readsPemHoweverItsLinesEnd(String around) {
        String pem = pem(Csr.of(KEY, names("example.com"), false));

        assertReadable(around.formatted(pem));
        assertReadable(around.formatted(pem).replace("\n", "\r\n"));
        assertReadable(around.formatted(pem).replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"));
    }

    @Test
    void takesTheCommonNameForANameToo() throws Exception {
        CallerCsr csr = CallerCsr.of(pem(csr(new X500Name("CN=Example.com,O=Example"), null)), names("example.com"));

        assertThat(csr.names()).isEqualTo(names("example.com"));
    }

    @Test
    void ignoresOtherExtensionsAndAttributes() throws Exception {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyAgreement));
        extensions.addExtension(Extension.subjectAlternativeName, false, dns("example.com"));

        assertReadable(pem(builder(NOBODY, KEY).addAttribute(PKCSObjectIdentifiers.pkcs_9_at_challengePassword,
                        new DERPrintableString("secret"))
                .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                .build(signer("SHA512withECDSA", KEY)).getEncoded()));
    }

    /** DER sorts a SET; clients exist that don't, and the CA doesn't look. */
    @Test
    void readsAttributesInAnyOrder() throws Exception {
        Attribute names = new Attribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new DERSet(
                new Extensions(new Extension(Extension.subjectAlternativeName, false,
                        dns("example.com").getEncoded()))));
        Attribute challenge = new Attribute(PKCSObjectIdentifiers.pkcs_9_at_challengePassword,
                new DERSet(new DERPrintableString("x")));

        assertReadable(pem(signed(names, challenge)));
        assertReadable(pem(signed(challenge, names)));
    }

    @ParameterizedTest
    @CsvSource({"SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA"})
    void acceptsEverySha2(String algorithm) throws Exception {
        assertReadable(pem(csr(NOBODY, dns("example.com"), KEY, algorithm)));
    }

    static Stream<Arguments> badTexts() throws Exception {
        String good = pem(Csr.of(KEY, names("example.com"), false));
        byte[] der = Csr.of(KEY, names("example.com"), false);
        return Stream.of(
                Arguments.of("", "is not in PEM"),
                Arguments.of("x", "is not in PEM"),
                Arguments.of(good.replaceAll("-----[A-Z ]+-----", ""), "is not in PEM"),
                Arguments.of(good.replace("BEGIN CERTIFICATE", "BEGIN NEW CERTIFICATE"), "is not in PEM"),
                Arguments.of(good.replace("CERTIFICATE REQUEST", "CERTIFICATE"), "is not in PEM"),
                Arguments.of(good.replace("CERTIFICATE REQUEST", "PRIVATE KEY"), "is not in PEM"),
                Arguments.of("Certificate Request:\n" + good, "is not in PEM"),
                Arguments.of(good + "x", "is not in PEM"),
                Arguments.of(good.replace("-----BEGIN", "----BEGIN"), "is not in PEM"),
                Arguments.of(good.replaceFirst("\n", "\n_"), "is not in PEM"),
                Arguments.of(good.replaceFirst("\n", "\n="), "is not Base64"),
                Arguments.of(good + good, "is more than one PEM block"),
                Arguments.of(good + "-----BEGIN PRIVATE KEY-----", "is more than one PEM block"),
                Arguments.of(good + " ".repeat(CallerCsr.MAX_TEXT), "is larger than 16 KiB"),
                Arguments.of(pem(new byte[0]), "is not a PKCS#10"),
                Arguments.of(pem(new byte[] {0}), "is not a PKCS#10"),
                Arguments.of(pem(KEY.getPublic().getEncoded()), "is not a PKCS#10"),
                Arguments.of(pem(Arrays.copyOf(der, der.length - 1)), "is not a PKCS#10"),
                Arguments.of(pem(Arrays.copyOf(der, der.length + 1)), "is not a PKCS#10"),
                Arguments.of(pem(new BERSequence(elements(der)).getEncoded()), "is not a PKCS#10"),
                Arguments.of(pem(nested(0x30)), "is not a PKCS#10"),
                Arguments.of(pem(nested(0x31)), "is not a PKCS#10"),
                Arguments.of(pem(nested(0xa0)), "is not a PKCS#10"));
    }

    @ParameterizedTest
    @MethodSource("badTexts")
    void saysWhatIsWrongWithTheText(String text, String message) {
        assertRefused(text, message);
    }

    static Stream<Arguments> badNames() throws Exception {
        X500Name named = new X500Name("CN=example.com");
        return Stream.of(
                Arguments.of(csr(NOBODY, null), "holds no name"),
                Arguments.of(csr(new X500Name("O=example.com"), null), "holds no name"),
                Arguments.of(csr(NOBODY, dns("example.com", "evil.org")), "is for 'evil.org', which is not among"),
                Arguments.of(csr(new X500Name("CN=evil.org"), dns("example.com")), "is for 'evil.org'"),
                Arguments.of(csr(NOBODY, dns("www.example.com")), "is for 'www.example.com'"),
                Arguments.of(csr(NOBODY, dns("*.example.com")), "is for '*.example.com'"),
                Arguments.of(csr(new X500Name("CN=Example GmbH"), dns("example.com")),
                        "holds a wrong common name: 'Example GmbH' is not a valid DNS name"),
                Arguments.of(csr(new X500NameBuilder().addRDN(BCStyle.CN, new DERUTF8String("e\u0000.com")).build(),
                        null), "holds a wrong common name: 'e\\u{0}.com' is not"),
                Arguments.of(csr(new X500NameBuilder().addRDN(BCStyle.CN, "example.com")
                        .addRDN(BCStyle.CN, "example.com").build(), null), "has more than one common name"),
                Arguments.of(csr(new X500NameBuilder().addRDN(BCStyle.CN, new ASN1Integer(1)).build(), null),
                        "is not a PKCS#10"),
                Arguments.of(csr(NOBODY, dns("example")), "holds a wrong subjectAltName: 'example' is not a valid"),
                Arguments.of(csr(NOBODY, dns("")), "holds a wrong subjectAltName: '' is not a valid"),
                Arguments.of(csr(NOBODY, dns("192.0.2.1")), "as in an IP address"),
                Arguments.of(csr(NOBODY, dns("example.com.")),
                        "holds a wrong subjectAltName: 'example.com.' must be written as 'example.com'"),
                Arguments.of(csr(NOBODY, dns(" example.com")), "must be written as 'example.com'"),
                Arguments.of(csr(named, dns("m\u00fcnchen.example")), "must be written as 'xn--mnchen-3ya.example'"),
                Arguments.of(csr(named, new GeneralNames(new GeneralName(GeneralName.iPAddress, "192.0.2.1"))),
                        "holds a subjectAltName that is not a DNS name"),
                Arguments.of(csr(named, new GeneralNames(new GeneralName(GeneralName.rfc822Name, "a@example.com"))),
                        "holds a subjectAltName that is not a DNS name"),
                Arguments.of(csr(named, new GeneralNames(
                                new GeneralName(GeneralName.uniformResourceIdentifier, "https://example.com"))),
                        "holds a subjectAltName that is not a DNS name"),
                Arguments.of(signed(extensionRequest("example.com"), extensionRequest("www.example.com")),
                        "has more than one subjectAltName extension"));
    }

    @ParameterizedTest
    @MethodSource("badNames")
    void saysWhatIsWrongWithTheNames(byte[] csr, String message) {
        assertRefused(pem(csr), message);
    }

    static Stream<Arguments> badKeys() throws Exception {
        return Stream.of(
                Arguments.of(rsa(1024, 65_537), "is for an RSA key of 1024 bits; it must be for one of RSA2048,"),
                Arguments.of(rsa(2056, 65_537), "is for an RSA key of 2056 bits"),
                Arguments.of(rsa(2048, 3), "is for an RSA key with another exponent than 65537"),
                Arguments.of(ec("secp521r1"), "is for an EC key on another curve"),
                Arguments.of(generated("DSA", 2048), "is for another kind of key"),
                Arguments.of(generated("Ed25519", 255), "is for another kind of key"),
                Arguments.of(generated("RSASSA-PSS", 2048), "is for another kind of key"),
                Arguments.of(fromWeakChip(), "is for a weak RSA2048 key: the chip that made it has the fault ROCA"),
                Arguments.of(withClosePrimes(), "is for a weak RSA2048 key: its two primes are too close"));
    }

    @ParameterizedTest
    @MethodSource("badKeys")
    void refusesKeysThatTheCaWouldRefuse(KeyPair key, String message) throws Exception {
        String algorithm = switch (key.getPrivate().getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "DSA" -> "SHA256withDSA";
            case "RSA" -> "SHA256withRSA";
            case "RSASSA-PSS" -> "SHA256withRSAandMGF1";
            default -> "Ed25519";
        };

        assertRefused(pem(csr(NOBODY, dns("example.com"), key, algorithm)), message);
    }

    @Test
    void refusesKeysThatAreNone() throws Exception {
        SubjectPublicKeyInfo curve = SubjectPublicKeyInfo.getInstance(KEY.getPublic().getEncoded());
        byte[] point = curve.getPublicKeyData().getBytes();
        point[point.length - 1] ^= 1;
        BigInteger prime = BigInteger.probablePrime(2048, new Random(1));
        AlgorithmIdentifier rsa = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption);

        assertRefused(withKey(new SubjectPublicKeyInfo(curve.getAlgorithm(), point)),
                "is for a weak EC256 key: it is not a valid public key");
        assertRefused(withKey(new SubjectPublicKeyInfo(curve.getAlgorithm(), new byte[] {0})),
                "is for a weak EC256 key: it is not a valid public key");
        assertRefused(withKey(new SubjectPublicKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey),
                point)), "is for an EC key on another curve");
        assertRefused(withKey(new SubjectPublicKeyInfo(rsa, new RSAPublicKey(prime,
                BigInteger.valueOf(65_537)))), "is for a weak RSA2048 key: it is not a valid public key");
        assertRefused(withKey(new SubjectPublicKeyInfo(rsa, new RSAPublicKey(
                BigInteger.ONE.shiftLeft(2047).add(BigInteger.valueOf(2)), BigInteger.valueOf(65_537)))),
                "is for a weak RSA2048 key: it is not a valid public key");
        assertRefused(withKey(new SubjectPublicKeyInfo(rsa, new byte[] {1, 2, 3})),
                "is for an RSA key that can't be read");
    }

    @Test
    void refusesWhatAnotherKeySigned() throws Exception {
        byte[] csr = builder(NOBODY, KEY).build(signer("SHA256withECDSA", KeyType.EC256.generate())).getEncoded();

        assertRefused(pem(csr), "is not signed with the private key that belongs to its public key");
    }

    @Test
    void refusesWhatWasChangedAfterItWasSigned() {
        byte[] csr = Csr.of(KEY, names("exbmple.com"), false);
        for (int i = 0; i < csr.length; i++) {
            if (csr[i] == 'b' && csr[i - 1] == 'x') {
                csr[i] = 'a';
            }
        }

        assertRefused(pem(csr), "is not signed with the private key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA1withECDSA", "SHA224withECDSA", "SHA3-256withECDSA"})
    void refusesOtherDigestsThanSha2(String algorithm) throws Exception {
        assertRefused(pem(csr(NOBODY, dns("example.com"), KEY, algorithm)), "must be signed with");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MD5withRSA", "SHA1withRSA", "SHA256withRSAandMGF1"})
    void refusesOldAndUnusualSignaturesByRsa(String algorithm) throws Exception {
        assertRefused(pem(csr(NOBODY, dns("example.com"), rsa(2048, 65_537), algorithm)), "must be signed with");
    }

    /** Random edits, the same in every run; whatever they do, the caller gets one of our sentences. */
    @Test
    void failsOnMutatedBytesInOurWordsOnly() {
        Random random = new Random(20_260_102);
        byte[] seed = Csr.of(KEY, names("example.com", "www.example.com"), true);
        for (int round = 0; round < 5_000; round++) {
            byte[] csr = seed.clone();
            for (int edits = random.nextInt(4); edits >= 0; edits--) {
                csr[random.nextInt(csr.length)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(10) == 0) {
                csr = Arrays.copyOf(csr, random.nextInt(csr.length));
            }
            byte[] mutated = csr;
            Throwable thrown = catchThrowable(() -> CallerCsr.of(pem(mutated), names("example.com")));
            if (!Arrays.equals(mutated, seed)) {
                assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
                assertThat(thrown.getMessage()).matches("(is|must be|holds|has) .{5,300}")
                        .doesNotContain("java", "bouncy", "asn1").doesNotContainPattern("[\\p{Cc}\\p{Cs}]");
            }
        }
    }

    @Test
    void isQuickEvenForTheLargestKeys() throws Exception {
        String good = pem(Csr.of(KeyType.RSA4096.generate(), names("example.com"), false));
        SubjectPublicKeyInfo composite = new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption),
                new RSAPublicKey(new BigInteger(4096, new Random(2)).setBit(4095).setBit(0),
                        BigInteger.valueOf(65_537)));
        String odd = withKey(composite);
        assertReadable(good);

        assertTimeout(Duration.ofSeconds(2), () -> assertReadable(good));
        assertTimeout(Duration.ofSeconds(2), () -> assertThatThrownBy(() -> CallerCsr.of(odd, names("example.com")))
                .isInstanceOf(IllegalArgumentException.class));
    }

    private static void assertReadable(String pem) {
        assertThat(CallerCsr.of(pem, names("example.com", "www.example.com")).names()).isEqualTo(names("example.com"));
    }

    private static void assertRefused(String pem, String message) {
        assertThatThrownBy(() -> CallerCsr.of(pem, names("example.com", "xn--mnchen-3ya.example")))
                .isExactlyInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    private static List<DomainName> names(String... names) {
        return Arrays.stream(names).map(DomainName::of).toList();
    }

    private static String pem(byte[] der) {
        return "-----BEGIN CERTIFICATE REQUEST-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END CERTIFICATE REQUEST-----\n";
    }

    private static GeneralNames dns(String... names) {
        return new GeneralNames(Arrays.stream(names).map(name -> new GeneralName(GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static PKCS10CertificationRequestBuilder builder(X500Name subject, KeyPair key) {
        return new PKCS10CertificationRequestBuilder(subject,
                SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()));
    }

    private static ContentSigner signer(String algorithm, KeyPair key)
            throws OperatorCreationException {
        JcaContentSignerBuilder builder = new JcaContentSignerBuilder(algorithm);
        return (algorithm.endsWith("MGF1") ? builder.setProvider(new BouncyCastleProvider()) : builder)
                .build(key.getPrivate());
    }

    private static byte[] csr(X500Name subject, GeneralNames names) throws Exception {
        return csr(subject, names, KEY, "SHA256withECDSA");
    }

    private static byte[] csr(X500Name subject, GeneralNames names, KeyPair key, String algorithm) throws Exception {
        PKCS10CertificationRequestBuilder builder = builder(subject, key);
        if (names != null) {
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
                    new Extensions(new Extension(Extension.subjectAlternativeName, false, names.getEncoded())));
        }
        return builder.build(signer(algorithm, key)).getEncoded();
    }

    private static Attribute extensionRequest(String name) throws IOException {
        return new Attribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new DERSet(new Extensions(
                new Extension(Extension.subjectAlternativeName, false, dns(name).getEncoded()))));
    }

    /** By hand, since BouncyCastle's builder sorts the attributes. */
    private static byte[] signed(Attribute... attributes) throws IOException, GeneralSecurityException {
        return signed(SubjectPublicKeyInfo.getInstance(KEY.getPublic().getEncoded()), attributes);
    }

    private static byte[] signed(SubjectPublicKeyInfo key, Attribute... attributes)
            throws IOException, GeneralSecurityException {
        DLSequence info = new DLSequence(new ASN1Encodable[] {new ASN1Integer(0), NOBODY, key,
                new DLTaggedObject(false, 0, new DLSet(attributes))});
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(KEY.getPrivate());
        signature.update(info.getEncoded(ASN1Encoding.DL));
        return new DLSequence(new ASN1Encodable[] {info,
                new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256), new DERBitString(signature.sign())})
                .getEncoded(ASN1Encoding.DL);
    }

    private static String withKey(SubjectPublicKeyInfo key) throws IOException, GeneralSecurityException {
        return pem(signed(key, extensionRequest("example.com")));
    }

    private static ASN1EncodableVector elements(byte[] sequence) {
        ASN1EncodableVector all = new ASN1EncodableVector();
        DERSequence.getInstance(sequence).forEach(all::add);
        return all;
    }

    /** As deep as 11 KiB allow. */
    private static byte[] nested(int tag) {
        byte[] all = new byte[0];
        while (all.length < 11_000) {
            ByteArrayOutputStream outer = new ByteArrayOutputStream();
            outer.write(tag);
            if (all.length < 0x80) {
                outer.write(all.length);
            } else {
                outer.write(0x82);
                outer.write(all.length >> 8);
                outer.write(all.length);
            }
            outer.writeBytes(all);
            all = outer.toByteArray();
        }
        return all;
    }

    private static KeyPair rsa(int bits, int exponent) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(new RSAKeyGenParameterSpec(bits, BigInteger.valueOf(exponent)));
        return generator.generateKeyPair();
    }

    private static KeyPair ec(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static KeyPair generated(String algorithm, int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    /** As Nemec and others found them to be made: k * M + (65537^a mod M), M the product of the smallest primes. */
    private static KeyPair fromWeakChip() throws GeneralSecurityException {
        BigInteger product = BigInteger.ONE;
        for (int prime = 2; prime <= 701; prime++) {
            if (BigInteger.valueOf(prime).isProbablePrime(50)) {
                product = product.multiply(BigInteger.valueOf(prime));
            }
        }
        Random random = new Random(20_171_015);
        return fromPrimes(weakPrime(product, random), weakPrime(product, random));
    }

    private static BigInteger weakPrime(BigInteger product, Random random) {
        BigInteger offset = BigInteger.valueOf(65_537).modPow(new BigInteger(64, random), product);
        while (true) {
            BigInteger prime = new BigInteger(1024 - product.bitLength(), random).setBit(1024 - product.bitLength())
                    .multiply(product).add(offset);
            if (prime.bitLength() == 1024 && prime.testBit(1022) && prime.isProbablePrime(50)) {
                return prime;
            }
        }
    }

    private static KeyPair withClosePrimes() throws GeneralSecurityException {
        BigInteger prime = BigInteger.probablePrime(1024, new Random(3)).setBit(1022).nextProbablePrime();
        return fromPrimes(prime, prime.nextProbablePrime());
    }

    private static KeyPair fromPrimes(BigInteger p, BigInteger q) throws GeneralSecurityException {
        BigInteger exponent = BigInteger.valueOf(65_537);
        BigInteger modulus = p.multiply(q);
        BigInteger totient = p.subtract(BigInteger.ONE).multiply(q.subtract(BigInteger.ONE));
        KeyFactory factory = KeyFactory.getInstance("RSA");
        return new KeyPair(factory.generatePublic(new RSAPublicKeySpec(modulus, exponent)),
                factory.generatePrivate(new RSAPrivateKeySpec(modulus, exponent.modInverse(totient))));
    }
}
