package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The whole world of one service: two Pebbles (production and staging), DNS, and an application server with the WAR.
 * {@link #shared()} is started once per JVM and serves all tests that need nothing special; {@link #in} builds another.
 *
 * <p>Every bed has these zones, in which every name that is not listed has the address 127.0.0.1:
 * {@code example.com}, {@code example.org} and {@code example.net}. With BIND there is also
 * {@code _acme-challenge.delegated.example.org}, a CNAME into the zone {@code acme.test};
 * {@code forbidden.example.com}, whose CAA record allows another CA only (Pebble itself checks no CAA and issues); and
 * {@code broken.test}, a zone that always answers SERVFAIL.
 *
 * <p>Keys may request: {@code example.com} and all below it, {@code example.org} alone (both http-01), and, with BIND,
 * {@code *.example.net}, {@code example.net} and {@code delegated.example.org} (dns-01). In the shared bed, staging's
 * chains have two intermediates, production's one.
 */
public final class TestBed implements AutoCloseable {

    /** The DNS provider's name in the import file. */
    public static final String DNS_PROVIDER = "test-dns";

    private static TestBed shared;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final String apiKey = UUID.randomUUID().toString();
    private final String disabledApiKey = UUID.randomUUID().toString();
    private final String expiredApiKey = UUID.randomUUID().toString();
    private final String narrowApiKey = UUID.randomUUID().toString();
    private final ServerUser admin = new ServerUser("admin-of-tests", "Secret-" + UUID.randomUUID());
    private final ServerUser auditor = new ServerUser("auditor-of-tests", "Secret-" + UUID.randomUUID());
    private final int port = Ports.free();
    private final Path directory;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final LocalCa ca;
    private final Bind bind;
    private final ChallTestServer challTestServer;
    private final Pebble production;
    private final Pebble staging;
    private final ApplicationServer server;
    private PostgresqlServer.Database postgresql;

    private TestBed(Builder builder) {
        directory = BuildDirectory.fresh(builder.name);
        ca = new LocalCa(directory);
        PebbleBinaries binaries = PebbleBinaries.find();
        bind = Bind.available() ? new Bind(subdirectory("dns"), zones(builder)) : null;
        challTestServer = bind == null ? new ChallTestServer(binaries, subdirectory("dns")) : null;
        production = pebble("production", binaries, builder.productionOptions);
        staging = pebble("staging", binaries, builder.stagingOptions);
        server = ApplicationServer.chosen(subdirectory("server"));
        server.makeAdmin(admin.name(), admin.password());
        server.makeAuditor(auditor.name(), auditor.password());
        if (builder.managementPassword != null) {
            server.openManagement(builder.managementPassword);
        }
        settings.put("certservice.data.dir", subdirectory("data").toString());
        settings.put("certservice.acme.production",
                builder.wayToProduction.apply(production.directoryUri(), ca).toString());
        settings.put("certservice.acme.staging", staging.directoryUri().toString());
        settings.put("certservice.acme.ca-file", ca.caFile().toString());
        settings.put("certservice.acme.terms-agreed", "true");
        settings.put("certservice.dns.resolvers", dnsAddress());
        // tests send bad keys all the time
        settings.put("certservice.guessing.limit", "0");
        // the servers of tests have no good compiler, and live too short to use all that they would make ahead
        settings.put("certservice.issuance.rsa-stock", "2");
        settings.put("certservice.import", importFile(builder).writeTo(directory.resolve("import.json")).toString());
        settings.putAll(builder.database != null ? settingsFor(builder.database)
                : builder.pooled != null ? pool(builder.pooled)
                : builder.defaultDatabase ? Map.of() : chosenDatabase(builder.name));
        settings.putAll(builder.settings);
    }

    /** The kind of database that the system property {@code database} names; without it H2, the service's default. */
    private Map<String, String> chosenDatabase(String name) {
        String kind = System.getProperty("database", "h2");
        return switch (kind) {
            case "h2" -> Map.of();
            case "postgresql" -> settingsFor(installed().database(name));
            case "pool" -> pool(installed().database(name));
            default -> throw new IllegalArgumentException(
                    "Unknown database '" + kind + "'; known: h2, pool, postgresql");
        };
    }

    private static PostgresqlServer installed() {
        return PostgresqlServer.shared().orElseThrow(() -> new IllegalStateException("PostgreSQL is not installed"));
    }

    private Map<String, String> pool(PostgresqlServer.Database database) {
        postgresql = database;
        return Map.of("certservice.db.jndi", server.makePool(database));
    }

    private Map<String, String> settingsFor(PostgresqlServer.Database database) {
        postgresql = database;
        try {
            Path password = Files.writeString(directory.resolve("db-password"), database.password() + "\n");
            return Map.of("certservice.db.url", database.url(), "certservice.db.user", database.user(),
                    "certservice.db.password-file", password.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bed that all tests of this JVM share; started at the first call, stopped with the JVM. */
    public static synchronized TestBed shared() {
        if (shared == null) {
            shared = in(BuildDirectory.ofFork("testbed")).staging(staging -> staging.chainLength(2)).start();
        }
        return shared;
    }

    /** A bed of its own, whose files are in this directory below the build directory. */
    public static Builder in(String name) {
        return new Builder(name);
    }

    /** A client with {@link #apiKey()}. */
    public CertserviceClient client() {
        return new CertserviceClient(baseUri()).withKey(apiKey);
    }

    /** {@code http://127.0.0.1:<port>} of the service. */
    public URI baseUri() {
        return server.baseUri();
    }

    /** A key for all that a key may request here. */
    public String apiKey() {
        return apiKey;
    }

    /** A key for the same domains that is not enabled. */
    public String disabledApiKey() {
        return disabledApiKey;
    }

    /** A key for the same domains that has expired. */
    public String expiredApiKey() {
        return expiredApiKey;
    }

    /** A key for {@code example.org} alone, which expires some day. */
    public String narrowApiKey() {
        return narrowApiKey;
    }

    /** A user of the server with the role {@code certservice-admin}. */
    public ServerUser admin() {
        return admin;
    }

    /** A user of the server with the role {@code certservice-auditor}. */
    public ServerUser auditor() {
        return auditor;
    }

    public Pebble production() {
        return production;
    }

    public Pebble staging() {
        return staging;
    }

    /** The CA of both Pebbles' listeners, for a proxy in front of them too. */
    public LocalCa ca() {
        return ca;
    }

    /** BIND, if it is installed; without it the Pebbles ask {@link #challTestServer()}. */
    public Optional<Bind> bind() {
        return Optional.ofNullable(bind);
    }

    public Optional<ChallTestServer> challTestServer() {
        return Optional.ofNullable(challTestServer);
    }

    public ApplicationServer server() {
        return server;
    }

    /** The service's data directory, which outlives {@link #startServer()}. */
    public Path dataDirectory() {
        return directory.resolve("data");
    }

    /** What the service has stored, past the service; an H2 file can be had only while the server is stopped. */
    public Connection database() throws SQLException {
        if (postgresql != null) {
            return DriverManager.getConnection(postgresql.url(), postgresql.user(), postgresql.password());
        }
        return DriverManager.getConnection("jdbc:h2:file:" + dataDirectory().resolve("certservice"), "certservice", "");
    }

    /** Where the files of the chosen kind of database are: the data directory, or PostgreSQL's. */
    public Path databaseFiles() {
        return settings.keySet().stream().anyMatch(name -> name.startsWith("certservice.db.")) ? installed().data()
                : dataDirectory();
    }

    /** Starts the server again, with the same settings and data, after it was stopped or killed. */
    public void startServer() {
        startServer(CertserviceClient::isReady);
    }

    /** As {@link #startServer()}, for a service that can't work yet; {@code ready} says when the test can begin. */
    public void startServer(Predicate<CertserviceClient> ready) {
        server.start(BuildDirectory.war(), settings, port, uri -> ready.test(new CertserviceClient(uri)));
    }

    /** Stops everything, the server first. */
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

    private TestBed start() {
        List.of(bind == null ? challTestServer : bind, production, staging, server).forEach(parts::push);
        CompletableFuture<?> world = CompletableFuture.runAsync(this::startDns).thenCompose(dns ->
                CompletableFuture.allOf(
                        CompletableFuture.runAsync(production::start), CompletableFuture.runAsync(staging::start)));
        try {
            startServer();
            world.join();
            return this;
        } catch (CompletionException e) {
            close();
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void startDns() {
        if (bind == null) {
            challTestServer.start();
        } else {
            bind.start();
        }
    }

    private String dnsAddress() {
        return bind == null ? challTestServer.dnsAddress() : bind.dnsAddress();
    }

    private Pebble pebble(String name, PebbleBinaries binaries, UnaryOperator<Pebble.Options> change) {
        Pebble.Options options = change.apply(Pebble.Options.forHttpPort(port).dnsServer(dnsAddress()));
        return new Pebble(binaries, options, subdirectory(name), ca);
    }

    private ImportFile importFile(Builder builder) {
        List<String> domains = new ArrayList<>(List.of("example.com", "example.org"));
        ImportFile file = new ImportFile().subdomainsOf("example.com").exactly("example.org");
        if (bind != null) {
            file.dnsProvider(DNS_PROVIDER, "rfc2136", bind.providerSettings());
            for (String name : List.of("*.example.net", "example.net", "delegated.example.org")) {
                file.domain(name, false, "dns-01", DNS_PROVIDER);
                domains.add(name);
            }
        }
        String[] names = domains.toArray(String[]::new);
        file.apiKey("test", apiKey, names)
                .apiKey("disabled", disabledApiKey, false, Map.of(), names)
                .apiKey("expired", expiredApiKey, true, Map.of("expires", "2020-01-31T00:00:00Z"), names)
                .apiKey("narrow", narrowApiKey, true, Map.of("expires", "2099-01-31T00:00:00Z"), "example.org");
        builder.additions.forEach(addition -> addition.accept(file));
        return file;
    }

    private static Bind.Zone[] zones(Builder builder) {
        List<Bind.Zone> zones = new ArrayList<>(builder.zones);
        zones.add(Bind.Zone.allLocal("example.com")
                .and("forbidden A 127.0.0.1", "forbidden CAA 0 issue \"another-ca.test\""));
        zones.add(Bind.Zone.allLocal("example.org").and("_acme-challenge.delegated CNAME delegated.acme.test."));
        zones.add(Bind.Zone.allLocal("example.net"));
        zones.add(new Bind.Zone("acme.test", ""));
        zones.add(Bind.Zone.failing("broken.test"));
        return zones.toArray(Bind.Zone[]::new);
    }

    private Path subdirectory(String name) {
        return BuildDirectory.fresh(directory.resolve(name).toString());
    }

    /** What is special about a bed. */
    public static final class Builder {

        private final String name;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<Bind.Zone> zones = new ArrayList<>();
        private final List<Consumer<ImportFile>> additions = new ArrayList<>();
        private PostgresqlServer.Database database;
        private PostgresqlServer.Database pooled;
        private boolean defaultDatabase;
        private String managementPassword;
        private BiFunction<URI, LocalCa, URI> wayToProduction = (directory, ca) -> directory;
        private UnaryOperator<Pebble.Options> productionOptions = UnaryOperator.identity();
        private UnaryOperator<Pebble.Options> stagingOptions = UnaryOperator.identity();

        private Builder(String name) {
            this.name = name;
        }

        /** A setting of the service, instead of the default one or in addition. */
        public Builder setting(String setting, String value) {
            settings.put(setting, value);
            return this;
        }

        /** This database, whatever kind was chosen for the others. */
        public Builder database(PostgresqlServer.Database given) {
            database = given;
            return this;
        }

        /** A pool of the server's own for this database, whatever kind was chosen for the others. */
        public Builder poolFor(PostgresqlServer.Database given) {
            pooled = given;
            return this;
        }

        /** The service's default, an H2 file, whatever kind was chosen for the others. */
        public Builder defaultDatabase() {
            defaultDatabase = true;
            return this;
        }

        /** A server whose management can be reached over JMX; {@link ApplicationServer#openManagement}. */
        public Builder management(String password) {
            managementPassword = password;
            return this;
        }

        /** Another zone; only with BIND. */
        public Builder zone(Bind.Zone zone) {
            zones.add(zone);
            return this;
        }

        /** More domains, providers or keys. */
        public Builder importing(Consumer<ImportFile> addition) {
            additions.add(addition);
            return this;
        }

        /**
         * Puts something between the service and production.
         *
         * @param way is given Pebble's directory URL (nothing listens there yet) and the CA that the service trusts,
         *            returns the URL that the service uses
         */
        public Builder productionThrough(BiFunction<URI, LocalCa, URI> way) {
            wayToProduction = way;
            return this;
        }

        public Builder production(UnaryOperator<Pebble.Options> change) {
            productionOptions = change;
            return this;
        }

        public Builder staging(UnaryOperator<Pebble.Options> change) {
            stagingOptions = change;
            return this;
        }

        /** Returns when all is up. */
        public TestBed start() {
            return new TestBed(this).start();
        }
    }
}
