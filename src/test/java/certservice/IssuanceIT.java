package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.CertserviceClient.Response;
import certservice.harness.Pebble;
import certservice.harness.PfxReaders;
import certservice.harness.TestBed;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a caller with a good key gets, over HTTP: what is in the files, and how the answers look. {@link ReadersIT} has
 * other programs read them, {@link Dns01IT} is about wildcards, {@link BadInputIT} about the variants of a request.
 */
class IssuanceIT {

    private static final Pattern FILE_NAME =
            Pattern.compile("attachment; filename=\"cert-www\\.example\\.com-(\\d{8}-\\d{6})\\.pfx\"");

    /** All lines have 64 characters, except the last one, which may be shorter (RFC 7468 section 2). */
    private static final String BASE64_LINES = "([A-Za-z0-9+/]{64}\n)*(?=.{1,64}\n)[A-Za-z0-9+/]+={0,2}\n";
    private static final String CERTIFICATE =
            "-----BEGIN CERTIFICATE-----\n(" + BASE64_LINES + ")-----END CERTIFICATE-----";
    private static final String PRIVATE_KEY =
            "-----BEGIN PRIVATE KEY-----\n(" + BASE64_LINES + ")-----END PRIVATE KEY-----";
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(20);

    private static TestBed bed;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void start() {
        bed = TestBed.shared();
    }

    @Test
    void certIsOnePfxForAllNames() throws Exception {
        Response response = bed.client().cert(request(true, "www.example.com, blog.example.com;example.com"));

        Delivered delivered = Delivered.ofCert(response);
        assertThat(response.headers().allValues("Content-Type")).containsExactly("application/x-pkcs12");
        assertThat(delivered.names())
                .containsExactlyInAnyOrder("www.example.com", "blog.example.com", "example.com");
        assertThat(delivered.keyBelongsToLeaf()).isTrue();
        assertThat(delivered.intermediates()).as("staging sends two").hasSize(2);
        assertThat(delivered.leadsTo(bed.staging().root())).isTrue();
    }

    @Test
    void certIsNamedAfterTheFirstDomainAndTheTime() {
        String disposition = bed.client().cert(request(true, "WWW.example.com. example.com"))
                .header("Content-Disposition");

        Matcher matcher = FILE_NAME.matcher(disposition);
        assertThat(matcher.matches()).as(disposition).isTrue();
        assertThat(LocalDateTime.parse(matcher.group(1), DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")))
                .isCloseTo(LocalDateTime.now(ZoneOffset.UTC), within(2, ChronoUnit.MINUTES));
    }

    @Test
    void certHoldsNormalizedNamesEachOnce() throws Exception {
        Response response = bed.client().cert(request(true,
                "M\u00fcnchen.Example.com;;www.example.com.\\t www.EXAMPLE.com,\\nxn--mnchen-3ya.example.com"));

        assertThat(Delivered.ofCert(response).names())
                .containsExactlyInAnyOrder("xn--mnchen-3ya.example.com", "www.example.com");
        assertThat(response.header("Content-Disposition")).contains("\"cert-xn--mnchen-3ya.example.com-");
    }

    @Test
    void pemIsOneCertificateWithItsOwnKeyForEachDomainInTheOrderOfTheRequest() throws Exception {
        Response response = bed.client().pem(request(true, "www.example.com example.org a.b.example.com"));

        List<Delivered> delivered = Delivered.ofPem(response);
        assertThat(response.header("Content-Type")).matches("application/json(;charset=(utf|UTF)-8)?");
        assertThat(response.json().asJsonArray()).map(item -> item.asJsonObject().getString("Domain"))
                .containsExactly("www.example.com", "example.org", "a.b.example.com");
        assertThat(delivered).extracting(Delivered::names).containsExactly(
                List.of("www.example.com"), List.of("example.org"), List.of("a.b.example.com"));
        assertThat(delivered).extracting(each -> each.leaf().getPublicKey()).doesNotHaveDuplicates();
        for (Delivered each : delivered) {
            assertThat(each.keyBelongsToLeaf()).isTrue();
            assertThat(each.intermediates()).hasSize(2);
            assertThat(each.leadsTo(bed.staging().root())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA2048", "EC256"})
    void pemHasExactlyTheContractsFieldsAndForm(String keyType) {
        Response response = bed.client().pem(request(true, "www.example.com", "keyType", keyType));

        JsonObject item = response.json().asJsonArray().getJsonObject(0);
        assertThat(item.keySet()).containsExactly("Domain", "Certificate", "PrivateKey", "Chain");
        assertThat(item.getString("Certificate")).matches(CERTIFICATE);
        assertThat(item.getString("PrivateKey")).matches(PRIVATE_KEY);
        assertThat(item.getString("Chain")).matches(CERTIFICATE + "(\n" + CERTIFICATE + ")*");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stagingAndProductionAreTwoCas(boolean staging) throws Exception {
        Pebble asked = staging ? bed.staging() : bed.production();
        Pebble other = staging ? bed.production() : bed.staging();

        Delivered delivered = Delivered.ofCert(bed.client().cert(request(staging, "www.example.com")));

        assertThat(delivered.leadsTo(asked.root())).isTrue();
        assertThat(delivered.leadsTo(other.root())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"classic, 90, true", "tlsserver, 90, false", "shortlived, 6, false", ", 90, true"})
    void issuesEveryProfile(String profile, int days, boolean commonName) throws Exception {
        String request = profile == null ? request(true, "www.example.com example.com")
                : request(true, "www.example.com example.com", "profile", profile);

        Delivered delivered = Delivered.ofCert(bed.client().cert(request));

        assertThat(Duration.between(delivered.leaf().getNotBefore().toInstant(),
                delivered.leaf().getNotAfter().toInstant())).isCloseTo(DAY.multipliedBy(days), Duration.ofMinutes(1));
        assertThat(delivered.leaf().getSubjectX500Principal().getName())
                .isEqualTo(commonName ? "CN=www.example.com" : "");
        assertThat(delivered.names()).containsExactlyInAnyOrder("www.example.com", "example.com");
    }

    @ParameterizedTest
    @CsvSource({"RSA2048, RSA, 2048", "RSA3072, RSA, 3072", "RSA4096, RSA, 4096", "EC256, EC, 256", "EC384, EC, 384",
            ", RSA, 2048"})
    void makesEveryKindOfKey(String keyType, String algorithm, int bits) throws Exception {
        String request = keyType == null ? request(true, "www.example.com")
                : request(true, "www.example.com", "keyType", keyType);

        for (Delivered delivered : List.of(Delivered.ofCert(bed.client().cert(request)),
                Delivered.ofPem(bed.client().pem(request)).get(0))) {
            assertThat(delivered.key().getAlgorithm()).isEqualTo(algorithm);
            assertThat(delivered.leaf().getPublicKey()).satisfies(key -> assertThat(
                    key instanceof RSAKey rsa ? rsa.getModulus().bitLength()
                            : ((ECKey) key).getParams().getOrder().bitLength()).isEqualTo(bits));
            assertThat(delivered.keyBelongsToLeaf()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"modern", "compatible"})
    void protectsThePfxWithTheRequestsPassword(String encryption) throws Exception {
        byte[] pfx = bed.client().cert(request(true, "www.example.com", "keyType", "EC256",
                "password", "correct horse \\\"battery\\\"", "encryption", encryption)).body();

        assertThat(Delivered.ofPfx(pfx, "correct horse \"battery\"").keyBelongsToLeaf()).isTrue();
        assertThatThrownBy(() -> Delivered.ofPfx(pfx, "")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Delivered.ofPfx(pfx, "wrong")).isInstanceOf(IOException.class);
    }

    @Test
    void encryptsAsTheRequestSays() {
        assertThat(algorithms("\"encryption\":\"modern\"")).contains("AES-256-CBC").contains("hmacWithSHA256")
                .containsIgnoringCase("MAC: sha256").doesNotContain("3-KeyTripleDES");
        assertThat(algorithms("\"unknown\":null")).as("modern is the default").contains("AES-256-CBC");
        assertThat(algorithms("\"encryption\":\"compatible\"")).contains("pbeWithSHA1And3-KeyTripleDES-CBC")
                .containsIgnoringCase("MAC: sha1").doesNotContain("AES");
    }

    private String algorithms(String more) {
        assumeThat(PfxReaders.OPENSSL.missingCommand())
                .as("this machine lacks openssl").isEmpty();
        byte[] pfx = bed.client().cert("{\"staging\":true,\"domains\":\"www.example.com\",\"keyType\":\"EC256\","
                + more + "}").body();
        return PfxReaders.algorithms(temporary, pfx, "");
    }

    @Test
    void namesTheEntryAsTheRequestSaysOrAfterTheFirstDomain() {
        byte[] named = bed.client().cert(request(true, "www.example.com", "friendlyName", "Portal 2027")).body();
        byte[] unnamed = bed.client().cert(request(true, "www.example.com example.com")).body();

        assertThat(PfxReaders.JAVA.read(temporary, named, "").friendlyName())
                .isEqualTo(PfxReaders.JAVA.shows("Portal 2027"));
        assertThat(PfxReaders.JAVA.read(temporary, unnamed, "").friendlyName()).isEqualTo("www.example.com");
    }

    @Test
    void answersDoNotTellWhichServerGivesThem() {
        for (Response response : List.of(bed.client().cert(request(true, "www.example.com")),
                bed.client().get("/nothing/here"))) {
            assertThat(response.header("Server") + response.header("X-Powered-By")).isEmpty();
        }
    }

    @Test
    void isNotKeptByCaches() {
        assertThat(bed.client().cert(request(true, "www.example.com")).header("Cache-Control")).isEqualTo("no-store");
        assertThat(bed.client().pem(request(true, "www.example.com")).header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void secondRequestIsANewCertificateWithANewKey() throws Exception {
        Delivered first = Delivered.ofCert(bed.client().cert(request(true, "www.example.com")));
        Delivered second = Delivered.ofCert(bed.client().cert(request(true, "www.example.com")));

        assertThat(second.leaf().getSerialNumber()).isNotEqualTo(first.leaf().getSerialNumber());
        assertThat(second.leaf().getPublicKey()).isNotEqualTo(first.leaf().getPublicKey());
    }

    @Test
    void namesTheRequestInItsAnswerAndInItsLog() throws Exception {
        Response response = bed.client().cert(request(true, "www.example.com"));

        String id = response.header("X-Request-Id");
        String serial = Delivered.ofCert(response).serial();
        assertThat(id).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        awaitLogLine(id, serial, "www.example.com", "STAGING");
    }

    @Test
    void everyRequestHasAnIdOfItsOwnAlsoOneThatIsRefused() {
        List<String> ids = Stream.of(bed.client().cert("{"), bed.client().cert("{"),
                        bed.client().withKey(null).cert("{"), bed.client().get("/nothing/here"))
                .map(response -> response.header("X-Request-Id")).toList();

        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.length() == 36);
    }

    @Test
    void keyWithAnotherDomainGetsThatDomainOnly() throws Exception {
        String key = bed.narrowApiKey();

        assertThat(Delivered.ofCert(bed.client().withKey(key).cert(request(true, "example.org"))).names())
                .containsExactly("example.org");
        assertThat(bed.client().withKey(key).cert(request(true, "www.example.org")).status()).isEqualTo(401);
        assertThat(bed.client().withKey(key).cert(request(true, "example.org example.com")).status()).isEqualTo(401);
    }

    /** A server may write its log a little later than its answer. */
    private static void awaitLogLine(String... parts) throws Exception {
        long deadline = System.nanoTime() + LOG_PATIENCE.toNanos();
        List<String> found;
        do {
            found = Files.readAllLines(bed.server().log()).stream()
                    .filter(line -> Stream.of(parts).allMatch(line::contains)).toList();
        } while (found.isEmpty() && System.nanoTime() < deadline);
        assertThat(found).as("log lines with %s", List.of(parts)).hasSize(1);
    }

    /** {@code more} are text fields, names and values in turn. */
    private static String request(boolean staging, String domains, String... more) {
        StringBuilder json = new StringBuilder("{\"staging\":" + staging + ",\"domains\":\"" + domains + "\"");
        for (int index = 0; index < more.length; index += 2) {
            json.append(",\"").append(more[index]).append("\":\"").append(more[index + 1]).append('"');
        }
        return json.append('}').toString();
    }
}
