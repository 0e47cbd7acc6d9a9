package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Payara Micro, started as {@code server-config/payara-micro} says. */
final class PayaraMicro implements ApplicationServer {

    static final String NAME = "payara-micro";
    private static final Duration READY = Duration.ofMinutes(3);

    private final Path directory;
    private ManagedProcess process;
    private URI baseUri;

    PayaraMicro(Path directory) {
        this.directory = directory;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start(Path war, Map<String, String> settings, int port, Predicate<URI> ready) {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException(NAME + " is already running");
        }
        if (!Files.exists(war)) {
            throw new IllegalStateException("There is no " + war + " yet; mvn package makes it");
        }
        baseUri = URI.create("http://127.0.0.1:" + port);
        process = ManagedProcess.start(NAME, directory, Map.of(), command(war, settings, port));
        process.awaitReady(() -> ready.test(baseUri), READY);
    }

    @Override
    public URI baseUri() {
        return baseUri;
    }

    @Override
    public Path log() {
        return process.log();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public CompletableFuture<Void> ended() {
        return process.ended();
    }

    @Override
    public void stop() {
        if (process != null) {
            process.stop();
        }
    }

    @Override
    public void kill() {
        process.kill();
    }

    private List<String> command(Path war, Map<String, String> settings, int port) {
        Path configuration = BuildDirectory.serverConfig(NAME);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dh2.bindAddress=127.0.0.1",
                "-Djava.io.tmpdir=" + temporaryDirectory()));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(
                "-jar", BuildDirectory.servers().resolve("payara-micro.jar").toString(),
                "--nocluster", "--nohazelcast", "--disablephonehome",
                "--prebootcommandfile", configuration.resolve("pre-boot.asadmin").toString(),
                "--port", Integer.toString(port),
                "--contextroot", "/",
                "--deploy", war.toString()));
        return command;
    }

    /** Payara Micro unpacks itself there, and after a crash leaves it behind. */
    private Path temporaryDirectory() {
        try {
            return Files.createDirectories(directory.resolve("tmp"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
