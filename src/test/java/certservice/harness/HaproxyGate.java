package certservice.harness;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * HAProxy before Pebble, for load: Pebble's lock order lets newOrder and the reading of authorizations wait for each
 * other for ever, so these two share a backend of one connection, and everything else is free.
 *
 * <p>It speaks HTTP/2 with the stream limit of one's choice, as a CA's front does. It passes Host through: the URLs in
 * the directory are the gate's.
 */
public final class HaproxyGate implements AutoCloseable {

    /** HAProxy's own default: more exchanges at once on one connection are refused by the client's side. */
    public static final int DEFAULT_STREAMS = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String CONFIGURATION = """
            global
              maxconn 4096
              tune.h2.max-concurrent-streams %1$d
            defaults
              mode http
              timeout connect 5s
              timeout client 5m
              timeout server 5m
              timeout queue 5m
              default-server ssl verify required ca-file %2$s verifyhost localhost
            frontend gate
              bind 127.0.0.1:%3$d ssl crt %4$s alpn h2,http/1.1
              use_backend one_at_a_time if { path /order-plz } || { path_beg /authZ/ }
              default_backend free
            backend one_at_a_time
              server pebble %5$s maxconn 1
            backend free
              server pebble %5$s
            """;

    private final ManagedProcess process;
    private final URI directory;

    private HaproxyGate(ManagedProcess process, URI directory) {
        this.process = process;
        this.directory = directory;
    }

    /** Whether HAProxy is installed; there is nothing to replace it. */
    public static boolean available() {
        return program().isPresent();
    }

    /**
     * Starts HAProxy on a free port of the loopback address.
     *
     * @param pebble  Pebble's directory
     * @param ca      gives the gate its certificate, and is what it trusts of Pebble; so a client of the gate needs
     *                the same trust anchor as one of Pebble, {@link LocalCa#caFile()}
     * @param streams how many exchanges one HTTP/2 connection may carry at once
     * @param home    for its files
     */
    public static HaproxyGate before(URI pebble, LocalCa ca, int streams, Path home) throws IOException {
        String program = program().orElseThrow(() -> new IllegalStateException("haproxy is not installed"));
        Path certificateAndKey = Files.writeString(home.resolve("gate.pem"),
                Files.readString(ca.certificateFile()) + Files.readString(ca.keyFile()));
        int port = Ports.free();
        Path configuration = Files.writeString(home.resolve("haproxy.cfg"), CONFIGURATION.formatted(
                streams, ca.caFile(), port, certificateAndKey, "127.0.0.1:" + pebble.getPort()));
        ManagedProcess process = ManagedProcess.start("haproxy", home, Map.of(),
                List.of(program, "-db", "-f", configuration.toString()));
        process.awaitReady(() -> !Ports.isFree(port), PATIENCE);
        return new HaproxyGate(process, URI.create("https://localhost:" + port + pebble.getPath()));
    }

    /** The directory as a client of the gate has it. */
    public URI directory() {
        return directory;
    }

    @Override
    public void close() {
        process.stop();
    }

    private static Optional<String> program() {
        // Debian puts it where the PATH of most users doesn't lead.
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(directory -> Path.of(directory, "haproxy"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
