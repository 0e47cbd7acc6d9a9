package certservice.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import certservice.harness.CertserviceClient.Response;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CertserviceClientTest {

    private HttpServer server;
    private CertserviceClient client;

    /** A server that answers with the API keys and the path that it was sent. */
    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            List<String> keys = exchange.getRequestHeaders().getOrDefault("X-Api-Key", List.of());
            byte[] body = (exchange.getRequestURI() + " " + keys).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new CertserviceClient(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void sendsItsKeyAndNoneWithoutOne() {
        assertThat(client.withKey("k1").cert("{}").text()).isEqualTo("/api/v1/cert [k1]");
        assertThat(client.cert("{}").text()).isEqualTo("/api/v1/cert []");
    }

    @Test
    void sendsAHeaderTwice() {
        assertThat(client.withKey("k1").pem("{}", "X-Api-Key", "k2").text()).isEqualTo("/api/v1/pem [k1, k2]");
    }

    @Test
    void sendsWhatNoLibraryWould() {
        Response response = client.sendRaw("GET /{odd} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(response.status()).isEqualTo(400);
    }

    @Test
    void readsAChunkedAnswerToARawRequest() {
        Response response = client.sendRaw(
                "GET /a HTTP/1.1\r\nHost: x\r\nX-Api-Key: k1\r\nX-Api-Key: k2\r\nConnection: close\r\n\r\n");

        assertThat(response.header("transfer-encoding")).isEqualTo("chunked");
        assertThat(response.text()).isEqualTo("/a [k1, k2]");
    }

    @Test
    void refusesWhatIsNoHttpResponse() {
        assertThatThrownBy(() -> CertserviceClient.parse("nonsense".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(IOException.class).hasMessageContaining("nonsense");
    }

    @Test
    void serverThatAnswersOtherwiseIsNotReady() {
        assertThat(client.isReady()).isFalse();
        server.stop(0);
        assertThat(client.isReady()).isFalse();
    }
}
