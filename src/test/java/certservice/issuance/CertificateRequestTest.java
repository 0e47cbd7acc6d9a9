package certservice.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.json.JsonFields;
import certservice.problem.Failure;
import jakarta.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRequestTest {

    private static final String FULL = """
            { "staging": false, "domains": "example.com,www.example.com,blog.example.com", "profile": "tlsserver",
              "password": "p4ss w0rd~", "encryption": "compatible", "keyType": "EC384", "friendlyName": "Mein Büro",
              "reuse": true }
            """;

    private static final KeyPair CSR_KEY = KeyType.EC256.generate();
    private static final String SYNTAX = "{}[]\",:\\u0e-. *";

    private static CertificateRequest parse(String body) {
        return CertificateRequest.parse(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static CertificateRequest parseDomains(String domains) {
        return parse(Json.createObjectBuilder().add("staging", true).add("domains", domains).build().toString());
    }

    private static Failure failure(byte[] body) {
        return catchThrowableOfType(Failure.class, () -> CertificateRequest.parse(new ByteArrayInputStream(body)));
    }

    private static Failure failure(String body) {
        return failure(body.getBytes(StandardCharsets.UTF_8));
    }

    /** A good body in which one field has this value. */
    private static String with(String field, String value) {
        StringBuilder body = new StringBuilder("{\"" + field + "\": " + value);
        if (!field.equals("staging")) {
            body.append(", \"staging\": true");
        }
        if (!field.equals("domains")) {
            body.append(", \"domains\": \"example.com\"");
        }
        return body.append("}").toString();
    }

    private static String many(int count) {
        return IntStream.range(0, count).mapToObj(i -> "a" + i + ".io").collect(Collectors.joining(","));
    }

    @Test
    void readsEveryField() {
        CertificateRequest request = parse(FULL);
        assertThat(request.environment()).isEqualTo(Environment.PRODUCTION);
        assertThat(request.domains()).map(DomainName::toString)
                .containsExactly("example.com", "www.example.com", "blog.example.com");
        assertThat(request.profile()).isEqualTo(Profile.TLSSERVER);
        assertThat(request.password()).isEqualTo("p4ss w0rd~");
        assertThat(request.encryption()).isEqualTo(Encryption.COMPATIBLE);
        assertThat(request.keyType()).isEqualTo(KeyType.EC384);
        assertThat(request.friendlyName()).isEqualTo("Mein Büro");
        assertThat(request.reuse()).isTrue();
        assertThat(request.csr()).isEmpty();
    }

    @Test
    void fillsInWhatIsOptional() {
        CertificateRequest request = parse("{\"staging\":true,\"domains\":\"WWW.example.com example.com\"}");
        assertThat(request.environment()).isEqualTo(Environment.STAGING);
        assertThat(request.profile()).isEqualTo(Profile.CLASSIC);
        assertThat(request.password()).isEmpty();
        assertThat(request.encryption()).isEqualTo(Encryption.MODERN);
        assertThat(request.keyType()).isEqualTo(KeyType.RSA2048);
        assertThat(request.friendlyName()).isEqualTo("www.example.com");
        assertThat(request.reuse()).isFalse();
        assertThat(request.csr()).isEmpty();
    }

    @Test
    void readsACsrForSomeOfTheNames() {
        CertificateRequest request = parse(csr("b.example.com a.example.com *.example.com", "a.example.com"));

        assertThat(request.csr().orElseThrow().names()).map(DomainName::toString).containsExactly("a.example.com");
        assertThat(request.keyType()).isEqualTo(KeyType.EC256);
        assertThat(request.domains()).hasSize(3);
        assertThat(request.friendlyName()).isEqualTo("b.example.com");
        assertThat(request.toString()).contains("CallerCsr[[a.example.com], EC256]");
    }

    @Test
    void allowsReuseBesideACsr() {
        assertThat(parse(csr("example.com", "example.com").replaceFirst("\\{", "{\"reuse\":true,")).reuse()).isTrue();
    }

    @Test
    void rejectsAKeyTypeBesideACsr() {
        assertThat(failure(csr("example.com", "example.com").replaceFirst("\\{", "{\"keyType\":\"EC256\",")))
                .returns(400, Failure::status)
                .hasMessage("Field 'keyType' must not be given beside 'csr', which has its key already");
    }

    @Test
    void rejectsACsrWithANameThatItsWildcardCovers() {
        assertThat(failure(csr("*.example.com www.example.com", "www.example.com", "*.example.com")))
                .returns(400, Failure::status)
                .hasMessageStartingWith("Field 'csr': 'www.example.com' is covered by '*.example.com' already");
    }

    @Test
    void rejectsACsrWhereThePrivateKeyIsInTheAnswer() {
        CertificateRequest request = parse(csr("example.com", "example.com"));

        assertThat(catchThrowableOfType(Failure.class, request::rejectCsr)).returns(400, Failure::status)
                .hasMessageStartingWith("Field 'csr' is for /api/v1/pem only");
        parse(FULL).rejectCsr();
    }

    private static String csr(String domains, String... names) {
        byte[] der = Csr.of(CSR_KEY, Arrays.stream(names).map(DomainName::of).toList(), false);
        return Json.createObjectBuilder().add("staging", true).add("domains", domains)
                .add("csr", "-----BEGIN CERTIFICATE REQUEST-----\n" + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END CERTIFICATE REQUEST-----\n")
                .build().toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{'staging':true,'domains':'b.com;a.com'}",
            "{'staging':true,'domains':'A.com b.com a.com'}",
            "{'staging':true,'domains':'a.com,b.com','profile':'classic','keyType':'RSA2048'}",
            "{'staging':true,'domains':'a.com,b.com','password':'x','encryption':'compatible','friendlyName':'y'}",
            "{'staging':true,'domains':'a.com,b.com','reuse':true}"})
    void hasTheFingerprintOfTheCertificateThatItAsksFor(String body) {
        assertThat(parse(body.replace('\'', '"')).fingerprint("cert"))
                .isEqualTo(parse("{\"staging\":true,\"domains\":\"a.com,b.com\"}").fingerprint("cert"))
                .matches("[0-9a-f]{64}");
    }

    @Test
    void hasAnotherFingerprintForAnotherCertificate() {
        Stream<String> bodies = Stream.of("{'staging':true,'domains':'a.com,b.com'}",
                "{'staging':false,'domains':'a.com,b.com'}", "{'staging':true,'domains':'a.com'}",
                "{'staging':true,'domains':'a.com,b.com','profile':'tlsserver'}",
                "{'staging':true,'domains':'a.com,b.com','keyType':'EC256'}");
        List<String> fingerprints = bodies.map(body -> parse(body.replace('\'', '"')))
                .flatMap(request -> Stream.of(request.fingerprint("cert"), request.fingerprint("pem"))).toList();

        assertThat(fingerprints).doesNotHaveDuplicates().hasSize(10);
    }

    @Test
    void countsTheCsrAndItsNamesInTheFingerprintOnly() {
        String body = csr("a.com b.com", "a.com");

        assertThat(parse(body).fingerprint("pem"))
                .isEqualTo(parse(body.replace("a.com b.com", "c.com a.com")).fingerprint("pem"))
                .isNotEqualTo(parse(csr("a.com b.com", "a.com")).fingerprint("pem"))
                .isNotEqualTo(parse(with("keyType", "\"EC256\"")).fingerprint("pem"));
    }

    @Test
    void hasOneCanonicalFormForBodiesThatMeanTheSame() {
        assertThat(parse("{\"domains\":\" Example.com\",\"x\":1,\"staging\":true,\"reuse\":null}").canonicalForm())
                .isEqualTo(parseDomains("example.com").canonicalForm());
    }

    @Test
    void hasAnotherCanonicalFormForEveryOtherBody() {
        List<String> forms = Stream.of(with("staging", "true"), with("staging", "false"),
                        with("domains", "\"a.com b.com\""), with("domains", "\"b.com a.com\""),
                        with("profile", "\"shortlived\""), with("password", "\"x\""), with("password", "\"true\""),
                        with("encryption", "\"compatible\""), with("keyType", "\"EC256\""),
                        with("friendlyName", "\"x\""), with("reuse", "true"), csr("example.com", "example.com"))
                .map(body -> new String(parse(body).canonicalForm(), StandardCharsets.UTF_8)).toList();

        assertThat(forms).doesNotHaveDuplicates().hasSize(12).allMatch(form -> form.lines().count() >= 9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"profile", "password", "encryption", "keyType", "friendlyName", "csr", "reuse", "unknown"})
    void takesNullForMissing(String field) {
        assertThat(parse(with(field, "null"))).isEqualTo(parseDomains("example.com"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "1e999999", "-0.0", "true", "[]", "{}", "[[{\"staging\":[1,{\"a\":null}]}],2]",
            "{\"domains\":{\"domains\":\"evil.org\"}}", "\"\\ud800\""})
    void ignoresUnknownFieldsWhateverTheyHold(String value) {
        assertThat(parse(with("Staging", value))).isEqualTo(parseDomains("example.com"));
    }

    @Test
    void ignoresUnknownFieldsDownToTheDepthLimit() {
        int deep = JsonFields.MAX_DEPTH - 1;
        assertThat(parse(with("x", "[".repeat(deep) + "]".repeat(deep)))).isEqualTo(parseDomains("example.com"));
    }

    @Test
    void acceptsByteOrderMarkAndSurroundingSpace() {
        assertThat(parse("\ufeff\r\n\t " + FULL + " \n")).isEqualTo(parse(FULL));
    }

    @Test
    void acceptsABodyOfExactly64KiB() {
        String body = with("staging", "true");
        assertThat(parse(body + " ".repeat(JsonFields.MAX_BYTES - body.length()))).isEqualTo(parse(body));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', delimiter = '|', value = {
            "a.com,b.com,c.com",
            "a.com;b.com;c.com",
            "a.com b.com c.com",
            "\"\n a.com\r\nb.com\tc.com\n\"",
            ",; a.com ,,; b.com ; ; c.com;,",
            "\"a.com\u00a0b.com\u3000c.com\u2028\"",
            "A.COM,b.com.,a.com,c.com,C.com.,a.com",
            "ａ.com;b。com;c.com",
    })
    void splitsNormalizesAndKeepsTheFirstOfEach(String domains) {
        assertThat(parseDomains(domains).domains()).map(DomainName::toString)
                .containsExactly("a.com", "b.com", "c.com");
    }

    @ParameterizedTest
    @CsvSource({"classic, 100", "tlsserver, 25", "shortlived, 25"})
    void allowsAsManyNamesAsTheProfile(String profile, int max) {
        String template = "{\"staging\":true,\"profile\":\"%s\",\"domains\":\"%s\"}";
        assertThat(parse(template.formatted(profile, many(max) + "," + many(max))).domains()).hasSize(max);
        assertThat(failure(template.formatted(profile, many(max + 1))))
                .hasMessage("Field 'domains' holds more than " + max + " names, which is what the profile '"
                        + profile + "' allows")
                .returns(400, Failure::status);
    }

    @Test
    void rejectsThousandsOfNamesQuickly() {
        String distinct = with("domains", "\"" + IntStream.range(0, 10_000).mapToObj(i -> Integer.toString(i, 36))
                .map(label -> label + "a.a").collect(Collectors.joining(",")).substring(0, 60_000) + "\"");
        String repeated = with("domains", "\"" + "é.é,".repeat(10_000) + ".\"");
        assertThat(failure(distinct).status()).isEqualTo(400);
        assertTimeout(Duration.ofMillis(500), () -> assertThat(failure(distinct).status()).isEqualTo(400));
        assertTimeout(Duration.ofMillis(1500), () -> assertThat(failure(repeated).status()).isEqualTo(400));
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                Arguments.of("", "The body is empty"),
                Arguments.of(" \n", "The body is empty"),
                Arguments.of("\ufeff", "The body is empty"),
                Arguments.of("\ufeff\ufeff{}", "not well-formed JSON"),
                Arguments.of("staging=true&domains=example.com", "not well-formed JSON"),
                Arguments.of("<request/>", "not well-formed JSON (line 1, column "),
                Arguments.of("{", "not well-formed JSON"),
                Arguments.of("{\"staging\"", "not well-formed JSON"),
                Arguments.of("{\"staging\":true", "not well-formed JSON"),
                Arguments.of("{\"staging\":true,}", "not well-formed JSON"),
                Arguments.of("{\"staging\":true \"domains\":\"a.com\"}", "not well-formed JSON"),
                Arguments.of("{'staging':true}", "not well-formed JSON"),
                Arguments.of("{staging:true}", "not well-formed JSON"),
                Arguments.of("{\"staging\":True}", "not well-formed JSON"),
                Arguments.of("{\"staging\":true, // comment\n\"domains\":\"a.com\"}", "not well-formed JSON"),
                Arguments.of("{\"domains\":\"a.com\nb.com\"}", "not well-formed JSON"),
                Arguments.of("{\"domains\":\"a.com\\x\"}", "not well-formed JSON"),
                Arguments.of("{\"x\":01}", "not well-formed JSON"),
                Arguments.of("{\"x\":[1,2}", "not well-formed JSON"),
                Arguments.of("{\"x\":[1,2", "not well-formed JSON"),
                Arguments.of("[]", "must be a JSON object, not an array"),
                Arguments.of("[" + with("x", "1") + "]", "must be a JSON object, not an array"),
                Arguments.of("\"example.com\"", "must be a JSON object, not a string"),
                Arguments.of("42", "must be a JSON object, not a number"),
                Arguments.of("true", "must be a JSON object, not a boolean"),
                Arguments.of("null", "must be a JSON object, not null"),
                Arguments.of(with("x", "1") + "{}", "JSON"),
                Arguments.of(with("x", "1") + "x", "JSON"),
                Arguments.of(with("x", "1") + "}", "JSON"),
                Arguments.of(with("x", "1") + "\u0000", "JSON"),
                Arguments.of("{\"staging\":true,\"staging\":true,\"domains\":\"a.com\"}",
                        "Field 'staging' is given more than once"),
                Arguments.of("{\"staging\":true,\"domains\":\"a.com\",\"doma\\u0069ns\":null}",
                        "Field 'domains' is given more than once"),
                Arguments.of("{\"x\\ny\":1,\"x\\u000ay\":2}", "Field 'x\\u{a}y' is given more than once"),
                Arguments.of(with("x", "[".repeat(JsonFields.MAX_DEPTH) + "]".repeat(JsonFields.MAX_DEPTH)),
                        "nested deeper than 500 levels"),
                Arguments.of("{\"x\":" + "[".repeat(60_000), "nested deeper than 500 levels"),
                Arguments.of("{\"a\":".repeat(10_000), "nested deeper than 500 levels"),
                Arguments.of("[".repeat(60_000), "must be a JSON object, not an array"),
                Arguments.of("{}", "Field 'staging' is missing"),
                Arguments.of("{\"domains\":\"a.com\"}", "Field 'staging' is missing"),
                Arguments.of("{\"STAGING\":true,\"domains\":\"a.com\"}", "Field 'staging' is missing"),
                Arguments.of(with("staging", "null"), "Field 'staging' is missing"),
                Arguments.of(with("staging", "\"false\""), "Field 'staging' must be true or false, not a string"),
                Arguments.of(with("staging", "0"), "Field 'staging' must be true or false, not a number"),
                Arguments.of(with("staging", "[true]"), "Field 'staging' must be true or false, not an array"),
                Arguments.of("{\"staging\":true}", "Field 'domains' is missing"),
                Arguments.of(with("domains", "null"), "Field 'domains' is missing"),
                Arguments.of(with("domains", "[\"a.com\"]"), "Field 'domains' must be a string, not an array"),
                Arguments.of(with("domains", "{}"), "Field 'domains' must be a string, not an object"),
                Arguments.of(with("domains", "1"), "Field 'domains' must be a string, not a number"),
                Arguments.of(with("domains", "false"), "Field 'domains' must be a string, not a boolean"),
                Arguments.of(with("domains", "\"\""), "Field 'domains' holds no name"),
                Arguments.of(with("domains", "\" ,;\\n\""), "Field 'domains' holds no name: ' ,;\\u{a}'"),
                Arguments.of(with("domains", "\"a.com,*.*.example.com\""),
                        "Field 'domains': '*.*.example.com' is not a valid DNS name: a wildcard"),
                Arguments.of(with("domains", "\"a\\u0000\\u001b[31m.com\""), "'a\\u{0}\\u{1b}[31m.com'"),
                Arguments.of(with("domains", "\"" + "x".repeat(60_000) + "\""), "'" + "x".repeat(80) + "…'"),
                Arguments.of(with("profile", "\"Classic\""),
                        "Field 'profile' is 'Classic'; it must be one of classic, tlsserver, shortlived"),
                Arguments.of(with("profile", "\"\""), "Field 'profile' is ''; it must be one of"),
                Arguments.of(with("profile", "1"), "Field 'profile' must be a string, not a number"),
                Arguments.of(with("encryption", "\"rc2\""),
                        "Field 'encryption' is 'rc2'; it must be one of modern, compatible"),
                Arguments.of(with("keyType", "\"rsa2048\""),
                        "Field 'keyType' is 'rsa2048'; it must be one of RSA2048, RSA3072, RSA4096, EC256, EC384"),
                Arguments.of(with("friendlyName", "\"\""), "Field 'friendlyName' is ''; it must have 1 to 128"),
                Arguments.of(with("friendlyName", "\" \""), "Field 'friendlyName' is ' '"),
                Arguments.of(with("friendlyName", "\"a\\tb\""), "Field 'friendlyName' is 'a\\u{9}b'"),
                Arguments.of(with("friendlyName", "\"" + "x".repeat(129) + "\""), "1 to 128 characters"),
                Arguments.of(with("friendlyName", "[]"), "Field 'friendlyName' must be a string, not an array"),
                Arguments.of(with("reuse", "\"false\""), "Field 'reuse' must be true or false, not a string"));
    }

    @ParameterizedTest
    @MethodSource("badBodies")
    void saysWhatIsWrongWithTheBody(String body, String message) {
        Failure failure = failure(body);
        assertThat(failure).isNotNull().returns(400, Failure::status).hasMessageContaining(message);
        assertThat(failure.getMessage()).hasSizeLessThan(600).doesNotContainPattern("[\\p{Cc}\\p{Cs}]|jakarta|java");
    }

    @Test
    void acceptsReuseFalse() {
        assertThat(parse(with("reuse", "false"))).isEqualTo(parseDomains("example.com"));
    }

    static Stream<byte[]> malformedUtf8() {
        return Stream.of(
                new byte[] {(byte) 0xff},
                new byte[] {(byte) 0xc0, (byte) 0x80},
                new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                new byte[] {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
                "{\"domains\":\"münchen.de\"}".getBytes(StandardCharsets.ISO_8859_1),
                "\ufeff{}".getBytes(StandardCharsets.UTF_16BE),
                Arrays.copyOf("ü".getBytes(StandardCharsets.UTF_8), 1));
    }

    @ParameterizedTest
    @MethodSource("malformedUtf8")
    void rejectsMalformedUtf8(byte[] body) {
        assertThat(failure(body)).hasMessage("The body is not well-formed UTF-8").returns(400, Failure::status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", " ", "\u0000", "x"})
    void rejectsMoreThan64KiBWhateverItIs(String filler) {
        assertThat(failure(filler.repeat(JsonFields.MAX_BYTES + 1))).returns(413, Failure::status);
    }

    @Test
    void readsAtMostOneByteBeyondTheLimit() {
        AtomicInteger read = new AtomicInteger();
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                read.incrementAndGet();
                return ' ';
            }
        };
        Failure failure = catchThrowableOfType(Failure.class, () -> CertificateRequest.parse(endless));
        assertThat(failure.status()).isEqualTo(413);
        assertThat(read).hasValue(JsonFields.MAX_BYTES + 1);
    }

    @Test
    void takesABrokenConnectionForABadRequest() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("peer 192.0.2.1 reset the connection");
            }
        };
        Failure failure = catchThrowableOfType(Failure.class, () -> CertificateRequest.parse(broken));
        assertThat(failure).hasMessage("The body could not be read to its end").returns(400, Failure::status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cr3t\\n", "s3cr3t\\u0000", "s3cr3t\\ud800", "s3cr3t\\u2028", "s3cr3t\u00fc"})
    void neverShowsARejectedPassword(String password) {
        assertThat(failure(with("password", "\"" + password + "\""))).returns(400, Failure::status)
                .hasMessageStartingWith("Field 'password' must have at most 128 characters")
                .message().doesNotContain("s3cr3t");
    }

    @Test
    void limitsThePasswordsLength() {
        String longest = "s3cr3t..".repeat(16);
        assertThat(parse(with("password", "\"" + longest + "\"")).password()).isEqualTo(longest);
        assertThat(failure(with("password", "\"" + longest + ".\""))).returns(400, Failure::status)
                .message().doesNotContain("s3cr3t");
    }

    @Test
    void acceptsAnEmptyPassword() {
        assertThat(parse(with("password", "\"\"")).password()).isEmpty();
    }

    @Test
    void neverShowsThePassword() {
        assertThat(parse(FULL).toString()).contains("blog.example.com", "EC384", "Mein Büro")
                .doesNotContain("p4ss w0rd~");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "*.example.com,www.example.com           | www.example.com",
            "b.com,a.example.com,c.com,*.example.com | a.example.com",
            "*.a.example.com,*.example.com,x.a.example.com | x.a.example.com",
    })
    void rejectsANameThatAWildcardCovers(String domains, String covered) {
        Failure failure = catchThrowableOfType(Failure.class, () -> parseDomains(domains).rejectCovered());
        assertThat(failure).returns(400, Failure::status)
                .hasMessageStartingWith("Field 'domains': '" + covered + "' is covered by '*.");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "example.com,*.example.com",
            "*.example.com,a.b.example.com,*.b.example.org",
            "*.example.com,*.a.example.com",
            "*.example.com,badexample.com",
            "www.example.com,blog.example.com",
    })
    void leavesNamesThatNoWildcardCovers(String domains) {
        CertificateRequest request = parseDomains(domains);
        request.rejectCovered();
        assertThat(request.domains()).hasSize(domains.split(",").length);
    }

    /** Random edits of good and bad bodies, the same in every run. */
    @Test
    void failsOnMutatedBodiesOnlyInTheContractsWays() {
        Random random = new Random(20_260_101);
        byte[][] seeds = Stream.concat(Stream.of(FULL, "\ufeff" + FULL, csr("example.com", "example.com"),
                                with("x", "[{\"a\":[1.5e3,true,null,\"\\u00fc\\\\\"]},[]]"),
                                with("domains", "\"münchen.de;*.例え.テスト,xn--mnchen-3ya.de\"")),
                        badBodies().map(arguments -> (String) arguments.get()[0]))
                .map(body -> body.getBytes(StandardCharsets.UTF_8))
                .filter(body -> body.length < 1000)
                .toArray(byte[][]::new);
        int good = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] body = mutate(seeds[random.nextInt(seeds.length)], seeds, random);
            try {
                assertThat(CertificateRequest.parse(new ByteArrayInputStream(body)).domains()).isNotEmpty();
                good++;
            } catch (Failure e) {
                assertThat(e.status()).isIn(400, 413);
                assertThat(e.getMessage()).isNotBlank().doesNotContainPattern("[\\p{Cc}\\p{Cs}]");
            }
        }
        assertThat(good).as("bodies that were still good").isBetween(200, 19_000);
    }

    private static byte[] mutate(byte[] seed, byte[][] seeds, Random random) {
        byte[] body = seed;
        for (int edits = random.nextInt(4); edits >= 0; edits--) {
            int from = random.nextInt(body.length + 1);
            int to = Math.min(body.length, from + random.nextInt(8));
            byte[] other = seeds[random.nextInt(seeds.length)];
            int otherFrom = random.nextInt(other.length + 1);
            byte[] piece = switch (random.nextInt(6)) {
                case 0 -> new byte[0];
                case 1 -> new byte[] {(byte) random.nextInt(256)};
                case 2 -> Arrays.copyOfRange(other, otherFrom, Math.min(other.length, otherFrom + 20));
                case 3 -> Arrays.copyOfRange(body, from, to);
                case 4 -> new byte[] {(byte) SYNTAX.charAt(random.nextInt(SYNTAX.length()))};
                default -> random.nextInt(50) == 0 ? "[".repeat(70_000).getBytes(StandardCharsets.US_ASCII)
                        : Character.toString(random.nextInt(0xd800)).getBytes(StandardCharsets.UTF_8);
            };
            ByteArrayOutputStream edited = new ByteArrayOutputStream();
            edited.write(body, 0, from);
            edited.writeBytes(piece);
            edited.write(body, to, body.length - to);
            body = edited.toByteArray();
        }
        return body;
    }
}
