package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.AcmeResource;
import certservice.harness.Browser;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.Fault;
import certservice.harness.FaultProxy;
import certservice.harness.LocalCa;
import certservice.harness.PostgresqlServer;
import certservice.harness.Requests;
import certservice.harness.TestBed;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is ordered reaches its caller, whatever becomes of the connection; and nobody else. */
class SurvivingOrdersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger NEXT_NAME = new AtomicInteger();

    private static PostgresqlServer postgresql;
    private static PostgresqlServer.Database database;
    private static FaultProxy ca;
    private static TestBed bed;

    @BeforeAll
    static void start() {
        assumeThat(PostgresqlServer.shared()).as("PostgreSQL is installed").isPresent();
        postgresql = PostgresqlServer.shared().orElseThrow();
        database = postgresql.database("surviving");
        bed = TestBed.in("surviving").database(database)
                .setting("certservice.issuance.timeout", "PT8S")
                .setting("certservice.acme.staging.limits", "exact-set=1/P7D")
                .productionThrough(SurvivingOrdersIT::before).start();
    }

    private static URI before(URI directory, LocalCa trusted) {
        try {
            ca = FaultProxy.before(directory, trusted);
            return ca.directory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        if (bed != null) {
            bed.close();
            ca.close();
        }
    }

    @AfterEach
    void calm() {
        ca.calm();
    }

    // A broken connection

    @ParameterizedTest
    @ValueSource(strings = {"cert", "pem"})
    void handsTheResultToTheNextSuchRequestWhenTheCallerHasGone(String endpoint) throws Exception {
        String body = body(name());
        int mark = ca.mark();
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.FINALIZE).next(1), Fault.hangAfter());
        Socket caller = send(endpoint, body);
        assertThat(hold.awaitStrike(PATIENCE)).isTrue();
        caller.close();
        hold.release();
        await(() -> logged("its caller has gone"));

        Delivered delivered = only(endpoint, post(endpoint, body));
        assertThat(delivered.keyBelongsToLeaf()).isTrue();
        assertThat(ca.count(AcmeResource.NEW_ORDER, mark)).as("orders at the CA").isEqualTo(1);
        assertThat(ca.count(AcmeResource.FINALIZE, mark)).as("certificates").isEqualTo(1);
        assertThat(only(endpoint, post(endpoint, body)).leaf()).as("a new one after delivery")
                .isNotEqualTo(delivered.leaf());
    }

    @Test
    void goesOnAfterTheCallersTimeAndHandsTheResultToTheNextSuchRequest() throws Exception {
        String body = body(name());
        int mark = ca.mark();
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.FINALIZE).next(1), Fault.hangAfter());
        Response late = bed.client().cert(body);
        assertThat(late.status()).isEqualTo(500);
        assertThat(late.text()).contains("urn:certservice:error:timeout", "the order goes on");
        hold.release();

        Delivered delivered = Delivered.ofCert(bed.client().cert(body));
        assertThat(delivered.keyBelongsToLeaf()).isTrue();
        assertThat(ca.count(AcmeResource.NEW_ORDER, mark)).isEqualTo(1);
    }

    @Test
    void goesOnWhenTheCaCannotBeReachedForAWhileAfterItGotTheCsr() throws Exception {
        String body = body(name());
        int mark = ca.mark();
        FaultProxy.Rule lost = ca.on(Requests.to(AcmeResource.ORDER, AcmeResource.CERTIFICATE), passage -> {
            if (ca.count(AcmeResource.FINALIZE, mark) > 0) {
                passage.cut();
            } else {
                passage.give(passage.ask());
            }
        });
        assertThat(bed.client().cert(body).status()).isEqualTo(500);
        lost.close();
        Delivered delivered = eventually(() -> bed.client().cert(body));
        assertThat(delivered.keyBelongsToLeaf()).isTrue();
        assertThat(ca.count(AcmeResource.NEW_ORDER, mark)).isEqualTo(1);
    }

    // The same request at the same time

    @Test
    void makesOneOrderOfFiftyEqualRequestsAtOnce() throws Exception {
        String name = name();
        int mark = ca.mark();
        List<CompletableFuture<Response>> answers = IntStream.range(0, 50)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> bed.client().cert(body(name)),
                        command -> new Thread(command).start())).toList();
        Set<String> bodies = new HashSet<>();
        for (CompletableFuture<Response> answer : answers) {
            Delivered.ofCert(answer.join());
            bodies.add(Base64.getEncoder().encodeToString(answer.join().body()));
        }
        assertThat(bodies).hasSize(1);
        assertThat(ca.count(AcmeResource.NEW_ORDER, mark)).isEqualTo(1);
        assertThat(ca.count(AcmeResource.FINALIZE, mark)).isEqualTo(1);
    }

    @Test
    void sharesNothingBetweenTwoKeys() throws Exception {
        String body = BadInput.body("\"example.org\"").replace("true", "false");
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.NEW_ORDER).next(2), Fault.hang());
        CompletableFuture<Response> one = CompletableFuture.supplyAsync(() -> bed.client().cert(body));
        CompletableFuture<Response> other = CompletableFuture.supplyAsync(() ->
                bed.client().withKey(bed.narrowApiKey()).cert(body));
        assertThat(hold.awaitStrike(PATIENCE)).isTrue();
        assertThat(hold.awaitStrike(PATIENCE)).isTrue();
        hold.release();
        assertThat(Delivered.ofCert(one.join()).leaf()).isNotEqualTo(Delivered.ofCert(other.join()).leaf());
    }

    // Idempotency-Key

    @Test
    void answersARepetitionWithTheSameResultAfterDeliveryToo() throws Exception {
        String body = body(name());
        String key = '"' + UUID.randomUUID().toString() + '"';
        int mark = ca.mark();
        Response first = bed.client().cert(body, "Idempotency-Key", key);
        Response second = bed.client().cert(body, "Idempotency-Key", key);
        assertThat(Delivered.ofCert(second).leaf()).isEqualTo(Delivered.ofCert(first).leaf());
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(ca.count(AcmeResource.NEW_ORDER, mark)).isEqualTo(1);
        assertThat(Delivered.ofCert(bed.client().cert(body)).leaf()).as("without the key")
                .isNotEqualTo(Delivered.ofCert(first).leaf());
    }

    @Test
    void refusesTheSameIdempotencyKeyForAnotherRequest() {
        String key = UUID.randomUUID().toString();
        String name = name();
        assertThat(bed.client().cert(body(name), "Idempotency-Key", key).status()).isEqualTo(200);
        for (Response other : List.of(bed.client().cert(body(name()), "Idempotency-Key", key),
                bed.client().pem(body(name), "Idempotency-Key", key),
                bed.client().cert(body(name).replace("}", ",\"password\":\"p\"}"), "Idempotency-Key", key))) {
            assertThat(other.status()).isEqualTo(422);
            assertThat(other.text()).contains("Idempotency-Key").doesNotContain(key);
        }
    }

    @Test
    void joinsARepetitionToWhatIsInProgress() throws Exception {
        String body = body(name());
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.NEW_ORDER).next(1), Fault.hang());
        CompletableFuture<Response> first = CompletableFuture.supplyAsync(() ->
                bed.client().cert(body, "Idempotency-Key", "in-progress"));
        assertThat(hold.awaitStrike(PATIENCE)).isTrue();
        CompletableFuture<Response> second = CompletableFuture.supplyAsync(() ->
                bed.client().cert(body, "Idempotency-Key", "in-progress"));
        hold.release();
        assertThat(Delivered.ofCert(second.join()).leaf()).isEqualTo(Delivered.ofCert(first.join()).leaf());
    }

    @Test
    void answersARepetitionOfAFailureWithThatFailure() {
        String body = body(name());
        ca.on(Requests.to(AcmeResource.NEW_ORDER).next(1),
                Fault.problem(403, "rejectedIdentifier", "Not this one", Map.of()));
        Response first = bed.client().cert(body, "Idempotency-Key", "failing");
        Response second = bed.client().cert(body, "Idempotency-Key", "failing");
        assertThat(List.of(first.status(), second.status())).containsExactly(500, 500);
        assertThat(second.json().asJsonObject().get("problems")).isEqualTo(first.json().asJsonObject().get("problems"));
        assertThat(bed.client().cert(body, "Idempotency-Key", "another").status()).isEqualTo(200);
    }

    // Asynchronous

    @Test
    void answersAtOnceAndKeepsTheResultUntilItIsFetched() throws Exception {
        String name = name();
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.FINALIZE).next(1), Fault.hang());
        Response accepted = bed.client().cert(body(name).replace("}", ",\"password\":\"pass\"}"), "Prefer",
                "respond-async");
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.header("Location")).matches("/api/v1/orders/[0-9a-f-]{36}");
        assertThat(accepted.header("Retry-After")).matches("[1-9][0-9]*");
        assertThat(accepted.header("Preference-Applied")).isEqualTo("respond-async");
        String order = accepted.header("Location");
        assertThat(hold.awaitStrike(PATIENCE)).isTrue();

        Response unfinished = get(order);
        assertThat(unfinished.json().asJsonObject().getString("status")).isEqualTo("processing");
        assertThat(get(order + "/certificate").status()).isEqualTo(409);
        assertThat(delete(order).status()).as("too late to cancel").isEqualTo(409);
        hold.release();

        JsonObject state = finished(order);
        assertThat(state.getString("status")).isEqualTo("valid");
        assertThat(state.getString("id")).isEqualTo(order.substring(order.lastIndexOf('/') + 1));
        assertThat(Instant.parse(state.getString("created"))).isBeforeOrEqualTo(Instant.now());
        assertThat(Instant.parse(state.getString("expires"))).isAfter(Instant.now().plus(Duration.ofHours(23)));
        assertThat(state.getJsonArray("problems")).isEmpty();
        JsonObject domain = state.getJsonArray("domains").getJsonObject(0);
        assertThat(domain.getString("name")).isEqualTo(name);
        assertThat(domain.getString("status")).isEqualTo("valid");
        assertThat(domain.getString("challenge")).isEqualTo("http-01");
        assertThat(domain.keySet()).containsExactlyInAnyOrder("name", "status", "challenge", "detail");

        for (String path : List.of(order, order + "/certificate")) {
            assertThat(bed.client().get(path, "X-Api-Key", bed.narrowApiKey()).status()).isEqualTo(404);
            assertThat(bed.client().get(path).status()).isEqualTo(401);
        }
        assertThat(get(order + "/certificate", "Accept", "text/html").status()).isEqualTo(406);
        Response result = get(order + "/certificate");
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.header("Content-Type")).isEqualTo("application/x-pkcs12");
        assertThat(Delivered.ofPfx(result.body(), "pass").keyBelongsToLeaf()).isTrue();
        assertThat(eventuallyStatus(order + "/certificate", 410)).isEqualTo(410);
        assertThat(get(order).json().asJsonObject().getString("status")).isEqualTo("valid");
    }

    @ParameterizedTest
    @CsvSource({"application/json, '[{'", "application/x-pem-file, '-----BEGIN PRIVATE KEY-----'"})
    void givesTheResultInTheFormThatIsAskedFor(String type, String beginning) throws Exception {
        Response accepted = bed.client().cert(body(name()), "Prefer", "respond-async");
        finished(accepted.header("Location"));
        Response result = get(accepted.header("Location") + "/certificate", "Accept", type);
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.header("Content-Type")).startsWith(type);
        assertThat(result.text()).startsWith(beginning).contains("-----BEGIN CERTIFICATE-----");
    }

    @Test
    void showsEachDomainOfAFailedOrder() throws Exception {
        String good = name();
        Response accepted = bed.client().pem(body(good + ",nowhere.example.com"), "Prefer", "respond-async");
        JsonObject state = finished(accepted.header("Location"));
        assertThat(state.getJsonArray("domains").getValuesAs(JsonObject.class))
                .extracting(domain -> domain.getString("name")).containsExactly(good, "nowhere.example.com");
        if (state.getString("status").equals("invalid")) {
            assertThat(state.getJsonArray("problems")).isNotEmpty();
            assertThat(get(accepted.header("Location") + "/certificate").status()).isEqualTo(500);
        }
    }

    @Test
    void cancelsAnOrderBeforeTheCaHasItsCsr() throws Exception {
        String body = body(name());
        int mark = ca.mark();
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.AUTHORIZATION).next(1), Fault.hang());
        Response accepted = bed.client().cert(body, "Prefer", "respond-async");
        String order = accepted.header("Location");
        assertThat(hold.awaitStrike(PATIENCE)).isTrue();
        assertThat(bed.client().send("DELETE", order, new byte[0], "X-Api-Key", bed.narrowApiKey()).status())
                .isEqualTo(404);
        assertThat(delete(order).status()).isEqualTo(204);
        hold.release();
        assertThat(get(order).json().asJsonObject().getString("status")).isEqualTo("invalid");
        assertThat(delete(order).status()).isEqualTo(409);
        await(() -> logged(accepted.header("X-Request-Id") + ": another node goes on with it, or it was cancelled"));
        assertThat(ca.count(AcmeResource.FINALIZE, mark)).isZero();
        assertThat(bed.client().cert(body).status()).isEqualTo(200);
    }

    @Test
    void letsAnAdministratorCancelARunningOrderOnItsPage() throws Exception {
        assumeThat(Browser.isAvailable()).as("Chromium is installed").isTrue();
        String name = name();
        int mark = ca.mark();
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.AUTHORIZATION).next(1), Fault.hang());
        Response accepted = bed.client().cert(body(name), "Prefer", "respond-async");
        String order = accepted.header("Location");
        assertThat(hold.awaitStrike(PATIENCE)).isTrue();

        try (Browser browser = new Browser(bed.baseUri()).logIn(bed.admin())) {
            browser.open("/admin/orders.xhtml").await("Running now: 1").await(name).photograph("orders-running-1280");
            browser.press("Cancel").await("is cancelled.").await("Running now: 0");
            browser.open("/admin/orders.xhtml?status=invalid&q=" + name).await(name);
            assertThat(browser.complaints()).isEmpty();
        }

        assertThat(get(order).json().asJsonObject().getString("status")).isEqualTo("invalid");
        hold.release();
        await(() -> logged(accepted.header("X-Request-Id") + ": another node goes on with it, or it was cancelled"));
        assertThat(ca.count(AcmeResource.FINALIZE, mark)).isZero();
    }

    @Test
    void ordersAnewAtOnceWhenTheSameRequestFollowsItsCancellation() throws Exception {
        String body = body(name());
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.AUTHORIZATION).next(1), Fault.hang());
        String order = bed.client().cert(body, "Prefer", "respond-async").header("Location");
        assertThat(hold.awaitStrike(PATIENCE)).isTrue();
        assertThat(delete(order).status()).isEqualTo(204);
        assertThat(Delivered.ofCert(bed.client().cert(body)).keyBelongsToLeaf()).isTrue();
        hold.release();
    }

    @Test
    void keepsAResultThatWasPromisedThoughAnEqualRequestGetsItFirst() throws Exception {
        String body = body(name());
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.FINALIZE).next(1), Fault.hang());
        CompletableFuture<Response> waiting = CompletableFuture.supplyAsync(() -> bed.client().cert(body));
        assertThat(hold.awaitStrike(PATIENCE)).isTrue();
        String order = bed.client().cert(body, "Prefer", "respond-async").header("Location");
        hold.release();
        Delivered first = Delivered.ofCert(waiting.join());
        finished(order);
        Response head = bed.client().send("HEAD", order + "/certificate", new byte[0], "X-Api-Key", bed.apiKey());
        assertThat(head.status()).as("HEAD uses nothing up").isEqualTo(200);
        assertThat(Delivered.ofCert(get(order + "/certificate")).leaf()).isEqualTo(first.leaf());
        assertThat(eventuallyStatus(order + "/certificate", 410)).isEqualTo(410);
    }

    @Test
    void letsARepetitionFetchLaterWhatTimedOut() throws Exception {
        String body = body(name());
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.FINALIZE).next(1), Fault.hangAfter());
        assertThat(bed.client().cert(body, "Idempotency-Key", "patient").status()).isEqualTo(500);
        Response accepted = bed.client().cert(body, "Idempotency-Key", "patient", "Prefer", "respond-async");
        hold.release();
        assertThat(accepted.status()).isEqualTo(202);
        finished(accepted.header("Location"));
        assertThat(Delivered.ofCert(get(accepted.header("Location") + "/certificate")).keyBelongsToLeaf()).isTrue();
    }

    // The caller's own key, and the CA's limits

    @Test
    void certifiesTheKeyOfTheCallersOwnCsr() throws Exception {
        String name = name();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair key = generator.generateKeyPair();
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.subjectAlternativeName, false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
        byte[] csr = new JcaPKCS10CertificationRequestBuilder(new X500Name(new RDN[0]), key.getPublic())
                .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())).getEncoded();
        String pem = "-----BEGIN CERTIFICATE REQUEST-----\\n" + Base64.getEncoder().encodeToString(csr)
                + "\\n-----END CERTIFICATE REQUEST-----";
        String body = body(name).replace("}", ",\"csr\":\"" + pem + "\"}");

        Response response = bed.client().pem(body);
        assertThat(response.status()).as("%s", response).isEqualTo(200);
        JsonObject only = response.json().asJsonArray().getJsonObject(0);
        assertThat(only.getString("Domain")).isEqualTo(name);
        assertThat(only.isNull("PrivateKey")).isTrue();
        X509Certificate leaf = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(
                new ByteArrayInputStream(only.getString("Certificate").getBytes(StandardCharsets.US_ASCII)));
        assertThat(leaf.getPublicKey()).isEqualTo(key.getPublic());
        assertThat(bed.client().cert(body).status()).isEqualTo(400);
    }

    @Test
    void refusesWhatTheCaWouldRefuse() {
        String body = body(name()).replace("false", "true");
        assertThat(bed.client().cert(body).status()).isEqualTo(200);
        Response limited = bed.client().cert(body);
        assertThat(limited.status()).isEqualTo(429);
        assertThat(Long.parseLong(limited.header("Retry-After"))).isBetween(1L, Duration.ofDays(7).toSeconds());
        assertThat(limited.json().asJsonObject().getString("message")).isEqualTo("No certificate was generated");
        assertThat(limited.json().asJsonObject().getJsonArray("problems").getJsonObject(0).getString("type"))
                .isEqualTo("urn:certservice:error:rateLimited");
    }

    @Test
    void streamsHowFarAnOrderIs() throws Exception {
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.FINALIZE).next(1), Fault.hang());
        String order = bed.client().cert(body(name()), "Prefer", "respond-async").header("Location");
        assertThat(hold.awaitStrike(PATIENCE)).isTrue();
        CompletableFuture<Response> stream = CompletableFuture.supplyAsync(() ->
                get(order, "Accept", "text/event-stream"));
        Thread.sleep(1500);
        hold.release();
        Response events = stream.join();
        assertThat(events.header("Content-Type")).startsWith("text/event-stream");
        assertThat(events.text()).contains("event: order", "data: {", "\"status\":\"processing\"",
                "\"status\":\"valid\"");
    }

    // Reuse

    @Test
    void reusesTheStoredCertificateWithTheSameBytes() throws Exception {
        String body = body(name()).replace("}", ",\"reuse\":true}");
        int mark = ca.mark();
        Response first = bed.client().cert(body);
        Response second = bed.client().cert(body);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(first.header("ETag")).matches("\"[0-9a-f]+\"").isEqualTo(second.header("ETag"));
        Response unchanged = bed.client().cert(body, "If-None-Match", first.header("ETag"));
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(unchanged.body()).isEmpty();
        assertThat(bed.client().cert(body, "If-None-Match", "\"another\"").status()).isEqualTo(200);
        assertThat(ca.count(AcmeResource.NEW_ORDER, mark)).isEqualTo(1);
    }

    @Test
    void issuesANewCertificateWhenTheStoredOneIsDueForRenewal() throws Exception {
        String name = name();
        String body = body(name).replace("}", ",\"reuse\":true}");
        Response first = bed.client().cert(body);
        postgresql.sql(database, "update certificate_order set renew_at = current_timestamp, renewal_check = null"
                + " where names = '" + name + "'");
        Response second = bed.client().cert(body);
        assertThat(Delivered.ofCert(second).leaf()).isNotEqualTo(Delivered.ofCert(first).leaf());
        assertThat(bed.client().cert(body).body()).isEqualTo(second.body());
    }

    // History

    @Test
    void listsTheKeysCertificatesPageByPage() throws Exception {
        List<String> names = List.of(name(), name(), name());
        for (String name : names) {
            assertThat(bed.client().cert(body(name)).status()).isEqualTo(200);
        }
        JsonObject first = get("/api/v1/certificates?limit=2").json().asJsonObject();
        JsonArray items = first.getJsonArray("items");
        assertThat(items.getValuesAs(JsonObject.class)).extracting(item -> item.getJsonArray("names").getString(0))
                .containsExactly(names.get(2), names.get(1));
        JsonObject second = get("/api/v1/certificates?limit=1&after=" + first.getString("next")).json().asJsonObject();
        JsonObject item = second.getJsonArray("items").getJsonObject(0);
        assertThat(item.getJsonArray("names").getString(0)).isEqualTo(names.get(0));
        assertThat(item.keySet()).containsExactlyInAnyOrder("serial", "names", "profile", "environment", "issuedAt",
                "expiresAt", "renewAt", "status");
        assertThat(item.getString("serial")).matches("[0-9A-F]+");
        assertThat(item.getString("profile")).isEqualTo("classic");
        assertThat(item.getString("environment")).isEqualTo("production");
        assertThat(item.getString("status")).isEqualTo("valid");
        assertThat(Instant.parse(item.getString("renewAt"))).isBetween(Instant.parse(item.getString("issuedAt")),
                Instant.parse(item.getString("expiresAt")));
        assertThat(get("/api/v1/certificates?limit=0").status()).isEqualTo(400);
        assertThat(get("/api/v1/certificates?after=x").status()).isEqualTo(400);
        assertThat(bed.client().get("/api/v1/certificates", "X-Api-Key", bed.narrowApiKey()).text())
                .doesNotContain(names.get(0));
    }

    @Test
    void revokesACertificateOfTheKey() throws Exception {
        String name = name();
        String path = "/api/v1/certificates/" + Delivered.ofCert(bed.client().cert(body(name))).serial() + "/revoke";
        assertThat(bed.client().withKey(bed.narrowApiKey()).post(path, "{}").status()).isEqualTo(404);
        Response wrong = bed.client().post(path, "{\"reason\":\"bored\"}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("reason", "bored", "keyCompromise");
        for (int again = 0; again < 2; again++) {
            Response revoked = bed.client().post(path, "{\"reason\":\"superseded\"}");
            assertThat(revoked.status()).as("%s", revoked).isEqualTo(200);
            assertThat(revoked.json().asJsonObject().getString("status")).isEqualTo("revoked");
        }
    }

    @Test
    void tellsTheCaWhichCertificateANewOneReplaces() throws Exception {
        String body = body(name());
        Delivered.ofCert(bed.client().cert(body));
        Delivered.ofCert(bed.client().cert(body));
        Delivered.ofCert(bed.client().cert(body));
        assertThat(postgresql.ask(database, "select count(*) from certificate_order where replaced"))
                .isNotEqualTo("0");
    }

    // Nothing leaks

    @Test
    void keepsPrivateKeysWhereNobodyButTheirCallerCanReadThem() throws Exception {
        String body = body(name()).replace("}", ",\"password\":\"never-to-be-found\"}");
        String order = bed.client().cert(body, "Prefer", "respond-async").header("Location");
        finished(order);
        String id = order.substring(order.lastIndexOf('/') + 1);
        String sealed = postgresql.ask(database,
                "select sealed_private_key from certificate_order where batch_id = '" + id + "'");
        assertThat(sealed).as("kept until it is fetched").isNotEmpty();
        Response result = get(order + "/certificate", "Accept", "application/x-pem-file");
        String pem = result.text();
        String secret = pem.substring(pem.indexOf('\n') + 1).lines().skip(12).findFirst().orElseThrow();
        byte[] der = Base64.getMimeDecoder().decode(pem.substring(pem.indexOf('\n') + 1, pem.indexOf("-----END")));

        await(() -> postgresql.ask(database, "select sealed_private_key from certificate_order where batch_id = '" + id
                + "'") == null);
        String part = Base64.getEncoder().encodeToString(der).substring(800, 840);
        for (Path file : files()) {
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(content).as("%s", file).doesNotContain(secret).doesNotContain(part)
                    .doesNotContain("never-to-be-found").doesNotContain("BEGIN PRIVATE KEY");
        }
    }

    private static List<Path> files() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path folder : List.of(bed.databaseFiles(), bed.dataDirectory(), bed.server().log().getParent())) {
            try (Stream<Path> found = Files.walk(folder)) {
                found.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".jar"))
                        .forEach(all::add);
            }
        }
        return all;
    }

    // Means

    private static String name() {
        return "s" + NEXT_NAME.incrementAndGet() + ".example.com";
    }

    private static String body(String names) {
        return "{\"staging\":false,\"domains\":\"" + names + "\"}";
    }

    private static Response post(String endpoint, String body) {
        return bed.client().post("/api/v1/" + endpoint, body);
    }

    private static Delivered only(String endpoint, Response response) throws Exception {
        return endpoint.equals("cert") ? Delivered.ofCert(response) : Delivered.ofPem(response).get(0);
    }

    /** A request on a connection of its own, which can be cut. */
    private static Socket send(String endpoint, String body) throws IOException {
        Socket socket = new Socket(bed.baseUri().getHost(), bed.baseUri().getPort());
        OutputStream out = socket.getOutputStream();
        out.write(("POST /api/v1/" + endpoint + " HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: " + bed.apiKey()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return socket;
    }

    private static Response get(String path, String... headers) {
        String[] all = Stream.concat(Stream.of("X-Api-Key", bed.apiKey()), Stream.of(headers)).toArray(String[]::new);
        return bed.client().get(path, all);
    }

    private static Response delete(String path) {
        return bed.client().send("DELETE", path, new byte[0], "X-Api-Key", bed.apiKey());
    }

    private static JsonObject finished(String order) throws Exception {
        await(() -> Set.of("valid", "invalid").contains(get(order).json().asJsonObject().getString("status")));
        return get(order).json().asJsonObject();
    }

    private static int eventuallyStatus(String path, int status) throws Exception {
        await(() -> get(path).status() == status);
        return get(path).status();
    }

    private static Delivered eventually(Supplier<Response> request) throws Exception {
        Response[] last = new Response[1];
        await(() -> {
            last[0] = request.get();
            return last[0].status() == 200;
        });
        return Delivered.ofCert(last[0]);
    }

    private static boolean logged(String text) throws IOException {
        return Files.readString(bed.server().log(), StandardCharsets.ISO_8859_1).contains(text);
    }

    private interface Question {
        boolean isTrue() throws Exception;
    }

    private static void await(Question question) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!question.isTrue()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(100);
        }
    }
}
