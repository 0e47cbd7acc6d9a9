package certservice.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FaultProxyTest {

    private static final String DIRECTORY = "/any/directory";
    private static final String NEW_ORDER = "/any/new-order";
    private static final String AUTHORIZATION = "/authZ/1";

    @TempDir
    private Path temporary;
    private SmallUpstream upstream;
    private FaultProxy proxy;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        LocalCa ca = new LocalCa(temporary);
        upstream = new SmallUpstream(ca);
        proxy = FaultProxy.before(upstream.directory(), ca);
        client = HttpClient.newBuilder()
                .sslContext(ca.sslContext())
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
    }

    @Test
    void passesRequestOnWithTheCallersHostAndAnswerWithAllItsHeaders() throws Exception {
        HttpResponse<String> answer = post(NEW_ORDER);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().allValues("Link")).containsExactly("<a>;rel=\"index\"", "<b>;rel=\"up\"");
        assertThat(answer.body()).isEqualTo(
                "POST " + NEW_ORDER + " host=" + proxy.directory().getAuthority() + " type=application/jose+json jws");
    }

    @Test
    void learnsResourcesFromTheDirectory() throws Exception {
        get(DIRECTORY);
        int mark = proxy.mark();

        post(NEW_ORDER);
        post(NEW_ORDER);
        post(AUTHORIZATION);

        assertThat(proxy.count(AcmeResource.NEW_ORDER, mark)).isEqualTo(2);
        assertThat(proxy.count(AcmeResource.AUTHORIZATION, mark)).isEqualTo(1);
        assertThat(proxy.since(mark)).extracting(FaultProxy.Request::path)
                .containsExactly(NEW_ORDER, NEW_ORDER, AUTHORIZATION);
    }

    @Test
    void answersTheNextRequestsWithoutAskingTheUpstream() throws Exception {
        get(DIRECTORY);
        upstream.requests.set(0);
        FaultProxy.Rule rule = proxy.on(Requests.to(AcmeResource.NEW_ORDER).next(2),
                Fault.unavailable(Duration.ofSeconds(7)));

        HttpResponse<String> first = post(NEW_ORDER);
        assertThat(first.statusCode()).isEqualTo(503);
        assertThat(first.headers().firstValue("Retry-After")).hasValue("7");
        assertThat(post(NEW_ORDER).statusCode()).isEqualTo(503);
        assertThat(upstream.requests).hasValue(0);

        assertThat(post(NEW_ORDER).statusCode()).isEqualTo(201);
        assertThat(rule.struck()).isEqualTo(2);
    }

    @Test
    void strikesOnlyTheMethodAndPathThatTheRuleNames() throws Exception {
        proxy.on(Requests.any().method("POST").path("/authZ/[0-9]+"), Fault.answer(418, Map.of(), ""));

        assertThat(post(AUTHORIZATION).statusCode()).isEqualTo(418);
        assertThat(get(AUTHORIZATION).statusCode()).isEqualTo(201);
        assertThat(post(NEW_ORDER).statusCode()).isEqualTo(201);
    }

    @Test
    void strikesTheSameRequestsForTheSameSeed() throws Exception {
        List<Integer> statuses = statusesWithSeed(42);

        assertThat(statuses).contains(201, 500).isEqualTo(statusesWithSeed(42)).isNotEqualTo(statusesWithSeed(43));
    }

    @Test
    void closingTheRuleEndsTheFault() throws Exception {
        FaultProxy.Rule rule = proxy.on(Requests.any(), Fault.html());
        assertThat(post(NEW_ORDER).body()).contains("<html>");

        rule.close();

        assertThat(post(NEW_ORDER).statusCode()).isEqualTo(201);
    }

    @Test
    void badNonceBringsANonceFromTheUpstream() throws Exception {
        proxy.on(Requests.any().method("POST"), Fault.badNonce());

        HttpResponse<String> answer = post(NEW_ORDER);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("urn:ietf:params:acme:error:badNonce");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.headers().firstValue("Replay-Nonce")).hasValue(upstream.lastNonce);
    }

    @Test
    void rateLimitSaysHowLong() throws Exception {
        proxy.on(Requests.any(), Fault.rateLimited(Duration.ofHours(1)));

        HttpResponse<String> answer = post(NEW_ORDER);

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.body()).contains("urn:ietf:params:acme:error:rateLimited");
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("3600");
    }

    @Test
    void serverErrorIsAProblemDocument() throws Exception {
        proxy.on(Requests.any(), Fault.serverInternal());

        HttpResponse<String> answer = post(NEW_ORDER);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("urn:ietf:params:acme:error:serverInternal");
    }

    @Test
    void replacesTheAnswerAfterTheUpstreamDidItsWork() throws Exception {
        proxy.on(Requests.any().method("POST"), Fault.answer(500, Map.of(), "").afterUpstream());

        assertThat(post(NEW_ORDER).statusCode()).isEqualTo(500);
        assertThat(upstream.requests).hasValue(1);
    }

    @Test
    void spoilsTheUpstreamsAnswer() throws Exception {
        String whole = post(NEW_ORDER).body();

        try (FaultProxy.Rule truncated = proxy.on(Requests.any(), Fault.truncatedBody())) {
            assertThat(post(NEW_ORDER).body()).isEqualTo(whole.substring(0, whole.length() / 2));
        }
        try (FaultProxy.Rule empty = proxy.on(Requests.any(), Fault.emptyBody())) {
            assertThat(post(NEW_ORDER).body()).isEmpty();
        }
        try (FaultProxy.Rule typed = proxy.on(Requests.any(), Fault.contentType("text/plain"))) {
            assertThat(post(NEW_ORDER).headers().firstValue("Content-Type")).hasValue("text/plain");
        }
        try (FaultProxy.Rule garbage = proxy.on(Requests.any(), Fault.garbageChain())) {
            assertThat(post(NEW_ORDER).body()).startsWith("-----BEGIN CERTIFICATE-----\nbm8g");
        }
    }

    @Test
    void losesTheRequest() {
        proxy.on(Requests.any(), Fault.requestLost());

        assertThatThrownBy(() -> post(NEW_ORDER)).isInstanceOf(IOException.class);
        assertThat(upstream.requests).hasValue(0);
    }

    @Test
    void losesTheAnswer() {
        proxy.on(Requests.any(), Fault.answerLost());

        assertThatThrownBy(() -> post(NEW_ORDER)).isInstanceOf(IOException.class);
        assertThat(upstream.requests).hasValue(1);
    }

    @Test
    void delaysTheRequestOrItsAnswer() throws Exception {
        proxy.on(Requests.any().next(1), Fault.delayBefore(Duration.ofMillis(300)));
        long before = System.nanoTime();
        post(NEW_ORDER);
        assertThat(upstream.lastArrival - before).isGreaterThan(Duration.ofMillis(300).toNanos());

        proxy.on(Requests.any().next(1), Fault.delayAfter(Duration.ofMillis(300)));
        post(NEW_ORDER);
        assertThat(System.nanoTime() - upstream.lastArrival).isGreaterThan(Duration.ofMillis(300).toNanos());
    }

    @Test
    void hangsUntilReleased() throws Exception {
        FaultProxy.Rule rule = proxy.on(Requests.any(), Fault.hang());
        CompletableFuture<HttpResponse<String>> answer = postAsync(NEW_ORDER);

        assertThat(rule.awaitStrike(Duration.ofSeconds(10))).isTrue();
        assertThat(upstream.requests).hasValue(0);
        assertThat(answer).isNotDone();
        rule.release();

        assertThat(answer.get().statusCode()).isEqualTo(201);
    }

    @Test
    void hangsAfterTheUpstreamWasAsked() throws Exception {
        FaultProxy.Rule rule = proxy.on(Requests.any(), Fault.hangAfter());
        CompletableFuture<HttpResponse<String>> answer = postAsync(NEW_ORDER);

        upstream.awaitRequest();
        assertThat(answer).isNotDone();
        rule.close();

        assertThat(answer.get().statusCode()).isEqualTo(201);
    }

    @Test
    void refusesConnectionsWhileDownAndComesBackOnTheSamePort() throws Exception {
        URI directory = proxy.directory();

        proxy.downNow();
        assertThatThrownBy(() -> post(NEW_ORDER)).isInstanceOf(ConnectException.class);
        proxy.up();

        assertThat(post(NEW_ORDER).statusCode()).isEqualTo(201);
        assertThat(proxy.directory()).isEqualTo(directory);
    }

    @Test
    void closingReleasesWhatHangs() throws Exception {
        FaultProxy.Rule rule = proxy.on(Requests.any(), Fault.hang());
        CompletableFuture<HttpResponse<String>> answer = postAsync(NEW_ORDER);
        assertThat(rule.awaitStrike(Duration.ofSeconds(10))).isTrue();

        proxy.close();

        assertThat(answer.handle((response, failure) -> true).get()).isTrue();
    }

    private List<Integer> statusesWithSeed(long seed) throws Exception {
        try (FaultProxy.Rule rule = proxy.on(Requests.any().withProbability(0.4, seed),
                Fault.answer(500, Map.of(), ""))) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                statuses.add(post(NEW_ORDER).statusCode());
            }
            assertThat(statuses).filteredOn(status -> status == 500).hasSize(rule.struck());
            return statuses;
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(proxy.directory().resolve(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path) throws Exception {
        return client.send(posting(path), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> postAsync(String path) {
        return client.sendAsync(posting(path), BodyHandlers.ofString());
    }

    private HttpRequest posting(String path) {
        return HttpRequest.newBuilder(proxy.directory().resolve(path))
                .header("Content-Type", "application/jose+json")
                .POST(BodyPublishers.ofString("jws"))
                .build();
    }

    /** Answers every request with what it was; knows a directory and nonces. */
    private static final class SmallUpstream {

        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpsServer server;
        private final AtomicInteger requests = new AtomicInteger();
        private final Semaphore arrivals = new Semaphore(0);
        private volatile long lastArrival;
        private volatile String lastNonce;

        private SmallUpstream(LocalCa ca) throws IOException {
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(ca.sslContext()));
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
        }

        private URI directory() {
            return URI.create("https://localhost:" + server.getAddress().getPort() + DIRECTORY);
        }

        private void answer(HttpExchange exchange) throws IOException {
            lastArrival = System.nanoTime();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String host = exchange.getRequestHeaders().getFirst("Host");
            String path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("HEAD")) {
                lastNonce = "nonce-" + System.nanoTime();
                exchange.getResponseHeaders().set("Replay-Nonce", lastNonce);
                exchange.sendResponseHeaders(200, -1);
            } else {
                String text = path.equals(DIRECTORY)
                        ? "{\"newNonce\":\"https://%s/any/nonce\", \"newOrder\": \"https://%s%s\"}"
                                .formatted(host, host, NEW_ORDER)
                        : "%s %s host=%s type=%s %s".formatted(exchange.getRequestMethod(), path, host,
                                exchange.getRequestHeaders().getFirst("Content-Type"), body);
                exchange.getResponseHeaders().put("Link", List.of("<a>;rel=\"index\"", "<b>;rel=\"up\""));
                exchange.sendResponseHeaders(201, text.length());
                exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
                requests.incrementAndGet();
                arrivals.release();
            }
            exchange.close();
        }

        private void awaitRequest() throws InterruptedException {
            arrivals.acquire();
        }

        private void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
