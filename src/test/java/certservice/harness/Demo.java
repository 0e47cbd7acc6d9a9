package certservice.harness;

import certservice.harness.CertserviceClient.Response;
import jakarta.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * {@code mvn -Pdemo verify}: the service on this machine with a CA of its own, from nothing to the first certificate,
 * and then up until Ctrl-C. System properties: {@code demo.once=true} ends after the first certificate;
 * {@code demo.port} is the HTTP port (default: a free one).
 *
 * <p>Once all is up, {@code target/demo/demo.properties} tells scripts where everything is; it is gone as soon as the
 * demo stops.
 */
public final class Demo {

    private static final List<String> NAMES = List.of("example.com", "www.example.com", "blog.example.com");
    private static final char[] NO_PASSWORD = new char[0];

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final String apiKey = UUID.randomUUID().toString();
    private final Thread atExit = new Thread(this::leave, "demo-at-exit");
    private final CountDownLatch leaving = new CountDownLatch(1);
    private Path properties;

    private Demo() {
    }

    /** Ends this JVM with status 1, after one message on standard error, if the demo fails. */
    public static void main(String[] arguments) throws Exception {
        Demo demo = new Demo();
        Runtime.getRuntime().addShutdownHook(demo.atExit);
        try {
            demo.run();
        } catch (IllegalStateException | UncheckedIOException e) {
            demo.awaitExitIfLeaving();
            demo.stop();
            System.err.println("\nThe demo failed: " + e.getMessage());
            System.exit(1);
        }
        demo.stop();
        Runtime.getRuntime().removeShutdownHook(demo.atExit);
    }

    private void run() throws Exception {
        int port = port();
        Path directory = directory();
        properties = directory.resolve("demo.properties");

        say("Looking for Pebble, Let's Encrypt's test CA ...");
        PebbleBinaries binaries = PebbleBinaries.find();
        ChallTestServer dns = part(new ChallTestServer(binaries, directory));
        Pebble pebble = part(new Pebble(binaries, Pebble.Options.forHttpPort(port).dnsServer(dns.dnsAddress()),
                directory, new LocalCa(directory)));
        ApplicationServer server = part(ApplicationServer.chosen(directory));

        say("Starting Pebble (%s) and %s; its log: %s", binaries.origin(), server.name(),
                directory.resolve(server.name() + ".log"));
        dns.start();
        pebble.start();
        server.start(BuildDirectory.war(), settings(directory, pebble), port,
                uri -> new CertserviceClient(uri).isReady());
        Files.writeString(directory.resolve("root.pem"), LocalCa.pem("CERTIFICATE", pebble.root().getEncoded()));

        requestFirstCertificate(new CertserviceClient(server.baseUri()).withKey(apiKey), server.log());
        if (Boolean.getBoolean("demo.once")) {
            return;
        }
        explain(server, pebble, directory);
        writeProperties(server, pebble);
        CompletableFuture.anyOf(server.ended(), pebble.process().ended(), dns.process().ended()).join();
        throw new IllegalStateException("a part has ended by itself; the logs are in " + directory);
    }

    private static int port() {
        String text = System.getProperty("demo.port", "");
        if (text.isBlank()) {
            return Ports.free();
        }
        int port;
        try {
            port = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalStateException("demo.port is '" + text + "', not a port number", e);
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalStateException("demo.port is " + port + ", not between 1 and 65535");
        }
        if (!Ports.isFree(port)) {
            throw new IllegalStateException("port " + port + " of 127.0.0.1 is taken or not allowed; choose another "
                    + "with -Ddemo.port=..., or leave it out for a free one");
        }
        return port;
    }

    /** Fresh at each run, but not while another demo lives there. */
    private static Path directory() {
        Path earlier = BuildDirectory.path("demo").resolve("demo.properties");
        Properties content = new Properties();
        if (Files.exists(earlier)) {
            try (Reader reader = Files.newBufferedReader(earlier)) {
                content.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        String pid = content.getProperty("pid", "");
        boolean running = pid.matches("\\d+")
                && ProcessHandle.of(Long.parseLong(pid)).flatMap(handle -> handle.info().command())
                        .filter(command -> command.contains("java")).isPresent()
                && Long.parseLong(pid) != ProcessHandle.current().pid();
        if (running) {
            throw new IllegalStateException("another demo is running in this directory (process " + pid
                    + "); stop it first, or delete " + earlier);
        }
        return BuildDirectory.fresh("demo");
    }

    private Map<String, String> settings(Path directory, Pebble pebble) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("certservice.data.dir", BuildDirectory.fresh("demo/data").toString());
        settings.put("certservice.acme.production", pebble.directoryUri().toString());
        settings.put("certservice.acme.staging", pebble.directoryUri().toString());
        settings.put("certservice.acme.ca-file", pebble.caFile().toString());
        settings.put("certservice.acme.terms-agreed", "true");
        settings.put("certservice.import", new ImportFile().subdomainsOf("example.com")
                .apiKey("demo", apiKey, "example.com").writeTo(directory.resolve("import.json")).toString());
        return settings;
    }

    private static void requestFirstCertificate(CertserviceClient client, Path log) {
        String request = Json.createObjectBuilder().add("staging", true).add("domains", String.join(",", NAMES))
                .build().toString();
        say("Requesting a PFX: POST /api/v1/cert %s", request);
        long start = System.nanoTime();
        Response response = client.cert(request);
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        if (response.status() != 200) {
            throw new IllegalStateException("no certificate: " + response + "\nThe server's log: " + log);
        }
        X509Certificate certificate = certificateIn(response.body());
        say("""

                The first certificate:
                  names   %s
                  issuer  %s
                  valid   %s to %s
                  taken   %d ms (%d bytes of PFX)
                """, namesOf(certificate), certificate.getIssuerX500Principal(),
                certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant(),
                taken.toMillis(), response.body().length);
    }

    private static X509Certificate certificateIn(byte[] pfx) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(pfx), NO_PASSWORD);
            String alias = store.aliases().nextElement();
            if (store.getKey(alias, NO_PASSWORD) == null) {
                throw new IllegalStateException("the PFX holds no private key");
            }
            return (X509Certificate) store.getCertificate(alias);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the PFX can't be read: " + e.getMessage(), e);
        }
    }

    private static String namesOf(X509Certificate certificate) {
        try {
            return certificate.getSubjectAlternativeNames().stream().map(name -> name.get(1).toString())
                    .collect(Collectors.joining(", "));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void explain(ApplicationServer server, Pebble pebble, Path directory) {
        say("""
                The service is up until Ctrl-C (or SIGTERM to process %1$d).
                  base URL       %2$s
                  API key        %3$s   (example.com and all below it)
                  ACME server    %4$s
                  Pebble's root  %5$s   (its listener's CA: %6$s)
                                 also in %7$s
                  server's log   %8$s

                One PFX for several names, and what is in it:
                  curl -sS -o demo.pfx -H 'X-Api-Key: %3$s' -H 'Content-Type: application/json' \\
                    -d '{"staging":true,"domains":"example.com,www.example.com"}' %2$s/api/v1/cert
                  openssl pkcs12 -in demo.pfx -passin pass: -nokeys -info

                PEM, one certificate for each name:
                  curl -sS -H 'X-Api-Key: %3$s' -H 'Content-Type: application/json' \\
                    -d '{"staging":true,"domains":"a.example.com b.example.com"}' %2$s/api/v1/pem

                A domain that this key may not request (401):
                  curl -sS -i -H 'X-Api-Key: %3$s' -H 'Content-Type: application/json' \\
                    -d '{"staging":true,"domains":"example.org"}' %2$s/api/v1/cert

                Pebble's root:
                  curl -sS --cacert '%6$s' %5$s
                """, ProcessHandle.current().pid(), server.baseUri(), apiKey, pebble.directoryUri(), pebble.rootUri(),
                pebble.caFile(), directory.resolve("root.pem"), server.log());
    }

    /** The sign for scripts that all is up: the file is complete or not there. Shells can read it too. */
    private void writeProperties(ApplicationServer server, Pebble pebble) throws IOException {
        Path unfinished = properties.resolveSibling("demo.properties.new");
        Files.write(unfinished, List.of(
                "baseUrl=" + server.baseUri(),
                "apiKey=" + apiKey,
                "pebbleDirectory=" + pebble.directoryUri(),
                "pebbleRootUrl=" + pebble.rootUri(),
                "pid=" + ProcessHandle.current().pid()));
        Files.move(unfinished, properties, StandardCopyOption.ATOMIC_MOVE);
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    private void stop() throws Exception {
        removeProperties();
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    /** At Ctrl-C: the processes are stopped by their own shutdown hook. */
    private void leave() {
        leaving.countDown();
        removeProperties();
    }

    private void removeProperties() {
        try {
            if (properties != null) {
                Files.deleteIfExists(properties);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A part that ends because this JVM does is no failure; at Ctrl-C it may even end a little earlier. */
    private void awaitExitIfLeaving() throws InterruptedException {
        if (leaving.await(1, TimeUnit.SECONDS)) {
            Thread.currentThread().join();
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(format + "%n", values);
        System.out.flush();
    }
}
