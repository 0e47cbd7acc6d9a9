package certservice;

import certservice.harness.CertserviceClient;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import jakarta.json.Json;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One thing that clients get wrong, and what the service must say to it.
 *
 * @param name     shown in the test report
 * @param call     sends it
 * @param statuses the allowed statuses: one, except where servers answer before the service can
 * @param message  what {@code message} must contain; empty where the contract leaves the text open
 */
record BadInput(String name, Call call, Set<Integer> statuses, String message) {

    static final String CERT = "/api/v1/cert";
    static final String PEM = "/api/v1/pem";
    static final String GOOD = body("\"www.example.com\"");
    private static final int MEGABYTE = 1024 * 1024;
    private static final String NOT_A_NAME = "is not a valid DNS name";
    private static final String MALFORMED = "not well-formed JSON";

    /** For www.example.com, with a key on P-256. */
    private static final String CSR = """
            -----BEGIN CERTIFICATE REQUEST-----
            MIHoMIGPAgEAMAAwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ+5ryWZgKJIJD4
            PoYpzEc/VFxp5aJO8XEr4v7lvv8YprTuiZHGbRJE1GUVpuB4BYDtO307t7hyyVHH
            ucTTIBBhoC0wKwYJKoZIhvcNAQkOMR4wHDAaBgNVHREEEzARgg93d3cuZXhhbXBs
            ZS5jb20wCgYIKoZIzj0EAwIDSAAwRQIgVrCssEdMMSpmDFEeBaf6xrhj1Kz/jRb4
            mEPpYpb3OA8CIQDpgrROI0hWDfyayApLzgDtHRpGLWLQYnXmXQMWtK24cg==
            -----END CERTIFICATE REQUEST-----
            """;

    /** The same with RSA of 1,024 bits. */
    private static final String WEAK_CSR = """
            -----BEGIN CERTIFICATE REQUEST-----
            MIIBbDCB1gIBADAAMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCkxpZWmYID
            seCiKsrq0QQRQZKzjPhVaYQteT4iUD/aul+TdhWla4MBkc1q8RoM4mtLDhuKaba3
            l+7N15cTUE8dOaKDiPinCjIoGJAGve0Z7DnlZUIp+m7RaGzC83w+f6gV7OBBKNt4
            s0kESq1vLz036e2lN3ItoDMVUSL4o7ZuNQIDAQABoC0wKwYJKoZIhvcNAQkOMR4w
            HDAaBgNVHREEEzARgg93d3cuZXhhbXBsZS5jb20wDQYJKoZIhvcNAQELBQADgYEA
            PGSZkdXyas0A044DyVIj+2NjwJNq/VNfd5cb1wvGGV4rTmyPMgL5WiHA8zOoU4Qg
            qTYaXzfWOBuvPeN5gZT7IUQ4e7atkYzP3nq5tR0aU4XJDdJN6atYV6f2loFnZYxk
            vqV+w3WkzArq0t27Xkdnt79tnTii/q6W5JlW5JLR7ms=
            -----END CERTIFICATE REQUEST-----
            """;

    /** How it is sent. */
    @FunctionalInterface
    interface Call {
        Response on(TestBed bed);
    }

    @Override
    public String toString() {
        return statuses.stream().sorted().map(String::valueOf).collect(Collectors.joining("/")) + ": " + name;
    }

    /** Every row, those about the request's body for both endpoints. */
    static Stream<BadInput> all() {
        return Stream.of(bodies(CERT), bodies(PEM), domainsOutsideKey(CERT), domainsOutsideKey(PEM), coveredNames(),
                csrsForAPfx(), keys(), keyBeforeAllElse(), sizes(), http()).flatMap(rows -> rows);
    }

    private static Stream<BadInput> bodies(String path) {
        return Stream.of(syntax(path), fields(path), names(path), extensions(path), csrs(path)).flatMap(rows -> rows);
    }

    private static Stream<BadInput> syntax(String path) {
        return Stream.of(
                post(path, "empty body", "", 400, "empty"),
                post(path, "blank body", " \r\n", 400, "empty"),
                post(path, "body that ends too early", "{\"staging\":true", 400, MALFORMED),
                post(path, "body that is no JSON", "staging=true&domains=www.example.com", 400, MALFORMED),
                post(path, "trailing comma", "{\"staging\":true,\"domains\":\"www.example.com\",}", 400, MALFORMED),
                post(path, "single quotes", GOOD.replace('"', '\''), 400, MALFORMED),
                post(path, "raw control character in a string", body("\"www.exam\u0001ple.com\""), 400, MALFORMED),
                post(path, "half a surrogate pair", body("\"a\\ud800.example.com\""), 400, NOT_A_NAME),
                post(path, "something behind the object", GOOD + "x", 400, ""),
                post(path, "two objects", GOOD + GOOD, 400, ""),
                post(path, "array at the top", "[" + GOOD + "]", 400, "an array"),
                post(path, "string at the top", "\"www.example.com\"", 400, "a string"),
                post(path, "null at the top", "null", 400, "null"),
                post(path, "deeply nested arrays", "[".repeat(60_000), 400, ""),
                post(path, "deeply nested arrays in a field", "{\"x\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}",
                        400, "nested"),
                post(path, "deeply nested objects in a field", "{\"a\":".repeat(10_000), 400, "nested"),
                post(path, "duplicate field",
                        "{\"staging\":true,\"staging\":false,\"domains\":\"www.example.com\"}", 400,
                        "'staging' is given more than once"),
                post(path, "duplicate field, escaped",
                        "{\"staging\":true,\"domains\":\"www.example.com\",\"doma\\u0069ns\":\"x\"}", 400,
                        "'domains' is given more than once"),
                bytes(path, "malformed UTF-8",
                        body("\"m\u00fcnchen.example.com\"").getBytes(StandardCharsets.ISO_8859_1), 400, "UTF-8"),
                bytes(path, "UTF-16", GOOD.getBytes(StandardCharsets.UTF_16), 400, "UTF-8"));
    }

    private static Stream<BadInput> fields(String path) {
        return Stream.of(
                post(path, "no fields", "{}", 400, "'staging' is missing"),
                post(path, "staging missing", "{\"domains\":\"www.example.com\"}", 400, "'staging' is missing"),
                post(path, "staging in upper case", "{\"STAGING\":true,\"domains\":\"www.example.com\"}", 400,
                        "'staging' is missing"),
                post(path, "staging null", "{\"staging\":null,\"domains\":\"www.example.com\"}", 400,
                        "'staging' is missing"),
                post(path, "staging as string", "{\"staging\":\"false\",\"domains\":\"www.example.com\"}", 400,
                        "'staging' must be true or false, not a string"),
                post(path, "staging as number", "{\"staging\":1,\"domains\":\"www.example.com\"}", 400,
                        "'staging' must be true or false, not a number"),
                post(path, "domains missing", "{\"staging\":true}", 400, "'domains' is missing"),
                post(path, "domains null", body("null"), 400, "'domains' is missing"),
                post(path, "domains as array", body("[\"www.example.com\"]"), 400,
                        "'domains' must be a string, not an array"),
                post(path, "domains as object", body("{\"a\":1}"), 400, "'domains' must be a string, not an object"),
                post(path, "domains empty", body("\"\""), 400, "'domains'"),
                post(path, "domains of separators only", body("\" ,;\\t\\n\""), 400, "'domains'"),
                post(path, "unknown profile", body("\"www.example.com\",\"profile\":\"forever\""), 400,
                        "'forever'; it must be one of classic, tlsserver, shortlived"),
                post(path, "profile in upper case", body("\"www.example.com\",\"profile\":\"CLASSIC\""), 400,
                        "'CLASSIC'"),
                post(path, "profile as number", body("\"www.example.com\",\"profile\":1"), 400,
                        "'profile' must be a string, not a number"),
                post(path, "101 names in classic", body(names(101)), 400, "more than 100 names"),
                post(path, "26 names in tlsserver", body(names(26) + ",\"profile\":\"tlsserver\""), 400,
                        "more than 25 names"),
                post(path, "26 names in shortlived", body(names(26) + ",\"profile\":\"shortlived\""), 400,
                        "more than 25 names"),
                post(path, "10,000 names", body(IntStream.range(0, 10_000).mapToObj(i -> Integer.toString(i, 36) + ".a")
                        .collect(Collectors.joining(",", "\"a.b,", "\""))), 400, ""));
    }

    private static Stream<BadInput> names(String path) {
        return Stream.of("*.*.example.com", "*.com", "*", "www.*.example.com", "f*.example.com", "*example.com",
                        "localhost", "a".repeat(64) + ".example.com", name(254), "a".repeat(60_000), "192.0.2.1",
                        "[2001:db8::1]", "2001:db8::1", "www.example.com..", ".example.com", "www..example.com",
                        "-a.example.com", "a-.example.com", "ab--cd.example.com", "xn--a.example.com",
                        "xn--.example.com", "under_score.example.com", "https://www.example.com/",
                        "www.example.com:443", "user@example.com", "<script>alert(1)</script>.example.com",
                        "'--.example.com",
                        "a\u0000.example.com", "a\u001b[31m.example.com", "a\u202e.example.com", "a\u200d.example.com",
                        "\u05d0a.example.com", "\u0301a.example.com",
                        "\u5341".repeat(63) + ".example.com")
                .map(name -> post(path, "the name " + shown(name), body(quoted("www.example.com," + name)), 400,
                        NOT_A_NAME));
    }

    private static Stream<BadInput> extensions(String path) {
        return Stream.of(
                post(path, "password as number", body("\"www.example.com\",\"password\":1"), 400,
                        "'password' must be a string, not a number"),
                post(path, "password with a line break", body("\"www.example.com\",\"password\":\"a\\nb\""), 400,
                        "'password'"),
                post(path, "password that is too long",
                        body("\"www.example.com\",\"password\":\"" + "x".repeat(129) + "\""), 400, "'password'"),
                post(path, "unknown encryption", body("\"www.example.com\",\"encryption\":\"rc2\""), 400,
                        "'rc2'; it must be one of modern, compatible"),
                post(path, "unknown key type", body("\"www.example.com\",\"keyType\":\"DSA\""), 400,
                        "'DSA'; it must be one of RSA2048, RSA3072, RSA4096, EC256, EC384"),
                post(path, "empty friendly name", body("\"www.example.com\",\"friendlyName\":\"\""), 400,
                        "'friendlyName'"),
                post(path, "friendly name with a control character",
                        body("\"www.example.com\",\"friendlyName\":\"a\\u0007b\""), 400, "'a\\u{7}b'"),
                post(path, "reuse as string", body("\"www.example.com\",\"reuse\":\"true\""), 400,
                        "'reuse' must be true or false, not a string"));
    }

    private static Stream<BadInput> csrs(String path) {
        return Stream.of(
                post(path, "CSR as number", body("\"www.example.com\",\"csr\":1"), 400,
                        "'csr' must be a string, not a number"),
                post(path, "CSR that is no PEM", csr("www.example.com", "x"), 400, "'csr' is not in PEM"),
                post(path, "private key for a CSR",
                        csr("www.example.com", CSR.replace("CERTIFICATE REQUEST", "PRIVATE KEY")), 400,
                        "'csr' is not in PEM"),
                post(path, "two CSRs", csr("www.example.com", CSR + CSR), 400, "'csr' is more than one PEM block"),
                post(path, "CSR that is no ASN.1", csr("www.example.com", CSR.replace("MIHo", "AAAA")), 400,
                        "'csr' is not a PKCS#10 certification request"),
                post(path, "CSR over 16 KiB", csr("www.example.com", CSR + "\n".repeat(16 * 1024)), 400,
                        "'csr' is larger than 16 KiB"),
                post(path, "CSR signed by another key",
                        csr("www.example.com", CSR.replace("24cg==", "24cQ==")), 400, "'csr' is not signed with"),
                post(path, "CSR with a weak key", csr("www.example.com", WEAK_CSR), 400,
                        "'csr' is for an RSA key of 1024 bits; it must be for one of RSA2048"),
                post(path, "CSR for a name that was not requested", csr("example.com,blog.example.com", CSR), 400,
                        "'csr' is for 'www.example.com', which is not among the names"),
                post(path, "CSR and a key type",
                        csr("www.example.com", CSR).replace("{", "{\"keyType\":\"EC256\","), 400,
                        "'keyType' must not be given beside 'csr'"));
    }

    private static Stream<BadInput> csrsForAPfx() {
        return Stream.of(post(CERT, "good CSR", csr("www.example.com", CSR), 400, "'csr' is for /api/v1/pem only"));
    }

    private static String csr(String domains, String csr) {
        return body(quoted(domains) + ",\"csr\":" + quoted(csr));
    }

    private static Stream<BadInput> coveredNames() {
        return Stream.of(
                post(CERT, "a name and the wildcard that covers it", body("\"*.example.com,www.example.com\""), 400,
                        "'www.example.com' is covered by '*.example.com'"),
                post(CERT, "the same in another order and spelling", body("\"WWW.Example.com. *.example.com\""), 400,
                        "'www.example.com' is covered by '*.example.com'"));
    }

    private static Stream<BadInput> domainsOutsideKey(String path) {
        return Stream.of("example.com.evil.org", "badexample.com", "example.co", "evil.org", "www.example.org",
                        "*.example.org", "a.example.net", "ex\u0430mple.com", "www.ex\u0430mple.com",
                        "exa\u043cple.com", "www.example.com.\u0441om", "www.example.com,evil.org")
                .map(name -> unauthorized(path + ", " + shown(name) + " outside the key",
                        bed -> bed.client().post(path, body(quoted(name)))));
    }

    private static Stream<BadInput> keys() {
        String unknown = UUID.randomUUID().toString();
        return Stream.of(
                unauthorized("no key", bed -> anyone(bed).cert(GOOD)),
                unauthorized("no key for /pem", bed -> anyone(bed).pem(GOOD)),
                unauthorized("empty key header", bed -> anyone(bed).withKey("").cert(GOOD)),
                unauthorized("key that is no GUID", bed -> anyone(bed).withKey("secret").cert(GOOD)),
                unauthorized("key with SQL", bed -> anyone(bed).withKey("' OR '1'='1").cert(GOOD)),
                unauthorized("key without hyphens",
                        bed -> anyone(bed).withKey(bed.apiKey().replace("-", "")).cert(GOOD)),
                unauthorized("key with half a pair of braces",
                        bed -> anyone(bed).withKey("{" + bed.apiKey()).cert(GOOD)),
                unauthorized("key with something behind it",
                        bed -> anyone(bed).withKey(bed.apiKey() + "0").cert(GOOD)),
                unauthorized("key of 4,000 characters", bed -> anyone(bed).withKey("a".repeat(4000)).cert(GOOD)),
                unauthorized("unknown key", bed -> anyone(bed).withKey(unknown).cert(GOOD)),
                unauthorized("disabled key", bed -> anyone(bed).withKey(bed.disabledApiKey()).cert(GOOD)),
                unauthorized("expired key", bed -> anyone(bed).withKey(bed.expiredApiKey()).cert(GOOD)),
                unauthorized("key for another domain", bed -> anyone(bed).withKey(bed.narrowApiKey()).cert(GOOD)),
                unauthorized("key for another domain, /pem",
                        bed -> anyone(bed).withKey(bed.narrowApiKey()).pem(body("\"example.org,example.com\""))),
                unauthorized("disabled key in upper case and braces", bed -> anyone(bed)
                        .withKey("{" + bed.disabledApiKey().toUpperCase(Locale.ROOT) + "}").cert(GOOD)),
                unauthorized("two key headers, the good one first",
                        bed -> bed.client().cert(GOOD, "X-Api-Key", unknown)),
                unauthorized("two key headers, the good one last",
                        bed -> anyone(bed).withKey(unknown).cert(GOOD, "X-Api-Key", bed.apiKey())),
                unauthorized("key in the query string",
                        bed -> anyone(bed).post(CERT + "?X-Api-Key=" + bed.apiKey(), GOOD)),
                unauthorized("key in another header",
                        bed -> anyone(bed).cert(GOOD, "Authorization", "Bearer " + bed.apiKey())),
                unauthorized("stray Authorization header",
                        bed -> anyone(bed).cert(GOOD, "Authorization", "Basic YWRtaW46YWRtaW4=")));
    }

    private static Stream<BadInput> keyBeforeAllElse() {
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                unauthorized("no key and no JSON", bed -> anyone(bed).cert("{")),
                unauthorized("no key and an empty body", bed -> anyone(bed).cert("")),
                unauthorized("no key and a bad name", bed -> anyone(bed).cert(body("\"*.*.example.com\""))),
                unauthorized("no key and a domain that nobody may request",
                        bed -> anyone(bed).cert(body("\"evil.org\""))),
                unauthorized("no key and 1 MB", bed -> anyone(bed).cert(" ".repeat(MEGABYTE))),
                unauthorized("no key and the wrong content type",
                        bed -> anyone(bed).send("POST", CERT, good, "Content-Type", "text/plain")),
                unauthorized("no key and no content type", bed -> anyone(bed).send("POST", CERT, good)),
                unauthorized("no key and an Accept that can't be met",
                        bed -> anyone(bed).cert(GOOD, "Accept", "image/png")),
                unauthorized("no key and the wrong method", bed -> anyone(bed).get(CERT)),
                unauthorized("no key and an unknown path", bed -> anyone(bed).get("/api/v1/unknown")),
                unauthorized("no key and a path below an endpoint", bed -> anyone(bed).post(CERT + "/x", GOOD)),
                unauthorized("no key and somebody's order", bed -> anyone(bed).get("/api/v1/orders/1")),
                unauthorized("unknown key and an unknown path",
                        bed -> anyone(bed).get("/api/v1/unknown", "X-Api-Key", UUID.randomUUID().toString())));
    }

    private static Stream<BadInput> sizes() {
        return Stream.of(CERT, PEM).flatMap(path -> Stream.of(
                post(path, "one byte over 64 KiB", GOOD + " ".repeat(64 * 1024 + 1 - GOOD.length()), 413, "64 KiB"),
                post(path, "1 MB with Content-Length", GOOD + " ".repeat(MEGABYTE), 413, "64 KiB"),
                post(path, "1 MB of brackets", "[".repeat(MEGABYTE), 413, "64 KiB"),
                new BadInput(path + ", 1 MB in chunks", bed -> chunked(bed, path, GOOD + " ".repeat(MEGABYTE)),
                        Set.of(413), "64 KiB")));
    }

    private static Stream<BadInput> http() {
        return Stream.of(
                plain("GET " + CERT, 405, "GET", CERT),
                plain("GET " + PEM, 405, "GET", PEM),
                plain("PUT", 405, "PUT", CERT, "Content-Type", "application/json"),
                plain("DELETE", 405, "DELETE", CERT),
                plain("PATCH", 405, "PATCH", PEM, "Content-Type", "application/json"),
                plain("unknown path", 404, "GET", "/api/v1/unknown"),
                plain("unknown path, POST", 404, "POST", "/api/v1/certs", "Content-Type", "application/json"),
                plain("path below an endpoint", 404, "POST", CERT + "/x", "Content-Type", "application/json"),
                // Jakarta Servlet 6.0 section 3.5.2 lets a server refuse an encoded slash: Open Liberty does
                new BadInput("markup in the path", bed -> withKey(bed, "GET",
                        "/api/v1/%3Cscript%3Ealert(1)%3C%2Fscript%3E"), Set.of(400, 404), ""),
                plain("other version", 404, "POST", "/api/v2/cert", "Content-Type", "application/json"),
                plain("path outside the API", 404, "GET", "/nothing/here"),
                plain("page that isn't there", 404, "GET", "/index.php", "Accept", "text/html"),
                plain("text/plain", 415, "POST", CERT, "Content-Type", "text/plain"),
                plain("form", 415, "POST", CERT, "Content-Type", "application/x-www-form-urlencoded"),
                plain("XML", 415, "POST", PEM, "Content-Type", "application/xml"),
                plain("multipart", 415, "POST", CERT, "Content-Type", "multipart/form-data; boundary=x"),
                plain("no content type", 415, "POST", CERT),
                new BadInput("Content-Type that is no media type",
                        bed -> withKey(bed, "POST", CERT, "Content-Type", "no media type"), Set.of(400, 415), ""),
                plain("Accept: image/png", 406, "POST", CERT, "Content-Type", "application/json",
                        "Accept", "image/png"),
                plain("Accept: text/html", 406, "POST", PEM, "Content-Type", "application/json",
                        "Accept", "text/html"),
                new BadInput("Accept that is no media type", bed -> withKey(bed, "POST", CERT,
                        "Content-Type", "application/json", "Accept", "no media type"), Set.of(400, 406), ""));
    }

    private static BadInput post(String path, String name, String body, int status, String message) {
        return new BadInput(path + ", " + name, bed -> bed.client().post(path, body), Set.of(status), message);
    }

    private static BadInput bytes(String path, String name, byte[] body, int status, String message) {
        return new BadInput(path + ", " + name, bed -> anyone(bed).send("POST", path, body,
                "X-Api-Key", bed.apiKey(), "Content-Type", "application/json"), Set.of(status), message);
    }

    private static BadInput unauthorized(String name, Call call) {
        return new BadInput(name, call, Set.of(401), "Invalid or unauthorized API key");
    }

    private static BadInput plain(String name, int status, String method, String path, String... headers) {
        return new BadInput(name, bed -> withKey(bed, method, path, headers), Set.of(status), "");
    }

    /** With the good key and, if the method has one, the good body. */
    private static Response withKey(TestBed bed, String method, String path, String... headers) {
        boolean bodiless = method.equals("GET") || method.equals("DELETE");
        String[] all = Stream.concat(Stream.of("X-Api-Key", bed.apiKey()), Arrays.stream(headers))
                .toArray(String[]::new);
        return anyone(bed).send(method, path, bodiless ? new byte[0] : GOOD.getBytes(StandardCharsets.UTF_8), all);
    }

    private static Response chunked(TestBed bed, String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return anyone(bed).send(HttpRequest.newBuilder(bed.baseUri().resolve(path))
                .header("X-Api-Key", bed.apiKey()).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))).build());
    }

    private static CertserviceClient anyone(TestBed bed) {
        return new CertserviceClient(bed.baseUri());
    }

    /** A request for staging; {@code domains} is JSON and may bring more fields after it. */
    static String body(String domains) {
        return "{\"staging\":true,\"domains\":" + domains + "}";
    }

    static String quoted(String text) {
        return Json.createValue(text).toString();
    }

    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "a" + i + ".example.com")
                .collect(Collectors.joining(",", "\"", "\""));
    }

    /** A name below example.com of that many characters, with labels of at most 63. */
    private static String name(int length) {
        String labels = ("a".repeat(63) + ".").repeat(3);
        return labels + "a".repeat(length - labels.length() - "example.com".length() - 1) + ".example.com";
    }

    private static String shown(String name) {
        return (name.length() > 40 ? name.substring(0, 40) + "…" : name).replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]", "?");
    }
}
