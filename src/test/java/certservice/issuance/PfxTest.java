package certservice.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.PfxReaders;
import certservice.harness.PfxReaders.Contents;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedData;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCS12PBEParams;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.SafeBag;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.pkcs.PKCS12PfxPdu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnJre;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PfxTest {

    private static final String DOMAIN = "example.com";
    private static final String FRIENDLY_NAME = "Exämple GmbH €";
    private static final String NOT_ASCII = "pässwörd€😀";
    private static final Set<PfxReaders> JAVAS = Set.of(PfxReaders.JAVA, PfxReaders.KEYTOOL);
    private static final TestCa CA = new TestCa();
    private static final Map<KeyType, KeyPair> KEYS = new EnumMap<>(Map.of(
            KeyType.RSA2048, KeyType.RSA2048.generate(),
            KeyType.EC256, KeyType.EC256.generate(),
            KeyType.EC384, KeyType.EC384.generate()));
    private static final Map<KeyType, List<X509Certificate>> CHAINS = new EnumMap<>(KeyType.class);

    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("everyReaderKeyEncryptionAndPortablePassword")
    void opensInEveryReader(PfxReaders reader, KeyType type, Encryption encryption, String password) {
        assertOpens(reader, type, encryption, password);
    }

    static Stream<Arguments> everyReaderKeyEncryptionAndPortablePassword() {
        return Arrays.stream(PfxReaders.values()).flatMap(reader ->
                Stream.of(KeyType.RSA2048, KeyType.EC384).flatMap(type ->
                        Arrays.stream(Encryption.values()).flatMap(encryption ->
                                Stream.of("", "Correct horse, 'battery' $taple!")
                                        .map(password -> Arguments.of(reader, type, encryption, password)))));
    }

    @ParameterizedTest
    @EnumSource
    void opensWithTheLongestPortablePassword(PfxReaders reader) {
        String longest = "x".repeat(128);

        assertThat(Pfx.isPortable(longest)).isTrue();
        assertOpens(reader, KeyType.RSA2048, Encryption.MODERN, longest);
        assertOpens(reader, KeyType.RSA2048, Encryption.COMPATIBLE, longest);
    }

    @ParameterizedTest
    @MethodSource("otherReadersThanJava")
    void opensWithAPasswordOutsideAsciiElsewhere(PfxReaders reader, Encryption encryption) {
        assertOpens(reader, KeyType.EC256, encryption, NOT_ASCII);
    }

    static Stream<Arguments> otherReadersThanJava() {
        return Arrays.stream(PfxReaders.values()).filter(reader -> !JAVAS.contains(reader))
                .flatMap(reader -> Arrays.stream(Encryption.values())
                        .map(encryption -> Arguments.of(reader, encryption)));
    }

    /** Why a portable password is an ASCII password. Java 25 opens such a file, if it is MODERN. */
    @ParameterizedTest
    @EnabledOnJre(JRE.JAVA_17)
    @EnumSource
    void isRefusedByJavaWithAPasswordOutsideAscii(Encryption encryption) {
        byte[] pfx = write(KeyType.EC256, encryption, "ü");

        assertThatThrownBy(() -> PfxReaders.JAVA.read(directory, pfx, "ü"))
                .isInstanceOf(PfxReaders.Unreadable.class)
                .hasStackTraceContaining("Password is not ASCII");
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedWithAWrongPassword(PfxReaders reader) {
        skipWithout(reader);
        byte[] pfx = write(KeyType.EC256, Encryption.MODERN, "right");

        assertThatThrownBy(() -> reader.read(directory, pfx, "wrong")).isInstanceOf(PfxReaders.Unreadable.class);
    }

    @ParameterizedTest
    @CsvSource({
        "MODERN, 'sha256, Iteration 10000', 'PBES2, PBKDF2, AES-256-CBC, Iteration 10000, PRF hmacWithSHA256'",
        "COMPATIBLE, 'sha1, Iteration 10000', 'pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 10000'"})
    void hasThePromisedAlgorithms(Encryption encryption, String mac, String cipher) {
        skipWithout(PfxReaders.OPENSSL);

        String info = PfxReaders.algorithms(directory, write(KeyType.RSA2048, encryption, "secret"), "secret");

        assertThat(info.lines()).contains("MAC: " + mac, "PKCS7 Encrypted data: " + cipher,
                "Shrouded Keybag: " + cipher);
    }

    @Test
    void doesNotDependOnTheJvmsKeyStoreSettings() throws Exception {
        skipWithout(PfxReaders.OPENSSL);
        String usual = PfxReaders.algorithms(directory, write(KeyType.EC256, Encryption.MODERN, "secret"), "secret");
        PfxReaders.algorithms(directory, writtenByJdk(), "secret");

        System.setProperty("keystore.pkcs12.legacy", "true");
        try {
            assertThat(PfxReaders.algorithms(directory, write(KeyType.EC256, Encryption.MODERN, "secret"), "secret"))
                    .isEqualTo(usual);
            assertThatThrownBy(() -> PfxReaders.algorithms(directory, writtenByJdk(), "secret"))
                    .as("the setting works: openssl without -legacy refuses the JDK's RC2")
                    .isInstanceOf(PfxReaders.Unreadable.class);
        } finally {
            System.clearProperty("keystore.pkcs12.legacy");
        }
    }

    @Test
    void leavesOutARootThatTheCaSent() {
        List<X509Certificate> sent = new ArrayList<>(chain(KeyType.EC256));
        sent.add(CA.root());
        byte[] pfx = Pfx.write(KEYS.get(KeyType.EC256).getPrivate(), sent, new char[0], Encryption.MODERN, DOMAIN);

        Contents contents = PfxReaders.JAVA.read(directory, pfx, "");

        assertThat(contents.certificates()).containsExactlyElementsOf(chain(KeyType.EC256));
    }

    @ParameterizedTest
    @EnumSource
    void isTheSameFileForTheSameContents(Encryption encryption) {
        for (KeyType type : KEYS.keySet()) {
            assertThat(write(type, encryption, "secret")).isEqualTo(write(type, encryption, "secret"));
        }
    }

    @Test
    void isTheSameFileWithOrWithoutARootThatIsLeftOut() {
        List<X509Certificate> sent = new ArrayList<>(chain(KeyType.EC256));
        sent.add(CA.root());

        assertThat(Pfx.write(KEYS.get(KeyType.EC256).getPrivate(), sent, new char[0], Encryption.MODERN, FRIENDLY_NAME))
                .isEqualTo(write(KeyType.EC256, Encryption.MODERN, ""));
    }

    /** Whatever differs, nothing is used twice: neither by two files, nor within one. */
    @ParameterizedTest
    @EnumSource
    void hasSaltsOfItsOwn(Encryption encryption) throws Exception {
        PrivateKey key = KEYS.get(KeyType.EC256).getPrivate();
        List<X509Certificate> chain = chain(KeyType.EC256);
        List<byte[]> files = List.of(
                Pfx.write(key, chain, "secret".toCharArray(), encryption, DOMAIN),
                Pfx.write(KeyType.EC256.generate().getPrivate(), chain, "secret".toCharArray(), encryption, DOMAIN),
                Pfx.write(key, chain.subList(0, 2), "secret".toCharArray(), encryption, DOMAIN),
                Pfx.write(key, CA.chain(KEYS.get(KeyType.EC256).getPublic(), DOMAIN), "secret".toCharArray(),
                        encryption, DOMAIN),
                Pfx.write(key, chain, new char[0], encryption, DOMAIN),
                Pfx.write(key, chain, "Secret".toCharArray(), encryption, DOMAIN),
                Pfx.write(key, chain, "secret".toCharArray(), encryption, "www." + DOMAIN));

        List<ASN1OctetString> salts = new ArrayList<>();
        for (byte[] file : files) {
            salts.addAll(salts(file));
        }

        assertThat(salts).doesNotHaveDuplicates().hasSize(files.size() * (encryption == Encryption.MODERN ? 5 : 3));
    }

    @Test
    void sharesNoSaltBetweenItsEncryptions() throws Exception {
        List<ASN1OctetString> salts = new ArrayList<>(salts(write(KeyType.EC256, Encryption.MODERN, "secret")));
        salts.addAll(salts(write(KeyType.EC256, Encryption.COMPATIBLE, "secret")));

        assertThat(salts.stream().map(salt -> Arrays.copyOf(salt.getOctets(), 16)).map(ByteBuffer::wrap))
                .doesNotHaveDuplicates().hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "~", "Correct horse, 'battery' $taple!"})
    void takesPrintableAsciiPasswordsForPortable(String password) {
        assertThat(Pfx.isPortable(password)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {NOT_ASCII, "ü", "tab\there", "line\n", "\u007f"})
    void takesOtherPasswordsForNotPortable(String password) {
        assertThat(Pfx.isPortable(password)).isFalse();
    }

    @Test
    void takesVeryLongPasswordsForNotPortable() {
        assertThat(Pfx.isPortable("x".repeat(129))).isFalse();
    }

    private void assertOpens(PfxReaders reader, KeyType type, Encryption encryption, String password) {
        skipWithout(reader);
        Contents contents = reader.read(directory, write(type, encryption, password), password);

        List<X509Certificate> chain = chain(type);
        assertThat(contents.certificates()).containsExactlyInAnyOrderElementsOf(chain);
        assertThat(contents.keyBelongsTo(chain.get(0))).as("the key is the leaf's").isTrue();
        assertThat(contents.friendlyName()).isEqualTo(reader.shows(FRIENDLY_NAME));
    }

    private static void skipWithout(PfxReaders reader) {
        assumeThat(reader.missingCommand()).as("this machine lacks the command of %s", reader).isEmpty();
    }

    private static List<X509Certificate> chain(KeyType type) {
        return CHAINS.computeIfAbsent(type, unused -> CA.chain(KEYS.get(type).getPublic(), DOMAIN));
    }

    private static byte[] write(KeyType type, Encryption encryption, String password) {
        PrivateKey key = KEYS.get(type).getPrivate();
        return Pfx.write(key, chain(type), password.toCharArray(), encryption, FRIENDLY_NAME);
    }

    /** Everything that BouncyCastle would have made at random: salts, and what modern encryption has for an IV. */
    private static List<ASN1OctetString> salts(byte[] file) throws Exception {
        List<ASN1OctetString> salts = new ArrayList<>();
        PKCS12PfxPdu pfx = new PKCS12PfxPdu(file);
        salts.add(new DEROctetString(pfx.toASN1Structure().getMacData().getSalt()));
        for (ContentInfo part : pfx.getContentInfos()) {
            if (part.getContentType().equals(PKCSObjectIdentifiers.encryptedData)) {
                collect(EncryptedData.getInstance(part.getContent()).getEncryptionAlgorithm(), salts);
            } else {
                SafeBag bag = SafeBag.getInstance(ASN1Sequence.getInstance(
                        ASN1OctetString.getInstance(part.getContent()).getOctets()).getObjectAt(0));
                collect(EncryptedPrivateKeyInfo.getInstance(bag.getBagValue()).getEncryptionAlgorithm(), salts);
            }
        }
        return salts;
    }

    private static void collect(AlgorithmIdentifier algorithm, List<ASN1OctetString> salts) {
        if (algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
            PBES2Parameters pbes2 = PBES2Parameters.getInstance(algorithm.getParameters());
            salts.add(new DEROctetString(
                    PBKDF2Params.getInstance(pbes2.getKeyDerivationFunc().getParameters()).getSalt()));
            salts.add(ASN1OctetString.getInstance(pbes2.getEncryptionScheme().getParameters()));
        } else {
            salts.add(new DEROctetString(PKCS12PBEParams.getInstance(algorithm.getParameters()).getIV()));
        }
    }

    private static byte[] writtenByJdk() throws Exception {
        char[] password = "secret".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", KEYS.get(KeyType.EC256).getPrivate(), password,
                chain(KeyType.EC256).toArray(Certificate[]::new));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, password);
        return out.toByteArray();
    }
}
