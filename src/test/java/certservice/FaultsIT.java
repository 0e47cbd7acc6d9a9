package certservice;

import static certservice.harness.AcmeResource.AUTHORIZATION;
import static certservice.harness.AcmeResource.CERTIFICATE;
import static certservice.harness.AcmeResource.CHALLENGE;
import static certservice.harness.AcmeResource.DIRECTORY;
import static certservice.harness.AcmeResource.FINALIZE;
import static certservice.harness.AcmeResource.NEW_ACCOUNT;
import static certservice.harness.AcmeResource.NEW_NONCE;
import static certservice.harness.AcmeResource.NEW_ORDER;
import static certservice.harness.AcmeResource.ORDER;
import static certservice.harness.Requests.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import certservice.harness.AcmeResource;
import certservice.harness.Bind;
import certservice.harness.CertserviceClient;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.Fault;
import certservice.harness.Fault.Answer;
import certservice.harness.FaultProxy;
import certservice.harness.FaultProxy.Rule;
import certservice.harness.ImportFile;
import certservice.harness.LocalCa;
import certservice.harness.Requests;
import certservice.harness.TestBed;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the CA, the network before it and DNS do on bad days, as a caller sees it: either the certificate all the
 * same, or the contract's failure that says why and how to mend it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsIT {

    /** As Payara and GlassFish, WildFly, and Open Liberty write it. */
    private static final String SEVERE = "(SEVERE|ERROR| E )";

    private static final String KEY = UUID.randomUUID().toString();
    private static final String ACME = "urn:ietf:params:acme:error:";
    private static final String OWN = "urn:certservice:error:";

    /** Of the service; so an exchange is attempted five times. */
    private static final Duration DEADLINE = Duration.ofSeconds(7);

    /** What the service adds to its deadline, and what a busy machine does. */
    private static final Duration TOLERANCE = Duration.ofSeconds(9);

    private static final Pattern TOKEN = Pattern.compile("\"token\": *\"([^\"]+)\"");
    private static final AtomicInteger NEXT_NAME = new AtomicInteger();
    private static final AtomicInteger SECONDS = new AtomicInteger();
    private static final ExecutorService CALLERS = Executors.newCachedThreadPool();

    private static TestBed bed;
    private static FaultProxy proxy;
    private static CertserviceClient client;
    private static String privateKey;

    /** Last of all rules, and always there. */
    private static Rule freshDirectory;

    private final List<Rule> faults = new ArrayList<>();

    @BeforeAll
    static void start() {
        TestBed.Builder builder = TestBed.in("faults")
                .setting("certservice.issuance.timeout", DEADLINE.toString())
                .productionThrough(FaultsIT::before)
                .production(pebble -> pebble.blocking("blocked.example.com"))
                .staging(pebble -> pebble.rejectingNonces(40));
        if (Bind.available()) {
            builder.zone(new Bind.Zone("silent.test", "@ A 127.0.0.2\n"))
                    .zone(Bind.Zone.allLocal("txt.test"));
        }
        bed = builder.importing(FaultsIT::domains).start();
        freshDirectory = expiredDirectory();
        client = bed.client().withKey(KEY);
    }

    private static URI before(URI pebble, LocalCa ca) {
        try {
            proxy = FaultProxy.before(pebble, ca);
            return proxy.directory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void domains(ImportFile file) {
        List<String> names = new ArrayList<>(List.of("example.com"));
        for (String name : List.of("broken.test", "silent.test", "missing.test")) {
            file.exactly(name);
            names.add(name);
        }
        if (Bind.available()) {
            file.domain("txt.test", true, "dns-01", TestBed.DNS_PROVIDER);
            names.add("txt.test");
        }
        file.apiKey("faults", KEY, names.toArray(String[]::new));
    }

    /** A copy of the directory lives for an hour; here it is fetched again and again, so that it can go wrong. */
    private static Rule expiredDirectory() {
        return proxy.on(to(DIRECTORY), passage -> passage.give(passage.ask().withHeader("Expires",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.ofEpochSecond(SECONDS.incrementAndGet()).atZone(ZoneOffset.UTC)))));
    }

    @AfterEach
    void recover() throws IOException {
        faults.forEach(Rule::close);
        proxy.up();
    }

    @AfterAll
    static void stop() throws Exception {
        CALLERS.shutdownNow();
        if (bed == null) {
            return;
        }
        try {
            bed.server().stop();
            assertLogTellsNoSecret();
            assertNothingIsLeftHalfDone();
        } finally {
            bed.close();
            proxy.close();
        }
    }

    private static void assertLogTellsNoSecret() {
        String log = log();
        assertThat(log).as("log of the server").isNotEmpty();
        assertThat(log.contains("PRIVATE KEY")).as("a private key in the log").isFalse();
        assertThat(log.contains(bed.apiKey()) || log.contains(KEY)).as("an API key in the log").isFalse();
        bed.bind().ifPresent(bind ->
                assertThat(log.contains(bind.keySecret())).as("the TSIG secret in the log").isFalse());
        assertThat(privateKey.lines().filter(line -> line.length() == 64).filter(log::contains))
                .as("a part of a private key in the log").isEmpty();
        assertThat(log.lines().filter(line -> line.contains("nobody foresaw"))).isEmpty();
    }

    /**
     * Whatever happened to it, an order ends, and takes its proofs away. Only what the CA has got a CSR of is taken up
     * again and again, and has not always had the time for it.
     */
    private static void assertNothingIsLeftHalfDone() throws SQLException {
        try (Connection database = bed.database()) {
            assertThat(column(database, "select status || ' ' || names || ' ' || request_id from certificate_order"
                    + " where status not in ('ISSUED', 'FAILED', 'FINALIZING')")).as("orders that never ended")
                    .isEmpty();
            assertThat(column(database, "select token from http_challenge")).as("proofs that are still there")
                    .isEmpty();
        }
    }

    private static List<String> column(Connection database, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet rows = database.createStatement().executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    // Lost on the way

    @Test
    @Order(1)
    void registersItsAccountAlthoughTheAnswerIsLost() {
        Rule lost = given(to(NEW_ACCOUNT).next(1), Fault.answerLost());
        Response answer = client.pem(body(name()));
        assertIssued(answer);
        assertThat(lost.struck()).isEqualTo(1);
        privateKey = answer.json().asJsonArray().getJsonObject(0).getString("PrivateKey");
    }

    @ParameterizedTest
    @EnumSource(value = AcmeResource.class,
            names = {"NEW_ORDER", "AUTHORIZATION", "CHALLENGE", "ORDER", "FINALIZE", "CERTIFICATE"})
    void issuesExactlyOneCertificateAlthoughAnAnswerIsLost(AcmeResource resource) {
        long issued = issued();
        Rule lost = given(to(resource).next(1), Fault.answerLost());
        assertIssued(client.cert(body(name(), name())));
        assertThat(lost.struck()).isEqualTo(1);
        assertThat(issued()).isEqualTo(issued + 1);
    }

    @Test
    void issuesAlthoughARequestOfEachKindIsLost() {
        onceEach(Fault.requestLost());
        assertIssued(client.cert(body(name(), name())));
    }

    @Test
    void saysThatTheCaIsNotThere() {
        proxy.downNow();
        JsonObject problem = onlyProblem(failure(client.cert(body(name())), 500));
        assertThat(problem.getString("type")).isEqualTo(OWN + "caUnavailable");
        assertThat(problem.getString("hint")).contains("again later");
    }

    @Test
    void issuesWhenTheCaComesBackInTime() throws IOException {
        long retries = logged("The CA is asked again in");
        proxy.downNow();
        CompletableFuture<Response> answer = async(() -> client.cert(body(name())));
        await(() -> logged("The CA is asked again in") > retries);
        proxy.up();
        assertIssued(answer.join());
    }

    @Test
    void orderFromOneCaWhileTheOtherIsDown() {
        proxy.downNow();
        CompletableFuture<Response> production = async(() -> client.cert(body(name())));
        assertIssued(client.cert(staging(name())));
        failure(production.join(), 500);
    }

    // Garbage

    static Stream<Arguments> garbage() {
        return Stream.of(arguments("a web page", Fault.html()), arguments("half a body", Fault.truncatedBody()),
                arguments("no body", Fault.emptyBody()),
                arguments("another media type", Fault.contentType("application/octet-stream")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("garbage")
    void issuesAlthoughTheCaAnswersNonsenseOnceForEachResource(String kind, Fault fault) {
        List<Rule> rules = onceEach(fault);
        assertIssued(client.cert(body(name())));
        assertThat(rules).allSatisfy(rule -> assertThat(rule.struck()).isEqualTo(1));
    }

    @Test
    void issuesAlthoughANonceIsOnceAWebPage() {
        loseNonce();
        Rule rule = given(to(NEW_NONCE).next(1), Fault.html());
        assertIssued(client.cert(body(name())));
        assertThat(rule.struck()).isEqualTo(1);
    }

    @Test
    void issuesAlthoughTheChainIsOnceNoCertificate() {
        Rule rule = given(to(CERTIFICATE).next(1), Fault.garbageChain());
        assertIssued(client.cert(body(name())));
        assertThat(rule.struck()).isEqualTo(1);
    }

    static Stream<Arguments> lastingGarbage() {
        return Stream.of(arguments(DIRECTORY, "an empty object", document("{}")),
                arguments(NEW_ORDER, "an empty object", document("{}").afterUpstream()),
                arguments(AUTHORIZATION, "a list", document("[]")),
                arguments(ORDER, "an empty object", document("{}")),
                arguments(CERTIFICATE, "no body", Fault.emptyBody()),
                arguments(CERTIFICATE, "no certificates", Fault.garbageChain()));
    }

    private static Fault document(String json) {
        return passage -> passage.give(Answer.of(200, Map.of("Content-Type", "application/json",
                "Replay-Nonce", passage.freshNonce()), json));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("lastingGarbage")
    void givesUpInTimeWhenTheCaKeepsAnsweringNonsense(AcmeResource resource, String kind, Fault fault) {
        given(to(resource), fault);
        Instant start = Instant.now();
        JsonObject problem = onlyProblem(failure(client.cert(body(name())), 500));
        assertThat(problem.getString("type")).isEqualTo(OWN + "caUnavailable");
        assertThat(since(start)).isLessThan(DEADLINE.plus(TOLERANCE));
        faults.forEach(Rule::close);
        assertIssued(client.cert(body(name())));
    }

    @Test
    void refusesACertificateForAnotherKey() {
        AtomicReference<byte[]> other = new AtomicReference<>();
        String name = name();
        try (Rule watched = given(to(CERTIFICATE), passage -> {
            Answer answer = passage.ask();
            other.set(answer.body());
            passage.give(answer);
        })) {
            assertIssued(client.cert(body(name)));
        }
        given(to(CERTIFICATE), passage -> passage.give(passage.ask().withBody(other.get())));
        JsonObject problem = onlyProblem(failure(client.cert(body(name)), 500));
        assertThat(problem.getString("type")).isEqualTo(OWN + "wrongCertificate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"detail\":\"no type\",\"status\":403}",
            "{\"type\":\"" + ACME + "malformed\",\"detail\":\"outer\",\"subproblems\":[{\"detail\":\"no type\"}]}"})
    void understandsProblemsThatLackWhatTheyShouldHave(String document) {
        given(to(NEW_ORDER), passage -> passage.give(Answer.of(403, Map.of("Content-Type",
                "application/problem+json", "Replay-Nonce", passage.freshNonce()), document)));
        onlyProblem(failure(client.cert(body(name())), 500));
    }

    // Slow

    @Test
    void answersInTimeWhateverHangsAndLosesNoThread() {
        List<AcmeResource> hanging = List.of(NEW_ORDER, AUTHORIZATION, CHALLENGE, FINALIZE, CERTIFICATE);
        hanging.forEach(resource -> given(to(resource).next(1), Fault.hang()));
        given(to(AUTHORIZATION).next(1), Fault.hangInBody());
        given(to(CERTIFICATE).next(1), Fault.hangInBody());
        Instant start = Instant.now();
        List<CompletableFuture<Response>> answers = IntStream.range(0, hanging.size() + 2)
                .mapToObj(i -> async(() -> client.cert(body(name())))).toList();
        for (CompletableFuture<Response> answer : answers) {
            JsonObject problem = onlyProblem(failure(answer.join(), 500));
            assertThat(problem.getString("type")).isEqualTo(OWN + "timeout");
        }
        assertThat(since(start)).isBetween(DEADLINE, DEADLINE.plus(TOLERANCE));
        faults.forEach(Rule::close);
        IntStream.range(0, 8).mapToObj(i -> async(() -> client.cert(body(name())))).toList()
                .forEach(answer -> assertIssued(answer.join()));
    }

    @Test
    void answersInTimeWhenTheOrderNeverBecomesValid() {
        given(to(ORDER), passage -> {
            Answer answer = passage.ask();
            passage.give(answer.withHeader("Retry-After", "3600").withBody(answer.text()
                    .replaceAll("(\"status\": *)\"[a-z]+\"", "$1\"processing\"").getBytes(StandardCharsets.UTF_8)));
        });
        Instant start = Instant.now();
        JsonObject problem = onlyProblem(failure(client.cert(body(name())), 500));
        assertThat(problem.getString("type")).isEqualTo(OWN + "timeout");
        assertThat(since(start)).isBetween(DEADLINE, DEADLINE.plus(TOLERANCE));
    }

    @Test
    void saysThatTheCaGaveAnOrderUpWithoutAReason() {
        given(to(ORDER), rewriting("(\"status\": *)\"[a-z]+\"", "$1\"invalid\""));
        String name = name();
        JsonObject problem = onlyProblem(failure(client.cert(body(name)), 500));
        assertThat(problem.getString("domain")).isEqualTo(name);
        assertThat(problem.getString("type")).isEqualTo(OWN + "orderInvalid");
    }

    // The CA has problems of its own

    @ParameterizedTest
    @ValueSource(ints = {502, 504})
    void issuesAlthoughALoadBalancerOnceAnswersForEachResource(int status) {
        List<Rule> rules = onceEach(gateway(status));
        assertIssued(client.cert(body(name())));
        assertThat(rules).allSatisfy(rule -> assertThat(rule.struck()).isEqualTo(1));
    }

    @Test
    void issuesAlthoughALoadBalancerOnceAnswersForANonce() {
        loseNonce();
        Rule rule = given(to(NEW_NONCE).next(1), gateway(502));
        assertIssued(client.cert(body(name())));
        assertThat(rule.struck()).isEqualTo(1);
    }

    private static Fault gateway(int status) {
        return Fault.answer(status, Map.of("Content-Type", "text/html"), "<html><body>Bad Gateway</body></html>");
    }

    @ParameterizedTest
    @EnumSource(value = AcmeResource.class, names = {"DIRECTORY", "NEW_ORDER", "FINALIZE"})
    void waitsAsLongAsTheCaAsks(AcmeResource resource) {
        given(to(resource).next(1), Fault.unavailable(Duration.ofSeconds(2)));
        Instant start = Instant.now();
        assertIssued(client.cert(body(name())));
        assertThat(since(start)).isGreaterThan(Duration.ofMillis(1000));
    }

    @Test
    void answersAtOnceWhenTheCaAsksForMoreTimeThanThereIs() {
        given(to(NEW_ORDER), Fault.unavailable(Duration.ofMinutes(5)));
        Instant start = Instant.now();
        onlyProblem(failure(client.cert(body(name())), 500));
        assertThat(since(start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void issuesAlthoughTheCaOnceHasAnInternalError() {
        Rule rule = given(to(NEW_ORDER).next(1), Fault.serverInternal());
        assertIssued(client.cert(body(name())));
        assertThat(rule.struck()).isEqualTo(1);
    }

    @Test
    void passesOnThatTheCaHasAnInternalError() {
        given(to(FINALIZE), Fault.serverInternal());
        String name = name();
        JsonObject problem = onlyProblem(failure(client.cert(body(name)), 500));
        assertThat(problem.getString("domain")).isEqualTo(name);
        assertThat(problem.getString("type")).isEqualTo(ACME + "serverInternal");
        assertThat(problem.getString("detail")).isEqualTo("Error creating new order");
        assertThat(problem.getString("hint")).contains("later");
    }

    @Test
    void issuesTenTimesAlthoughTheCaRejectsTwoNoncesOfFive() {
        IntStream.range(0, 10).mapToObj(i -> async(() -> client.cert(staging(name())))).toList()
                .forEach(answer -> assertIssued(answer.join()));
        assertThat(bed.staging().logged("POST /order-plz")).as("orders, rejected ones included").isGreaterThan(10);
    }

    @Test
    void issuesAlthoughARejectedNonceComesWithoutANewOne() {
        given(to(NEW_ORDER).next(2), Fault.answer(400, Map.of("Content-Type", "application/problem+json"),
                "{\"type\":\"" + ACME + "badNonce\",\"detail\":\"no\",\"status\":400}"));
        assertIssued(client.cert(body(name())));
    }

    // Limits

    @ParameterizedTest(name = "at {0} with Retry-After {1}")
    @CsvSource({"NEW_ORDER,90", "NEW_ORDER,date", "NEW_ORDER,", "FINALIZE,90", "FINALIZE,date", "FINALIZE,"})
    void passesOnTheCasRateLimit(AcmeResource resource, String retryAfter) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(90));
        Map<String, String> headers = retryAfter == null ? Map.of()
                : Map.of("Retry-After", retryAfter.equals("date") ? date : retryAfter);
        Rule rule = given(to(resource), Fault.problem(429, "rateLimited", "too many certificates", headers));
        String name = name();
        Response response = client.cert(body(name));
        JsonObject problem = onlyProblem(failure(response, 429));
        assertThat(problem.getString("domain")).isEqualTo(name);
        assertThat(problem.getString("type")).isEqualTo(ACME + "rateLimited");
        assertThat(problem.getString("detail")).isEqualTo("too many certificates");
        assertThat(problem.getString("hint")).contains("Retry-After");
        int seconds = Integer.parseInt(response.header("Retry-After"));
        assertThat(seconds).isBetween(retryAfter == null ? 1 : 60, retryAfter == null ? 86_400 : 91);
        assertThat(rule.struck()).as("a limit is not tried again").isEqualTo(1);
    }

    @Test
    void passesOnTheRateLimitOfALoadBalancer() {
        given(to(NEW_ORDER), Fault.answer(429, Map.of("Content-Type", "text/html", "Retry-After", "30"),
                "<html>slow down</html>"));
        Response response = client.cert(body(name()));
        onlyProblem(failure(response, 429));
        assertThat(Integer.parseInt(response.header("Retry-After"))).isBetween(20, 31);
    }

    // Validation

    static Stream<Arguments> unprovable() {
        return Stream.of(arguments("broken.test", "dns|connection", "A or AAAA|A and AAAA"),
                arguments("missing.test", "dns|connection", "A or AAAA|A and AAAA"),
                arguments("silent.test", "connection", "port 80"));
    }

    @ParameterizedTest
    @MethodSource("unprovable")
    void namesTheOneOfFiveThatCannotBeProven(String bad, String type, String hint) {
        assumeTrue(bed.bind().isPresent());
        Set<String> tokens = watchTokens();
        int mark = proxy.mark();
        String names = String.join(",", name(), name(), bad, name(), name());
        for (Function<String, Response> call : List.<Function<String, Response>>of(client::cert, client::pem)) {
            JsonObject problem = onlyProblem(failure(call.apply(body(names)), 500));
            assertThat(problem.getString("domain")).isEqualTo(bad);
            assertThat(problem.getString("type")).matches(ACME + "(" + type + ")");
            assertThat(problem.getString("detail")).isNotBlank();
            assertThat(problem.getString("hint")).containsPattern(hint);
        }
        assertThat(proxy.count(FINALIZE, mark)).as("certificates of the others").isZero();
        assertThat(tokens).hasSizeGreaterThanOrEqualTo(10);
        assertNoProofIsLeft(tokens);
    }

    @Test
    void namesEveryNameThatCannotBeProven() {
        assumeTrue(bed.bind().isPresent());
        String names = String.join(",", name(), "silent.test", name(), "broken.test", "missing.test");
        for (Function<String, Response> call : List.<Function<String, Response>>of(client::cert, client::pem)) {
            assertThat(problems(failure(call.apply(body(names)), 500)))
                    .map(problem -> problem.getString("domain"))
                    .containsExactlyInAnyOrder("silent.test", "broken.test", "missing.test");
        }
    }

    @Test
    void saysThatCaaForbidsTheCa() {
        assumeTrue(bed.bind().isPresent());
        given(to(AUTHORIZATION), rewriting("error:connection", "error:caa"));
        JsonObject problem = onlyProblem(failure(client.cert(body("silent.test")), 500));
        assertThat(problem.getString("type")).isEqualTo(ACME + "caa");
        assertThat(problem.getString("hint")).contains("CAA");
    }

    @Test
    void saysThatAnotherAnswersForTheName() {
        Set<String> tokens = new ConcurrentSkipListSet<>();
        given(to(AUTHORIZATION), passage -> {
            Answer answer = passage.ask();
            Matcher token = TOKEN.matcher(answer.text());
            String other = token.replaceAll("\"token\": \"x$1\"");
            token.reset().results().forEach(found -> tokens.add("x" + found.group(1)));
            passage.give(answer.withBody(other.getBytes(StandardCharsets.UTF_8)));
        });
        JsonObject problem = onlyProblem(failure(client.cert(body(name())), 500));
        assertThat(problem.getString("type")).matches(ACME + "(unauthorized|incorrectResponse)");
        assertThat(problem.getString("hint")).contains("proxy");
        assertNoProofIsLeft(tokens);
    }

    @Test
    void withdrawsItsTxtRecordsAfterAFailure() {
        assumeTrue(bed.bind().isPresent());
        Set<String> seen = new ConcurrentSkipListSet<>();
        given(to(AUTHORIZATION), rewriting("(\"token\": *\")", "$1x"));
        given(to(CHALLENGE), passage -> {
            seen.addAll(txt("_acme-challenge.a.txt.test"));
            seen.addAll(txt("_acme-challenge.b.txt.test"));
            passage.give(passage.ask());
        });
        Collection<JsonObject> problems = problems(failure(client.cert(body("a.txt.test", "*.b.txt.test")), 500));
        assertThat(problems).map(problem -> problem.getString("domain"))
                .containsExactlyInAnyOrder("a.txt.test", "*.b.txt.test");
        assertThat(problems).allSatisfy(problem -> {
            assertThat(problem.getString("type")).isEqualTo(ACME + "unauthorized");
            assertThat(problem.getString("hint")).contains("TXT");
        });
        assertThat(seen).as("TXT values while the CA looked").hasSize(2);
        assertThat(txt("_acme-challenge.a.txt.test")).isEmpty();
        assertThat(txt("_acme-challenge.b.txt.test")).isEmpty();
    }

    @Test
    void passesOnThatTheCasPolicyForbidsAName() {
        int mark = proxy.mark();
        for (Function<String, Response> call : List.<Function<String, Response>>of(client::cert, client::pem)) {
            JsonObject problem = onlyProblem(failure(call.apply(body(name(), "blocked.example.com", name())), 500));
            assertThat(problem.getString("type")).isEqualTo(ACME + "rejectedIdentifier");
            assertThat(problem.getString("detail")).contains("blocked.example.com");
            assertThat(problem.getString("hint")).contains("policy");
        }
        JsonObject problem = onlyProblem(failure(client.pem(body(name(), "blocked.example.com")), 500));
        assertThat(problem.getString("domain")).isEqualTo("blocked.example.com");
        assertThat(proxy.count(FINALIZE, mark)).as("certificates of the others").isZero();
    }

    @Test
    void givesOneProblemForEachSubproblem() {
        given(to(NEW_ORDER), passage -> passage.give(Answer.of(400, Map.of("Content-Type",
                "application/problem+json", "Replay-Nonce", passage.freshNonce()), """
                {"type": "urn:ietf:params:acme:error:compound", "detail": "2 problems", "status": 400, "subproblems": [
                 {"type": "urn:ietf:params:acme:error:rejectedIdentifier", "detail": "not this",
                  "identifier": {"type": "dns", "value": "x.example.com"}},
                 {"type": "urn:ietf:params:acme:error:unsupportedIdentifier", "detail": "nor that",
                  "identifier": {"type": "dns", "value": "y.example.com"}}]}
                """)));
        List<JsonObject> problems = problems(failure(client.cert(body("x.example.com", "y.example.com", name())), 500));
        assertThat(problems).map(problem -> problem.getString("domain") + " " + problem.getString("type") + " "
                + problem.getString("detail")).containsExactly(
                "x.example.com " + ACME + "rejectedIdentifier not this",
                "y.example.com " + ACME + "unsupportedIdentifier nor that");
    }

    // What the CA offers, and whom it knows

    @Test
    void listsTheProfilesThatTheCaOffers() {
        given(to(DIRECTORY), rewriting("\"shortlived\"", "\"other\""));
        JsonObject problem = onlyProblem(failure(client.cert(request(name(), false, "shortlived")), 500));
        assertThat(problem.getString("type")).isEqualTo(ACME + "invalidProfile");
        assertThat(problem.getString("hint")).contains("classic, other, tlsserver");
    }

    @Test
    void listsTheProfilesThatTheCaOffersWhenTheCaItselfRefusesOne() {
        given(to(NEW_ORDER), Fault.problem(400, "invalidProfile", "profile not recognized", Map.of()));
        JsonObject problem = onlyProblem(failure(client.cert(request(name(), false, "shortlived")), 500));
        assertThat(problem.getString("type")).isEqualTo(ACME + "invalidProfile");
        assertThat(problem.getString("detail")).isEqualTo("profile not recognized");
        assertThat(problem.getString("hint")).contains("classic, shortlived, tlsserver");
    }

    @Test
    void ordersClassicFromACaWithoutProfiles() {
        given(to(DIRECTORY), rewriting("\"profiles\"", "\"unknown\""));
        assertIssued(client.cert(body(name())));
        JsonObject problem = onlyProblem(failure(client.cert(request(name(), false, "tlsserver")), 500));
        assertThat(problem.getString("hint")).contains("classic");
    }

    @Test
    void alertsTheOperatorWhenTheCaDoesNotKnowTheAccount() {
        given(to(NEW_ORDER), Fault.problem(400, "accountDoesNotExist", "unable to find account", Map.of()));
        JsonObject problem = onlyProblem(failure(client.cert(body(name())), 500));
        assertThat(problem.getString("type")).isEqualTo(ACME + "accountDoesNotExist");
        assertThat(problem.getString("hint")).contains("operator");
        assertThat(logged(SEVERE + ".*\\R?.*The CA refuses this service itself.*accountDoesNotExist")).isPositive();
    }

    // The caller

    @Test
    void issuesUndisturbedWhenTheCallerHasGone() throws Exception {
        Rule hang = given(to(CERTIFICATE).next(1), Fault.hang());
        String name = name();
        try (Socket caller = new Socket(bed.baseUri().getHost(), bed.baseUri().getPort())) {
            caller.setSoLinger(true, 0);
            String body = body(name);
            caller.getOutputStream().write(("POST /api/v1/cert HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: " + KEY
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(hang.awaitStrike(DEADLINE)).isTrue();
        }
        int before = log().length();
        hang.release();
        await(() -> log().substring(before).contains("its caller has gone; the result is kept"));
        assertThat(log().substring(before)).contains("[" + name + "]");
        assertIssued(client.cert(body(name)));
        assertThat(log().substring(before)).as("certificates").containsOnlyOnce("certificate ");
    }

    // Calls and what comes back

    /** A new name that all may request, so that nothing that was validated before counts. */
    private static String name() {
        return "n" + NEXT_NAME.incrementAndGet() + ".example.com";
    }

    private static String body(String... names) {
        return request(String.join(",", names), false, "classic");
    }

    private static String staging(String names) {
        return request(names, true, "classic");
    }

    private static String request(String names, boolean staging, String profile) {
        return "{\"staging\":%s,\"domains\":\"%s\",\"profile\":\"%s\",\"keyType\":\"EC256\"}"
                .formatted(staging, names, profile);
    }

    private static CompletableFuture<Response> async(Supplier<Response> call) {
        return CompletableFuture.supplyAsync(call, CALLERS);
    }

    /** Rules work in the order in which they were added; the one that everything falls back to is kept the last. */
    private Rule given(Requests which, Fault fault) {
        Rule rule = proxy.on(which, fault);
        Rule last = expiredDirectory();
        freshDirectory.close();
        freshDirectory = last;
        faults.add(rule);
        return rule;
    }

    /** The fault for the first request of each kind that an order needs. */
    private List<Rule> onceEach(Fault fault) {
        return Stream.of(DIRECTORY, NEW_ORDER, AUTHORIZATION, CHALLENGE, ORDER, FINALIZE, CERTIFICATE)
                .map(resource -> given(to(resource).next(1), fault)).toList();
    }

    /** An answer without a nonce, so that the service has to ask for one. */
    private void loseNonce() {
        given(to(NEW_ORDER).next(1), Fault.html());
    }

    private static Fault rewriting(String pattern, String replacement) {
        return passage -> {
            Answer answer = passage.ask();
            passage.give(answer.withBody(
                    answer.text().replaceAll(pattern, replacement).getBytes(StandardCharsets.UTF_8)));
        };
    }

    private Set<String> watchTokens() {
        Set<String> tokens = new ConcurrentSkipListSet<>();
        given(to(AUTHORIZATION), passage -> {
            Answer answer = passage.ask();
            TOKEN.matcher(answer.text()).results().forEach(token -> tokens.add(token.group(1)));
            passage.give(answer);
        });
        return tokens;
    }

    private static void assertNoProofIsLeft(Set<String> tokens) {
        assertThat(tokens).isNotEmpty().allSatisfy(token ->
                assertThat(client.get("/.well-known/acme-challenge/" + token).status()).isEqualTo(404));
    }

    private static List<String> txt(String name) {
        return bed.bind().orElseThrow().lookUp(name, "TXT");
    }

    private static long issued() {
        return bed.production().logged("Issued certificate serial");
    }

    private static void assertIssued(Response response) {
        assertThat(response.status()).as("status of %s", response).isEqualTo(200);
    }

    private static JsonObject onlyProblem(JsonObject failure) {
        List<JsonObject> problems = problems(failure);
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    private static List<JsonObject> problems(JsonObject failure) {
        assertThat(failure).containsKey("problems");
        return failure.getJsonArray("problems").getValuesAs(JsonObject.class);
    }

    /** The body of a failure as the contract has it, which tells a caller nothing that is only ours to know. */
    private static JsonObject failure(Response response, int status) {
        assertThat(response.status()).as("status of %s", response).isEqualTo(status);
        assertThat(response.header("Content-Type")).matches("application/json(;.*)?");
        JsonObject body = response.json().asJsonObject();
        assertThat(body.getString("message")).isEqualTo("No certificate was generated");
        assertThat(body.getString("requestId")).isNotBlank().isEqualTo(response.header("X-Request-Id"));
        assertThat(log()).as("log of the server").contains(body.getString("requestId"));
        String own = response.text();
        for (JsonObject problem : problems(body)) {
            assertThat(problem.keySet()).isSubsetOf("domain", "type", "detail", "hint");
            assertThat(problem.getString("hint")).isNotBlank();
            if (problem.getString("type").startsWith(ACME)) {
                own = own.replace(problem.getString("detail"), "");
            }
        }
        assertThat(own).doesNotContain("java.", "Exception", "certservice.", "127.0.0.1", "localhost", "\\tat ");
        return body;
    }

    private static Duration since(Instant start) {
        return Duration.between(start, Instant.now());
    }

    private static String log() {
        try {
            return Files.readString(bed.server().log(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long logged(String pattern) {
        return Pattern.compile(pattern).matcher(log()).results().count();
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plusSeconds(30);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waiting in vain").isBefore(end);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
