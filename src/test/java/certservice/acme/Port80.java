package certservice.acme;

import certservice.challenge.Proof;
import certservice.challenge.Solver;
import certservice.challenge.Solvers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The http-01 solver of all nodes, and the server that the CA asks. */
final class Port80 extends Solvers implements Solver, AutoCloseable {

    private static final String PATH = "/.well-known/acme-challenge/";

    private final Map<String, String> published = new ConcurrentHashMap<>();
    private final Map<String, Duration> slow = new ConcurrentHashMap<>();
    private final Set<String> hidden = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile boolean nodeIsDead;

    Port80(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext(PATH, this::answer);
        server.setExecutor(threads);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestHeaders().getFirst("Host").split(":")[0];
        pause(slow.getOrDefault(name, Duration.ZERO));
        String value = published.get(exchange.getRequestURI().getPath().substring(PATH.length()));
        byte[] body = value == null || hidden.contains(name) ? new byte[0] : value.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The CA does not see this name's proofs. */
    void hide(String name) {
        hidden.add(name);
    }

    /** The CA sees this name's proofs again. */
    void show(String name) {
        hidden.remove(name);
    }

    /** The CA sees this name's proofs late. */
    void slow(String name, Duration by) {
        slow.put(name, by);
    }

    /** From now on nothing is withdrawn, until another node takes over. */
    void nodeDies() {
        nodeIsDead = true;
    }

    void anotherNodeTakesOver() {
        nodeIsDead = false;
    }

    /** The tokens of what is published. */
    Set<String> published() {
        return published.keySet();
    }

    @Override
    public Solver of(String type) {
        return this;
    }

    @Override
    public String type() {
        return "http-01";
    }

    @Override
    public void present(Collection<Proof> proofs) {
        proofs.forEach(proof -> published.put(proof.token(), proof.value()));
    }

    @Override
    public void await(Collection<Proof> proofs, Instant deadline) {
        // seen at once
    }

    @Override
    public void withdraw(Collection<Proof> proofs) {
        if (!nodeIsDead) {
            proofs.forEach(proof -> published.remove(proof.token(), proof.value()));
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
