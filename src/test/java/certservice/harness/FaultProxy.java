package certservice.harness;

import certservice.harness.Fault.Answer;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A reverse proxy on loopback before an ACME server that does to requests what networks and CAs do on bad days.
 *
 * <p>The caller's Host header reaches the upstream, so the URLs in the directory lead through the proxy and the
 * {@code url} in each JWS is right (RFC 8555 section 6.4). The upstream is asked in HTTP/1.0 over a socket of its own
 * for each request: the JDK's HttpClient sets Host only if a system property was there before its first use, and
 * repeats some requests by itself.
 */
public final class FaultProxy implements AutoCloseable {

    private static final Duration UPSTREAM_TIMEOUT = Duration.ofSeconds(60);
    private static final Set<String> HOP_BY_HOP = Set.of("connection", "keep-alive", "transfer-encoding",
            "content-length", "upgrade", "expect", "te", "date");
    private static final byte[] END_OF_HEADERS = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    static {
        // Without it, the JDK's server answers 40 ms late (headers and body in two segments).
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final URI upstream;
    private final SSLContext tls;
    private final ExecutorService threads;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, AcmeResource> learned = new ConcurrentHashMap<>();
    private final int port;
    private HttpsServer server;

    /** A request as it came; {@code path} is without query. */
    public record Request(String method, AcmeResource resource, String path) {
    }

    /**
     * Starts the proxy on a free port of the loopback address.
     *
     * @param upstream the ACME server's directory
     * @param ca       gives the proxy its certificate, and is what the proxy trusts of the upstream; so a client of
     *                 the proxy needs the same trust anchor as one of the upstream, {@link LocalCa#caFile()}
     */
    public static FaultProxy before(URI upstream, LocalCa ca) throws IOException {
        return new FaultProxy(upstream, ca);
    }

    private FaultProxy(URI upstream, LocalCa ca) throws IOException {
        this.upstream = upstream;
        this.tls = ca.sslContext();
        this.learned.put(upstream.getPath(), AcmeResource.DIRECTORY);
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fault-proxy");
            thread.setDaemon(true);
            return thread;
        });
        this.port = Ports.free();
        this.server = started();
    }

    /** The directory as a client of the proxy has it. */
    public URI directory() {
        return URI.create("https://localhost:" + port + upstream.getPath());
    }

    /** Adds a rule. Of several that fit a request, the one that was added first treats it, alone. */
    public Rule on(Requests which, Fault fault) {
        Rule rule = new Rule(which, fault);
        rules.add(rule);
        return rule;
    }

    /** Removes all rules and releases what they hold. */
    public void calm() {
        rules.forEach(Rule::close);
    }

    /** Refuses connections and cuts those that are open, until {@link #up()}. */
    public synchronized void downNow() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    /** Listens again, on the same port. */
    public synchronized void up() throws IOException {
        if (server == null) {
            server = started();
        }
    }

    /** The present moment, for the methods that count. */
    public int mark() {
        return requests.size();
    }

    /** The requests that came since a mark, in their order; those that were treated by a rule, too. */
    public List<Request> since(int mark) {
        List<Request> all = List.copyOf(requests);
        return all.subList(mark, all.size());
    }

    /** How many requests to the resource came since a mark. */
    public long count(AcmeResource resource, int mark) {
        return since(mark).stream().filter(request -> request.resource() == resource).count();
    }

    /** Cuts all connections, releases everything that hangs, and ends. */
    @Override
    public void close() {
        calm();
        downNow();
        threads.shutdownNow();
    }

    private HttpsServer started() throws IOException {
        HttpsServer fresh = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        fresh.setHttpsConfigurator(new HttpsConfigurator(tls));
        fresh.setExecutor(threads);
        fresh.createContext("/", this::treat);
        fresh.start();
        return fresh;
    }

    private void treat(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Request request = new Request(exchange.getRequestMethod(), resource(exchange.getRequestURI().getPath()),
                exchange.getRequestURI().getPath());
        requests.add(request);
        try {
            for (Rule rule : rules) {
                if (rule.requests.chooses(request)) {
                    rule.treat(exchange, body);
                    return;
                }
            }
            give(exchange, ask(exchange, body));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    private AcmeResource resource(String path) {
        AcmeResource resource = learned.get(path);
        return resource != null ? resource : AcmeResource.ofPebblePath(path);
    }

    private Answer ask(HttpExchange exchange, byte[] body) throws IOException {
        StringBuilder head = new StringBuilder();
        head.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI())
                .append(" HTTP/1.0\r\n");
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> head.append(name).append(": ").append(value).append("\r\n"));
            }
        });
        if (body.length > 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        Answer answer = ask(head.append("\r\n").toString(), body);
        if (resource(exchange.getRequestURI().getPath()) == AcmeResource.DIRECTORY) {
            learnFrom(answer.text());
        }
        return answer;
    }

    private Answer ask(String head, byte[] body) throws IOException {
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory()
                .createSocket(upstream.getHost(), upstream.getPort())) {
            socket.setSoTimeout((int) UPSTREAM_TIMEOUT.toMillis());
            OutputStream out = socket.getOutputStream();
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            message.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
            message.writeBytes(body);
            out.write(message.toByteArray());
            out.flush();
            return parsed(socket.getInputStream().readAllBytes());
        }
    }

    private static Answer parsed(byte[] message) throws IOException {
        int end = indexOf(message, END_OF_HEADERS);
        if (end < 0) {
            throw new IOException("The upstream closed the connection without an answer");
        }
        String[] lines = new String(message, 0, end, StandardCharsets.ISO_8859_1).split("\r\n");
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = lines[i].substring(0, colon);
            if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                headers.computeIfAbsent(name, key -> new ArrayList<>()).add(lines[i].substring(colon + 1).strip());
            }
        }
        byte[] body = Arrays.copyOfRange(message, end + END_OF_HEADERS.length, message.length);
        return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, body);
    }

    private static int indexOf(byte[] text, byte[] part) {
        for (int i = 0; i <= text.length - part.length; i++) {
            if (Arrays.equals(text, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }

    private void learnFrom(String document) {
        for (AcmeResource resource : AcmeResource.values()) {
            Matcher field = Pattern.compile("\"" + resource.directoryField() + "\"\\s*:\\s*\"([^\"]+)\"")
                    .matcher(document);
            if (resource.name().startsWith("NEW_") && field.find()) {
                learned.put(URI.create(field.group(1)).getPath(), resource);
            }
        }
    }

    private String freshNonce() throws IOException {
        // RFC 8555 section 6.1 asks for a User-Agent; Pebble insists
        String host = " HTTP/1.0\r\nHost: " + upstream.getAuthority() + "\r\nUser-Agent: fault-proxy\r\n\r\n";
        if (!learned.containsValue(AcmeResource.NEW_NONCE)) {
            learnFrom(ask("GET " + upstream.getPath() + host, new byte[0]).text());
        }
        String path = learned.entrySet().stream()
                .filter(entry -> entry.getValue() == AcmeResource.NEW_NONCE)
                .map(Map.Entry::getKey)
                .findAny()
                .orElseThrow(() -> new IOException("The upstream's directory has no newNonce"));
        return ask("HEAD " + path + host, new byte[0]).header("Replay-Nonce");
    }

    private static void give(HttpExchange exchange, Answer answer) throws IOException {
        answer.headers().forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
        boolean empty = answer.body().length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.body().length);
        if (!empty) {
            exchange.getResponseBody().write(answer.body());
        }
    }

    private static void giveHalf(HttpExchange exchange, Answer answer) throws IOException {
        answer.headers().forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        exchange.getResponseBody().write(answer.body(), 0, answer.body().length / 2);
        exchange.getResponseBody().flush();
    }

    /** A fault in force, until it is closed. */
    public final class Rule implements AutoCloseable {

        private final Requests requests;
        private final Fault fault;
        private final CountDownLatch released = new CountDownLatch(1);
        private final Semaphore strikes = new Semaphore(0);
        private int struck;

        private Rule(Requests requests, Fault fault) {
            this.requests = requests;
            this.fault = fault;
        }

        /** How many requests were treated, or are being treated. */
        public synchronized int struck() {
            return struck;
        }

        /**
         * Waits until one more request came into its hands, each one counted once: a test that kills a server while
         * its order hangs waits here first.
         *
         * @return whether it came in time
         */
        public boolean awaitStrike(Duration time) throws InterruptedException {
            return strikes.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** Lets everything go on that hangs in it, or ever will. */
        public void release() {
            released.countDown();
        }

        /** Ends the rule and releases it. */
        @Override
        public void close() {
            rules.remove(this);
            release();
        }

        private void treat(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
            synchronized (this) {
                struck++;
            }
            strikes.release();
            fault.strike(new Fault.Passage() {
                @Override
                public Answer ask() throws IOException {
                    return FaultProxy.this.ask(exchange, body);
                }

                @Override
                public String freshNonce() throws IOException {
                    return FaultProxy.this.freshNonce();
                }

                @Override
                public void give(Answer answer) throws IOException {
                    FaultProxy.give(exchange, answer);
                }

                @Override
                public void giveHalf(Answer answer) throws IOException {
                    FaultProxy.giveHalf(exchange, answer);
                }

                @Override
                public void cut() {
                    exchange.close();
                }

                @Override
                public void waitFor(Duration time) throws InterruptedException {
                    released.await(time.toMillis(), TimeUnit.MILLISECONDS);
                }

                @Override
                public void waitForRelease() throws InterruptedException {
                    released.await();
                }
            });
        }
    }
}
