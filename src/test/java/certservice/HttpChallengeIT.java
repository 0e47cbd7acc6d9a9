package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.CertserviceClient;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /.well-known/acme-challenge/}: the right answer while an order is pending, and nothing else, ever. */
class HttpChallengeIT {

    private static final String PATH = "/.well-known/acme-challenge/";
    private static final String TOKEN = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
    private static final byte[] NO_BODY = new byte[0];

    private static TestBed bed;
    private static CertserviceClient anyone;

    @BeforeAll
    static void start() {
        bed = TestBed.shared();
        anyone = new CertserviceClient(bed.baseUri());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", TOKEN, "a", "..", "a.b", TOKEN + "/x", TOKEN + "/", "a%20b", "a+b", "%C3%A9",
            "'%20or%20'1'='1", "%3Cscript%3E", "a%25", "a;b=c"})
    void knowsNoSuchToken(String token) {
        assertNotFound(anyone.get(PATH + token));
    }

    @Test
    void knowsNoTokenOfAnyLength() {
        assertNotFound(anyone.get(PATH + "a".repeat(255)));
        assertNotFound(anyone.get(PATH + "a".repeat(256)));
        assertNotFound(anyone.get(PATH + "a".repeat(4_000)));
    }

    @Test
    void isNotThereWithoutASlash() {
        assertNotFound(anyone.get("/.well-known/acme-challenge"));
        assertNotFound(anyone.get("/.well-known/"));
        assertNotFound(anyone.get("/.well-known/acme-challengeX/" + TOKEN));
    }

    @Test
    void answersHeadWithoutBody() {
        Response response = anyone.send("HEAD", PATH + TOKEN, NO_BODY);

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void hasNoOtherMethods(String method) {
        assertNotFound(anyone.send(method, PATH + TOKEN, NO_BODY));
    }

    /** What an HTTP library would tidy up before it is sent; the server may refuse it before the service sees it. */
    @ParameterizedTest
    @ValueSource(strings = {"%2e%2e%2f%2e%2e%2fetc%2fpasswd", "../../../../../../etc/passwd", "..%5c..%5cetc%5cpasswd",
            "%252e%252e%252fetc%252fpasswd", "%2e%2e", "a\u0000", "a%00", "a%0Ab"})
    void leadsNowhereElse(String path) {
        Response response = raw(path);

        assertThat(response.status()).isIn(400, 404);
        assertThat(response.text()).doesNotContain("root:", "<html", "<HTML");
        if (response.status() == 404) {
            assertNotFound(response);
        }
    }

    /** In whatever form: WildFly answers for this folder itself, in HTML. */
    @ParameterizedTest
    @ValueSource(strings = {"../../WEB-INF/web.xml", "%2e%2e/%2e%2e/WEB-INF/web.xml", "..%2f..%2fWEB-INF%2fweb.xml",
            "..\\..\\WEB-INF\\web.xml", "..;/..;/WEB-INF/web.xml"})
    void leadsToNoDescriptor(String path) {
        Response response = raw(path);

        assertThat(response.status()).isIn(400, 404);
        assertThat(response.text()).doesNotContain("<web-app");
    }

    private static Response raw(String path) {
        return anyone.sendRaw("GET " + PATH + path + " HTTP/1.1\r\nHost: www.example.com\r\n"
                + "Connection: close\r\n\r\n");
    }

    /**
     * The CA asks a proxy on another loopback address, as it does in real life; while it waits there for its answer,
     * the order is pending.
     */
    @Test
    void answersWhileAnOrderIsPendingAndNotLonger() throws Exception {
        try (Proxy proxy = proxy()) {
            lead("held1.example.com");
            lead("held2.example.com");
            Delivered delivered = Delivered.ofCert(
                    bed.client().cert(BadInput.body("\"held1.example.com held2.example.com\"")));

            assertThat(delivered.names()).hasSize(2);
            assertThat(proxy.problems).isEmpty();
            assertThat(proxy.answered.stream().distinct()).as("a token for each name").hasSize(2)
                    .allSatisfy(path -> assertNotFound(anyone.get(path)));
        } finally {
            mislead("held1.example.com");
            mislead("held2.example.com");
        }
    }

    /** The CA asks from several places, and fails the order at the first wrong answer: later ones find nothing. */
    @Test
    void forgetsTheProofOfAnOrderThatFailed() throws Exception {
        try (Proxy proxy = proxy()) {
            proxy.answer = "something else";
            lead("held3.example.com");

            Response response = bed.client().cert(BadInput.body("\"held3.example.com\""));

            assertThat(response.status()).as("status of %s", response).isEqualTo(500);
            assertThat(response.text()).contains("urn:ietf:params:acme:error:").contains("held3.example.com");
            assertThat(proxy.answered).isNotEmpty().allSatisfy(path -> assertNotFound(anyone.get(path)));
        } finally {
            mislead("held3.example.com");
        }
    }

    private static void assertNotFound(Response response) {
        assertThat(response.status()).as("status of %s", response).isEqualTo(404);
        assertThat(response.header("Content-Type")).matches("(?i)application/json(; ?charset=utf-8)?");
        assertThat(response.json().asJsonObject().getString("message")).isEqualTo("There is nothing at this path");
    }

    private static void lead(String name) {
        bed.bind().ifPresent(bind -> bind.set("example.com", name, "A", Proxy.ADDRESS));
        bed.challTestServer().ifPresent(dns -> dns.address(name, Proxy.ADDRESS));
    }

    private static void mislead(String name) {
        bed.bind().ifPresent(bind -> bind.set("example.com", name, "A"));
        bed.challTestServer().ifPresent(dns -> dns.clear(name));
    }

    private static Proxy proxy() {
        try {
            return new Proxy();
        } catch (IOException e) {
            assumeThat(e).as("this machine has no second loopback address").isNull();
            throw new IllegalStateException(e);
        }
    }

    /** A reverse proxy before the service, which looks closely at what it passes on to the CA. */
    private static final class Proxy implements AutoCloseable {

        static final String ADDRESS = "127.0.0.2";

        private final List<String> answered = new CopyOnWriteArrayList<>();
        private final List<Throwable> problems = new CopyOnWriteArrayList<>();
        private final HttpServer server;
        private volatile String answer;

        Proxy() throws IOException {
            server = HttpServer.create(new InetSocketAddress(ADDRESS, bed.baseUri().getPort()), 0);
            server.createContext("/", this::pass);
            server.start();
        }

        private void pass(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().getPath();
            try {
                Response got = anyone.get(path);
                assertRight(path, got, anyone.send("HEAD", path, NO_BODY));
                answered.add(path);
                byte[] body = answer == null ? got.body() : answer.getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } catch (AssertionError | RuntimeException e) {
                problems.add(e);
            } finally {
                exchange.close();
            }
        }

        /** RFC 8555 sections 8.1 and 8.3: the token, a dot and the Base64url of a SHA-256. */
        private static void assertRight(String path, Response got, Response head) {
            assertThat(path).matches(PATH + "[A-Za-z0-9_-]{22,}");
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.header("Content-Type")).startsWith("text/plain");
            assertThat(got.text()).matches(path.substring(PATH.length()) + "\\.[A-Za-z0-9_-]{43}");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            for (String name : List.of("Content-Type", "Content-Length")) {
                assertThat(head.header(name)).as(name).isNotEmpty().isEqualTo(got.header(name));
            }
            assertThat(anyone.send("POST", path, NO_BODY).status()).isEqualTo(404);
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
