package certservice.harness;

import certservice.harness.CertserviceClient.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Two nodes on one PostgreSQL, behind nginx and HAProxy: what {@link TestBed} is, for more than one node. Both start at
 * the same moment, with the same import file. The first is Payara Micro, the second WildFly if Maven has fetched it;
 * {@code -Dserver2} names another.
 *
 * <p>Every name has the address 127.0.0.1. What the production CA asks by http-01 comes through nginx, what staging
 * asks through HAProxy; before production there is a {@link HaproxyGate}, so it bears load.
 */
public final class Cluster implements AutoCloseable {

    private static final String DATABASE = "nodes";
    private static final String KEY = "test";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Path directory;
    private final LocalCa ca;
    private final Map<ReverseProxy, CertserviceClient> clients = new ConcurrentHashMap<>();
    private final String apiKey = UUID.randomUUID().toString();
    private final String otherApiKey = UUID.randomUUID().toString();
    private final String masterKey = Base64.getEncoder().encodeToString(new SecureRandom().generateSeed(32));
    private final String databaseUrl;
    private final ChallTestServer dns;
    private final Pebble production;
    private final Pebble staging;
    private final List<Node> nodes = new ArrayList<>();
    private ReverseProxy nginx;
    private ReverseProxy haproxy;
    private HaproxyGate gate;

    private record Node(ApplicationServer server, int port, Map<String, String> settings) {
    }

    private Cluster(String name, PostgresqlServer postgresql) {
        directory = BuildDirectory.fresh(name);
        ca = new LocalCa(directory);
        databaseUrl = createDatabase(postgresql.url());
        PebbleBinaries binaries = PebbleBinaries.find();
        dns = new ChallTestServer(binaries, subdirectory("dns"));
        production = new Pebble(binaries, pebble(), subdirectory("production"), ca);
        staging = new Pebble(binaries, pebble(), subdirectory("staging"), ca);
    }

    private Pebble.Options pebble() {
        return Pebble.Options.forHttpPort(Ports.free()).dnsServer(dns.dnsAddress());
    }

    /** What is missing on this machine; empty if a cluster can be started. */
    public static Optional<String> missing() {
        Stream<String> proxies = Stream.of("nginx", "haproxy").filter(program -> !ReverseProxy.available(program));
        return Stream.concat(proxies, PostgresqlServer.shared().isPresent() ? Stream.empty() : Stream.of("postgresql"))
                .findFirst();
    }

    /** Returns when all is up; its files are in this directory below the build directory. */
    public static Cluster start(String name) {
        Cluster cluster = new Cluster(name, PostgresqlServer.shared().orElseThrow());
        try {
            cluster.start();
            return cluster;
        } catch (CompletionException e) {
            cluster.close();
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void start() {
        parts.push(dns.start());
        parts.push(production);
        parts.push(staging);
        CompletableFuture<?> cas = CompletableFuture.allOf(
                CompletableFuture.runAsync(production::start), CompletableFuture.runAsync(staging::start));
        gate = gate();
        parts.push(gate);
        Path imported = new ImportFile().subdomainsOf("example.com")
                .apiKey(KEY, apiKey, "example.com").apiKey("other", otherApiKey, "example.com")
                .writeTo(directory.resolve("import.json"));
        addNode(PayaraMicro.NAME, imported);
        addNode(System.getProperty("server2", secondServer()), imported);
        nginx = ReverseProxy.nginx(production.httpPort(), ca, nodes.get(0).port, nodes.get(1).port,
                subdirectory("nginx"));
        parts.push(nginx);
        haproxy = ReverseProxy.haproxy(staging.httpPort(), ca, nodes.get(0).port, nodes.get(1).port,
                subdirectory("haproxy"));
        parts.push(haproxy);
        CompletableFuture.allOf(CompletableFuture.runAsync(() -> startNode(0)),
                CompletableFuture.runAsync(() -> startNode(1)), cas).join();
    }

    private HaproxyGate gate() {
        try {
            return HaproxyGate.before(production.directoryUri(), ca, HaproxyGate.DEFAULT_STREAMS,
                    subdirectory("gate"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String secondServer() {
        return Files.exists(BuildDirectory.servers().resolve(WildFly.NAME + ".zip")) ? WildFly.NAME : PayaraMicro.NAME;
    }

    private void addNode(String server, Path imported) {
        String name = "node" + (nodes.size() + 1);
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("certservice.data.dir", subdirectory(name + "-data").toString());
        settings.put("certservice.db.url", databaseUrl + "&ApplicationName=" + name);
        settings.put("certservice.master-key", masterKey);
        settings.put("certservice.acme.production", gate.directory().toString());
        settings.put("certservice.acme.staging", staging.directoryUri().toString());
        settings.put("certservice.acme.ca-file", ca.caFile().toString());
        settings.put("certservice.acme.terms-agreed", "true");
        settings.put("certservice.import", imported.toString());
        settings.put("certservice.guessing.limit", "0");
        ApplicationServer added = KnownServers.create(server, subdirectory(name));
        parts.push(added);
        nodes.add(new Node(added, Ports.free(), settings));
    }

    /** Starts a node, the first one being 0; also again, after it was killed. Returns when it is healthy. */
    public void startNode(int index) {
        Node node = nodes.get(index);
        node.server.start(BuildDirectory.war(), node.settings, node.port, Cluster::isHealthy);
    }

    private static boolean isHealthy(URI baseUri) {
        try {
            Response response = new CertserviceClient(baseUri).get("/api/v1/health");
            return response.status() == 200 && response.text().contains("UP");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    public ApplicationServer node(int index) {
        return nodes.get(index).server;
    }

    /** A client that calls one node past the proxies, with {@link #apiKey()}. */
    public CertserviceClient clientOf(int node) {
        return new CertserviceClient(URI.create("http://127.0.0.1:" + nodes.get(node).port)).withKey(apiKey);
    }

    /** A client that calls through a proxy, with {@link #apiKey()}; the same one for each proxy. */
    public CertserviceClient clientOf(ReverseProxy proxy) {
        return clients.computeIfAbsent(proxy, unused -> new CertserviceClient(proxy.https(), ca).withKey(apiKey));
    }

    /** A key for {@code example.com} and all below. */
    public String apiKey() {
        return apiKey;
    }

    /** Another key for the same names; its label is {@code other}. */
    public String otherApiKey() {
        return otherApiKey;
    }

    public Pebble production() {
        return production;
    }

    public Pebble staging() {
        return staging;
    }

    public ReverseProxy nginx() {
        return nginx;
    }

    public ReverseProxy haproxy() {
        return haproxy;
    }

    /** A connection to the nodes' database: what somebody else changes there. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(databaseUrl);
    }

    /** The only value of the only row of a query. */
    public long number(String query) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Cuts the nodes off their database, or lets them in again; it runs on. */
    public void admitToDatabase(boolean allowed) throws SQLException {
        try (Connection connection = DriverManager.getConnection(PostgresqlServer.shared().orElseThrow().url());
                Statement statement = connection.createStatement()) {
            statement.execute("alter database " + DATABASE + " allow_connections " + allowed);
            if (!allowed) {
                statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                        + DATABASE + "'");
            }
        }
    }

    /** Stops everything, the nodes before what they need. */
    @Override
    public void close() {
        List<Exception> failures = new ArrayList<>();
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("Could not stop " + failures.size() + " parts", failures.get(0));
        }
    }

    private static String createDatabase(String url) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + DATABASE + " with (force)");
            statement.execute("create database " + DATABASE);
            return url.replace("/postgres?", "/" + DATABASE + "?");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path subdirectory(String name) {
        return BuildDirectory.fresh(directory.resolve(name).toString());
    }
}
