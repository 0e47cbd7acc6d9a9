package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.CertserviceClient;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.Cluster;
import certservice.harness.Pebble;
import certservice.harness.ReverseProxy;
import certservice.harness.ReverseProxy.Answer;
import jakarta.json.Json;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes on one database, behind the proxies of {@code server-config/proxy}. In this order: the first orders of all
 * come first, and what kills a node comes last.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoNodesIT {

    private static final Logger LOG = System.getLogger(TwoNodesIT.class.getName());
    private static final String HEALTH = "/api/v1/health";
    private static final String CHALLENGE = "/.well-known/acme-challenge/";
    private static final int REQUESTS = 200;
    private static final int AT_ONCE = 12;
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static Cluster cluster;

    /** What the CA of an environment asks by http-01 comes through one proxy, and callers come through it too. */
    private enum Way {
        NGINX("production", false), HAPROXY("staging", true);

        private final String environment;
        private final boolean staging;

        Way(String environment, boolean staging) {
            this.environment = environment;
            this.staging = staging;
        }

        ReverseProxy proxy() {
            return this == NGINX ? cluster.nginx() : cluster.haproxy();
        }

        Pebble ca() {
            return staging ? cluster.staging() : cluster.production();
        }

        /** A request for a name that was never asked for. */
        String request() {
            return "{\"staging\":" + staging + ",\"keyType\":\"EC256\",\"domains\":\"n" + NAMES.incrementAndGet()
                    + ".example.com\"}";
        }
    }

    @BeforeAll
    static void start() {
        assumeThat(Cluster.missing()).as("not installed").isEmpty();
        cluster = Cluster.start("nodes");
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Order(1)
    void makesOneAccountThoughBothNodesNeedItAtTheSameMoment(Way way) throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService callers = Executors.newFixedThreadPool(2);
        try {
            List<Future<Response>> answers = new ArrayList<>();
            for (int node = 0; node < 2; node++) {
                CertserviceClient client = cluster.clientOf(node);
                String request = way.request();
                answers.add(callers.submit(() -> {
                    together.await();
                    return client.cert(request);
                }));
            }
            for (Future<Response> answer : answers) {
                Delivered.ofCert(answer.get());
            }
        } finally {
            callers.shutdownNow();
        }

        assertThat(cluster.number("select count(*) from acme_account where lower(environment) = '" + way.environment
                + "'")).isEqualTo(1);
        assertThat(way.ca().logged("POST /sign-me-up -> calling handler\\(\\)")).as("newAccount").isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Order(2)
    void answersTheCaOnTheNodeThatDidNotPlaceTheOrder(Way way) throws Exception {
        for (int placing = 0; placing < 2; placing++) {
            int before = way.proxy().answers().size();
            Delivered.ofCert(cluster.clientOf(placing).cert(way.request()));
            Delivered.ofCert(cluster.clientOf(placing).cert(way.request()));

            int other = 1 - placing;
            List<Answer> answers = awaitAnswers(way.proxy(), before);
            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.path()).startsWith(CHALLENGE);
                assertThat(answer.status()).isEqualTo(200);
            });
            assertThat(answers).as("answers to the CA, orders placed on node %d", placing)
                    .anyMatch(answer -> answer.node() == other);
        }
    }

    /** Proxies write their log when the answer has left. */
    private static List<Answer> awaitAnswers(ReverseProxy proxy, int before) throws InterruptedException {
        for (int look = 0; look < 100 && proxy.answers().size() < before + 2; look++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        List<Answer> all = proxy.answers();
        return all.subList(before, all.size());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Order(3)
    void isCalledThroughTheProxy(Way way) throws Exception {
        CertserviceClient api = cluster.clientOf(way.proxy());

        Delivered.ofCert(api.cert(way.request()));
        Response health = api.get(HEALTH);
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.json()).isEqualTo(Json.createObjectBuilder().add("status", "UP").build());
        assertThat(api.withKey(null).cert(way.request()).status()).isEqualTo(401);
        assertThat(api.get("/api/v1/nothing").header("X-Request-Id")).as("a node's answer").isNotEmpty();
        assertSaidByTheProxy(api.get("/admin"), 404);
        assertSaidByTheProxy(api.sendRaw("POST /api/v1/cert HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Length: 200000\r\nExpect: 100-continue\r\n\r\n"), 413);
        Response refused = api.cert(" ".repeat(64 * 1024 + 1));
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.header("X-Request-Id")).as("a node's answer").isNotEmpty();
    }

    /** Nodes would take all of these for a page of the administration. */
    @ParameterizedTest
    @EnumSource(Way.class)
    @Order(3)
    void letsNobodyClimbOutOfTheApi(Way way) {
        CertserviceClient api = cluster.clientOf(way.proxy());
        for (String path : List.of("/api/../admin/login.xhtml", "/api/%2e%2e/admin/login.xhtml",
                "/api/%2E%2E;/admin/login.xhtml", "/api/v1/..;/..;/admin/login.xhtml", "/api/..%2Fadmin/login.xhtml")) {
            assertSaidByTheProxy(api.sendRaw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: close\r\n\r\n"), 404);
        }
        assertSaidByTheProxy(api.get("/j_security_check"), 404);
        assertSaidByTheProxy(api.get("/"), 404);
    }

    private static void assertSaidByTheProxy(Response response, int status) {
        assertThat(response.status()).as("status of %s", response).isEqualTo(status);
        assertThat(response.header("Content-Type")).startsWith("application/json");
        assertThat(response.json().asJsonObject().getString("message")).isNotEmpty();
        assertThat(response.header("X-Request-Id")).isEmpty();
    }

    /** An API key that was sent in the clear must not work. */
    @ParameterizedTest
    @EnumSource(Way.class)
    @Order(4)
    void sendsAllButTheCaToHttps(Way way) {
        CertserviceClient http = new CertserviceClient(way.proxy().http()).withKey(cluster.apiKey());

        for (String path : List.of("/", HEALTH, "/api/v1/cert", "/.well-known/other", "/x?y=z")) {
            Response response = http.post(path, way.request());
            assertThat(response.status()).as("status of %s", response).isEqualTo(301);
            assertThat(response.header("Location")).matches("https://127\\.0\\.0\\.1(:\\d+)?\\Q" + path + "\\E");
        }
        Response challenge = http.get(CHALLENGE + "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0");
        assertThat(challenge.status()).isEqualTo(404);
        assertThat(challenge.header("X-Request-Id")).as("a node's answer").isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @Order(5)
    void refusesAKeyOnBothNodesWithinASecondOfItsEnd(int node) throws Exception {
        CertserviceClient client = cluster.clientOf(node).withKey(cluster.otherApiKey());
        change("update api_key set enabled = true, version = version + 1 where label = 'other'");
        assertThat(client.cert("{").status()).as("with a good key").isEqualTo(400);

        change("update api_key set enabled = false, version = version + 1 where label = 'other'");
        long changed = System.nanoTime();
        int status = client.cert("{").status();

        assertThat(status).isEqualTo(401);
        assertThat(Duration.ofNanos(System.nanoTime() - changed)).isLessThan(Duration.ofSeconds(1));
    }

    private static void change(String statement) throws Exception {
        try (Connection connection = cluster.connect(); Statement change = connection.createStatement()) {
            assertThat(change.executeUpdate(statement)).isEqualTo(1);
        }
    }

    /**
     * Who waited for the node that died is told so, who was reading its answer is cut off before the last byte; either
     * asks once more and has its certificate, and no proxy repeats what was begun.
     */
    @Test
    @Order(6)
    void issuesTwoHundredCertificatesThoughOneNodeDiesHalfWay() throws Exception {
        long ordersBefore = cluster.number("select count(*) from certificate_order");
        AtomicInteger attempts = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        CertserviceClient api = cluster.clientOf(cluster.haproxy());
        ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE);
        List<Delivered> delivered = new ArrayList<>();
        long begin = System.nanoTime();
        try {
            List<Future<Response>> answers = new ArrayList<>();
            for (int number = 0; number < REQUESTS; number++) {
                String request = Way.NGINX.request();
                answers.add(callers.submit(() -> {
                    Response response = withOneRetry(api, request, attempts);
                    if (done.incrementAndGet() == REQUESTS / 2) {
                        cluster.node(1).kill();
                    }
                    return response;
                }));
            }
            for (Future<Response> answer : answers) {
                delivered.add(Delivered.ofCert(answer.get(2, TimeUnit.MINUTES)));
            }
        } finally {
            callers.shutdownNow();
        }

        LOG.log(Level.INFO, "{0} certificates in {1} ms, {2} asked for again", REQUESTS,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin), attempts.get() - REQUESTS);
        assertThat(cluster.node(1).ended()).succeedsWithin(Duration.ofSeconds(20));
        assertThat(delivered).extracting(Delivered::names).doesNotHaveDuplicates();
        assertThat(delivered).allMatch(Delivered::keyBelongsToLeaf);
        assertThat(cluster.haproxy().answers()).as("nodes that made certificates").filteredOn(answer ->
                answer.path().endsWith("/cert") && answer.status() == 200).extracting(Answer::node).contains(0, 1);
        assertThat(cluster.number("select count(*) from certificate_order") - ordersBefore)
                .as("orders: who asked again got what the node that died had begun").isEqualTo(REQUESTS);
    }

    private static Response withOneRetry(CertserviceClient api, String request, AtomicInteger attempts) {
        attempts.incrementAndGet();
        try {
            Response response = api.cert(request);
            if (response.status() == 200) {
                return response;
            }
            LOG.log(Level.INFO, "Asked for again after {0}", response);
            assertSaidByTheProxy(response, 502);
        } catch (UncheckedIOException cutOff) {
            LOG.log(Level.INFO, "Asked for again after {0}", cutOff.getMessage());
        }
        attempts.incrementAndGet();
        return api.cert(request);
    }

    /** A connection that is refused was never a request: the other node gets it, and callers notice nothing. */
    @ParameterizedTest
    @EnumSource(Way.class)
    @Order(7)
    void noticesNothingOfANodeThatIsDown(Way way) throws Exception {
        for (int number = 0; number < 4; number++) {
            Delivered.ofCert(cluster.clientOf(way.proxy()).cert(way.request()));
        }
    }

    @Test
    @Order(8)
    void isDownWithoutItsDatabaseAndUpAgainWithIt() throws Exception {
        CertserviceClient node = cluster.clientOf(0);
        cluster.admitToDatabase(false);
        try {
            Response down = awaitHealth(node, 503);
            assertThat(down.json()).isEqualTo(Json.createObjectBuilder().add("status", "DOWN").build());
            assertThat(down.header("Cache-Control")).isEqualTo("no-store");
            assertThat(node.send("HEAD", HEALTH, new byte[0]).status()).isEqualTo(503);
            assertSaidByTheProxy(awaitHealth(cluster.clientOf(cluster.haproxy()), 503, "message"), 503);
        } finally {
            cluster.admitToDatabase(true);
        }
        awaitHealth(node, 200);
        awaitHealth(cluster.clientOf(cluster.haproxy()), 200);
    }

    private static Response awaitHealth(CertserviceClient client, int status, String... text)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            long asked = System.nanoTime();
            Response response = client.get(HEALTH);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(4));
            if (response.status() == status && response.text().contains(String.join("", text))
                    || System.nanoTime() > deadline) {
                assertThat(response.status()).as("status of %s", response).isEqualTo(status);
                return response;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
