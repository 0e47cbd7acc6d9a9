package certservice.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
@EnabledIf(value = "certservice.harness.HaproxyGate#available", disabledReason = "haproxy is not installed")
class HaproxyGateTest {

    @TempDir
    private Path temporary;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger ordersInWork = new AtomicInteger();
    private final AtomicInteger mostOrdersInWork = new AtomicInteger();
    private final AtomicInteger othersInWork = new AtomicInteger();
    private final AtomicInteger mostOthersInWork = new AtomicInteger();
    private HttpsServer upstream;
    private HaproxyGate gate;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        LocalCa ca = new LocalCa(temporary);
        upstream = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setHttpsConfigurator(new HttpsConfigurator(ca.sslContext()));
        upstream.setExecutor(threads);
        upstream.createContext("/", this::answer);
        upstream.start();
        URI directory = URI.create("https://localhost:" + upstream.getAddress().getPort() + "/dir");
        gate = HaproxyGate.before(directory, ca, HaproxyGate.DEFAULT_STREAMS, temporary);
        client = HttpClient.newBuilder().sslContext(ca.sslContext()).build();
    }

    @AfterEach
    void stop() {
        gate.close();
        upstream.stop(0);
        threads.shutdownNow();
    }

    @Test
    void speaksHttp2AndPassesHostThrough() throws Exception {
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(gate.directory()).build(),
                BodyHandlers.ofString());

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).isEqualTo("/dir " + gate.directory().getAuthority());
    }

    @Test
    void letsOneNewOrderOrAuthorizationThroughAtATimeAndEverythingElseFreely() {
        CompletableFuture<?>[] answers = Stream.of("/order-plz", "/authZ/1", "/order-plz", "/authZ/2",
                        "/chalZ/1", "/chalZ/2", "/chalZ/3", "/chalZ/4")
                .map(path -> HttpRequest.newBuilder(gate.directory().resolve(path)).build())
                .map(request -> client.sendAsync(request, BodyHandlers.ofString())
                        .thenAccept(answer -> assertThat(answer.statusCode()).isEqualTo(200)))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(answers).join();

        assertThat(mostOrdersInWork).hasValue(1);
        assertThat(mostOthersInWork.get()).isGreaterThan(1);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean order = path.equals("/order-plz") || path.startsWith("/authZ/");
        AtomicInteger inWork = order ? ordersInWork : othersInWork;
        AtomicInteger most = order ? mostOrdersInWork : mostOthersInWork;
        most.accumulateAndGet(inWork.incrementAndGet(), Math::max);
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        inWork.decrementAndGet();
        byte[] text = (path + " " + exchange.getRequestHeaders().getFirst("Host")).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }
}
