package certservice.harness;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.SocketFactory;

/** Calls the service as its clients do, over HTTP/1.1. Safe for many threads at once. */
public final class CertserviceClient {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** For all, since each has a thread of its own for as long as the garbage collector lets it. */
    private static final HttpClient PLAIN = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final HttpClient http;
    private final URI baseUri;
    private final String apiKey;

    /** A client without an API key. */
    public CertserviceClient(URI baseUri) {
        this(PLAIN, baseUri, null);
    }

    /** A client without an API key that trusts this CA alone, for a proxy with HTTPS. */
    public CertserviceClient(URI baseUri, LocalCa ca) {
        this(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(ca.sslContext()).build(), baseUri,
                null);
    }

    private CertserviceClient(HttpClient http, URI baseUri, String apiKey) {
        this.http = http;
        this.baseUri = baseUri;
        this.apiKey = apiKey;
    }

    /** The same client with another key. */
    public CertserviceClient withKey(String key) {
        return new CertserviceClient(http, baseUri, key);
    }

    /** {@code POST /api/v1/cert}; {@code headers} are names and values in turn, in addition to key and content type. */
    public Response cert(String json, String... headers) {
        return post("/api/v1/cert", json, headers);
    }

    /** {@code POST /api/v1/pem}; otherwise as {@link #cert}. */
    public Response pem(String json, String... headers) {
        return post("/api/v1/pem", json, headers);
    }

    /** A POST of JSON with this client's key. */
    public Response post(String path, String json, String... headers) {
        List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
        if (apiKey != null) {
            all.addAll(List.of("X-Api-Key", apiKey));
        }
        all.addAll(List.of(headers));
        return send("POST", path, json.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    public Response get(String path, String... headers) {
        return send("GET", path, new byte[0], headers);
    }

    /** Any request, with these headers and no others of ours; a name may come more than once. */
    public Response send(String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(baseUri.resolve(path)).timeout(PATIENCE)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        for (int index = 0; index < headers.length; index += 2) {
            request.header(headers[index], headers[index + 1]);
        }
        return send(request.build());
    }

    /** A request that was built elsewhere, for instance with a chunked body. */
    public Response send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Response(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * Sends these characters (ISO 8859-1) as they are, for what no HTTP library would send. The request must ask for
     * {@code Connection: close}.
     */
    public Response sendRaw(String request) {
        SocketFactory sockets = "https".equals(baseUri.getScheme())
                ? http.sslContext().getSocketFactory() : SocketFactory.getDefault();
        try (Socket socket = sockets.createSocket(baseUri.getHost(), baseUri.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return parse(socket.getInputStream().readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the service is up: it refuses a request without a key as its contract says. */
    public boolean isReady() {
        try {
            Response response = withKey(null).cert("{}");
            return response.status() == 401 && response.header("content-type").startsWith("application/json");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    static Response parse(byte[] answer) throws IOException {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("no HTTP response: '" + text + "'");
        }
        List<String> lines = text.substring(0, end).lines().toList();
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] field = line.split(":", 2);
            fields.computeIfAbsent(field[0], name -> new ArrayList<>()).add(field[1].strip());
        }
        HttpHeaders headers = HttpHeaders.of(fields, (name, value) -> true);
        String body = text.substring(end + 4);
        boolean chunked = headers.firstValue("transfer-encoding").orElse("").equalsIgnoreCase("chunked");
        return new Response(Integer.parseInt(lines.get(0).split(" ")[1]), headers,
                (chunked ? joinChunks(body) : body).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String joinChunks(String chunks) {
        StringBuilder joined = new StringBuilder();
        int position = 0;
        while (true) {
            int lineEnd = chunks.indexOf("\r\n", position);
            int length = Integer.parseInt(chunks.substring(position, lineEnd).split(";")[0].strip(), 16);
            if (length == 0) {
                return joined.toString();
            }
            joined.append(chunks, lineEnd + 2, lineEnd + 2 + length);
            position = lineEnd + 2 + length + 2;
        }
    }

    /** What the service answered. */
    public record Response(int status, HttpHeaders headers, byte[] body) {

        /** The first value of a header; empty if it is missing. */
        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The body as a JSON object or array. */
        public JsonStructure json() {
            try (JsonReader reader = Json.createReader(new StringReader(text()))) {
                return reader.read();
            }
        }

        @Override
        public String toString() {
            boolean readable = header("content-type").startsWith("application/json");
            return status + " " + headers.map() + " " + (readable ? text() : body.length + " bytes");
        }
    }
}
