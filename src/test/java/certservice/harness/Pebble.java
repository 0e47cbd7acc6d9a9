package certservice.harness;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Pebble, Let's Encrypt's test CA. Its addresses are known before it is started, so that others can be configured
 * with them at the same time. Its state and its root are new at each start.
 */
public final class Pebble implements AutoCloseable {

    private static final Duration READY = Duration.ofSeconds(60);
    private static final int DAY = 86_400;

    private final int port = Ports.free();
    private final int managementPort = Ports.free();
    private final PebbleBinaries binaries;
    private final Options options;
    private final Path directory;
    private final LocalCa ca;
    private final HttpClient http;
    private ManagedProcess process;

    /**
     * @param directory where its configuration and its log go
     * @param ca        gives its listener its certificate
     */
    public Pebble(PebbleBinaries binaries, Options options, Path directory, LocalCa ca) {
        this.binaries = binaries;
        this.options = options;
        this.directory = directory;
        this.ca = ca;
        this.http = HttpClient.newBuilder().sslContext(ca.sslContext()).build();
    }

    /** Returns when the directory can be read. */
    public Pebble start() {
        Path config = directory.resolve("pebble.json");
        try {
            Files.writeString(config, config().toString());
            Path certificate = directory.resolve("pebble-cert.pem");
            Files.writeString(certificate, Files.readString(ca.certificateFile()));
            Files.writeString(directory.resolve("pebble-key.pem"), Files.readString(ca.keyFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> arguments = new ArrayList<>(List.of("-config", config.toString()));
        if (options.dnsServer() != null) {
            arguments.addAll(List.of("-dnsserver", options.dnsServer()));
        }
        if (options.strict()) {
            arguments.add("-strict");
        }
        process = ManagedProcess.start("pebble", directory, options.environment(),
                binaries.pebble(directory, options.environment(), arguments));
        process.awaitReady(this::answers, READY);
        return this;
    }

    /** What {@code certservice.acme.production} or {@code .staging} is set to. */
    public URI directoryUri() {
        return URI.create("https://127.0.0.1:" + port + "/dir");
    }

    /** Where http-01 validations go. */
    public int httpPort() {
        return options.httpPort();
    }

    /** Where the root of the issued certificates can be fetched, as PEM. */
    public URI rootUri() {
        return management("roots/0");
    }

    /** The CA of the listener, PEM: what {@code certservice.acme.ca-file} is set to. It issues nothing else. */
    public Path caFile() {
        return ca.caFile();
    }

    /** The ACME directory (RFC 8555 section 7.1.1). */
    public JsonObject directory() {
        try (JsonReader reader = Json.createReader(new StringReader(get(directoryUri())))) {
            return reader.readObject();
        }
    }

    /** The root of the chain that certificates come with by default. */
    public X509Certificate root() {
        return certificate(rootUri());
    }

    /** The intermediate that signs by default (with a longer chain: the one directly above the certificates). */
    public X509Certificate intermediate() {
        return certificate(management("intermediates/0"));
    }

    /** All roots: the default one, then the alternate ones (RFC 8555 section 7.4.2). */
    public List<X509Certificate> roots() {
        List<X509Certificate> roots = new ArrayList<>();
        for (int index = 0; index <= options.alternateRoots(); index++) {
            roots.add(certificate(management("roots/" + index)));
        }
        return roots;
    }

    /**
     * The root that a chain ends at.
     *
     * @param last the last certificate of the chain that was delivered
     * @throws IllegalStateException if no root of this Pebble has signed it
     */
    public X509Certificate rootOf(X509Certificate last) {
        return roots().stream().filter(root -> hasSigned(root, last)).findFirst()
                .orElseThrow(() -> new IllegalStateException("No root of this Pebble has signed "
                        + last.getSubjectX500Principal() + ", issued by " + last.getIssuerX500Principal()));
    }

    /** What Pebble knows of a certificate: {@code Status} and, if it is revoked, {@code Reason}. */
    public JsonObject status(X509Certificate certificate) {
        String serial = certificate.getSerialNumber().toString(16);
        try (JsonReader reader = Json.createReader(new StringReader(
                get(management("cert-status-by-serial/" + serial))))) {
            return reader.readObject();
        }
    }

    /** How often the expression is found in what Pebble has logged since its start; it logs each request's path. */
    public long logged(String regex) {
        return Pattern.compile(regex).matcher(process.output()).results().count();
    }

    public Path log() {
        return process.log();
    }

    /** The process itself, to wait for its end or to kill it. */
    public ManagedProcess process() {
        return process;
    }

    @Override
    public void close() {
        if (process != null) {
            process.stop();
        }
    }

    /** Pebble's configuration file. */
    JsonObject config() {
        JsonObjectBuilder pebble = Json.createObjectBuilder()
                .add("listenAddress", "127.0.0.1:" + port)
                .add("managementListenAddress", "127.0.0.1:" + managementPort)
                .add("certificate", directory.resolve("pebble-cert.pem").toString())
                .add("privateKey", directory.resolve("pebble-key.pem").toString())
                .add("httpPort", options.httpPort())
                .add("tlsPort", Ports.free())
                .add("ocspResponderURL", "")
                .add("keyAlgorithm", "ecdsa")
                .add("externalAccountBindingRequired", !options.externalAccounts().isEmpty())
                .add("externalAccountMACKeys", Json.createObjectBuilder(Map.copyOf(options.externalAccounts())))
                .add("domainBlocklist", Json.createArrayBuilder(options.blocked()))
                .add("caaIdentities", Json.createArrayBuilder(options.caaIdentities()))
                .add("retryAfter", Json.createObjectBuilder().add("authz", 1).add("order", 1))
                .add("profiles", Json.createObjectBuilder()
                        .add("classic", profile("As classic, with a common name", 90 * DAY, true))
                        .add("tlsserver", profile("As tlsserver, without a common name", 90 * DAY, false))
                        .add("shortlived", profile("As shortlived, six days", 6 * DAY, false)));
        return Json.createObjectBuilder().add("pebble", pebble).build();
    }

    private static JsonObject profile(String description, int seconds, boolean commonName) {
        return Json.createObjectBuilder().add("description", description).add("validityPeriod", seconds)
                .add("promoteCommonName", commonName).build();
    }

    private boolean answers() {
        try {
            return !directory().isEmpty() && !get(rootUri()).isEmpty();
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private URI management(String path) {
        return URI.create("https://127.0.0.1:" + managementPort + "/" + path);
    }

    private X509Certificate certificate(URI uri) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(
                    new ByteArrayInputStream(get(uri).getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IllegalStateException(uri + " is no certificate", e);
        }
    }

    private String get(URI uri) {
        try {
            HttpResponse<String> response = http.send(HttpRequest.newBuilder(uri).timeout(READY).build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(uri + " answers " + response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static boolean hasSigned(X509Certificate issuer, X509Certificate certificate) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException no) {
            return false;
        }
    }

    /**
     * How a Pebble behaves. What Pebble would do at random is off: it rejects no nonce and reuses no authorization,
     * unless told to.
     *
     * @param httpPort         where http-01 validations go: the service's port
     * @param dnsServer        {@code host:port} of the resolver; {@code null} for the system's
     * @param environment      Pebble's {@code PEBBLE_…} variables
     * @param caaIdentities    the issuer domain names in the directory; Pebble 2.10 checks no CAA records of http-01
     * @param blocked          domains that are rejected by policy
     * @param externalAccounts key identifier to base64url HMAC key; when there is one, binding is required
     * @param strict           whether Pebble runs with {@code -strict}
     */
    public record Options(int httpPort, String dnsServer, Map<String, String> environment,
            List<String> caaIdentities, List<String> blocked, Map<String, String> externalAccounts, boolean strict) {

        private static final String ALTERNATE_ROOTS = "PEBBLE_ALTERNATE_ROOTS";

        public static Options forHttpPort(int httpPort) {
            return new Options(httpPort, null, Map.of("PEBBLE_VA_NOSLEEP", "1", "PEBBLE_WFE_NONCEREJECT", "0",
                    "PEBBLE_AUTHZREUSE", "0"), List.of("pebble.test"), List.of(), Map.of(), false);
        }

        public Options dnsServer(String address) {
            return new Options(httpPort, address, environment, caaIdentities, blocked, externalAccounts, strict);
        }

        /** In this many of 100 cases a good nonce is rejected. */
        public Options rejectingNonces(int percent) {
            return with("PEBBLE_WFE_NONCEREJECT", Integer.toString(percent));
        }

        /** Every challenge is found valid, without being looked at. */
        public Options alwaysValid() {
            return with("PEBBLE_VA_ALWAYS_VALID", "1");
        }

        /** In this many of 100 cases a valid authorization is reused for a new order. */
        public Options reusingAuthorizations(int percent) {
            return with("PEBBLE_AUTHZREUSE", Integer.toString(percent));
        }

        /** How many intermediates a chain has, from 1. */
        public Options chainLength(int intermediates) {
            return with("PEBBLE_CHAIN_LENGTH", Integer.toString(intermediates));
        }

        /** How many alternate chains are offered beside the default one. */
        public Options alternateRoots(int count) {
            return with(ALTERNATE_ROOTS, Integer.toString(count));
        }

        public Options caaIdentities(String... names) {
            return new Options(httpPort, dnsServer, environment, List.of(names), blocked, externalAccounts, strict);
        }

        public Options blocking(String... domains) {
            return new Options(httpPort, dnsServer, environment, caaIdentities, List.of(domains), externalAccounts,
                    strict);
        }

        /** Accounts need an external account binding (RFC 8555 section 7.3.4) with this key. */
        public Options requiringExternalAccount(String keyIdentifier, String base64UrlKey) {
            Map<String, String> accounts = new LinkedHashMap<>(externalAccounts);
            accounts.put(keyIdentifier, base64UrlKey);
            return new Options(httpPort, dnsServer, environment, caaIdentities, blocked, accounts, strict);
        }

        public Options beingStrict() {
            return new Options(httpPort, dnsServer, environment, caaIdentities, blocked, externalAccounts, true);
        }

        int alternateRoots() {
            return Integer.parseInt(environment.getOrDefault(ALTERNATE_ROOTS, "0"));
        }

        private Options with(String variable, String value) {
            Map<String, String> variables = new TreeMap<>(environment);
            variables.put(variable, value);
            return new Options(httpPort, dnsServer, variables, caaIdentities, blocked, externalAccounts, strict);
        }
    }
}
