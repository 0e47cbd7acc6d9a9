package certservice.harness;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** What every server is to the harness: one process with one log. */
abstract class ServerProcess implements ApplicationServer {

    static final String JAVA_HOME = System.getProperty("java.home");
    private static final Duration READY = Duration.ofMinutes(3);

    private final String name;
    private final Path directory;
    private ManagedProcess process;
    private URI baseUri;

    /** @param directory where its files and its log go */
    ServerProcess(String name, Path directory) {
        this.name = name;
        this.directory = directory;
    }

    /** Starts the process; it need not listen yet. */
    abstract ManagedProcess launch(Path war, Map<String, String> settings, int port);

    /** Sees to it that the process that {@link #launch} has just started has the WAR; it need not be ready yet. */
    abstract void deploy(ManagedProcess launched, Path war, Map<String, String> settings);

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final void start(Path war, Map<String, String> settings, int port, Predicate<URI> ready) {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException(name + " is already running");
        }
        if (!Files.exists(war)) {
            throw new IllegalStateException("There is no " + war + " yet; mvn package makes it");
        }
        baseUri = URI.create("http://127.0.0.1:" + port);
        process = launch(war, settings, port);
        deploy(process, war, settings);
        process.awaitReady(() -> ready.test(baseUri), READY);
    }

    @Override
    public final URI baseUri() {
        return baseUri;
    }

    @Override
    public final Path log() {
        return process.log();
    }

    /** Of the JVM that serves, also where a script or a tool has started it. */
    @Override
    public final long pid() {
        return ProcessHandle.of(process.pid()).stream().flatMap(ProcessHandle::descendants)
                .mapToLong(ProcessHandle::pid).reduce(process.pid(), (first, second) -> second);
    }

    @Override
    public final CompletableFuture<Void> ended() {
        return process.ended();
    }

    @Override
    public final void stop() {
        if (process != null) {
            process.stop();
        }
    }

    @Override
    public final void kill() {
        process.kill();
    }

    final Path directory() {
        return directory;
    }

    /** Starts the server's process; the environment is added to this JVM's own. */
    final ManagedProcess process(Map<String, String> environment, List<String> command) {
        return ManagedProcess.start(name, directory, environment, command);
    }

    /**
     * Waits until the server has written this text, with which it says that it is up.
     *
     * @throws IllegalStateException with the end of the log, if it does not
     */
    static void awaitLog(ManagedProcess launched, String text) {
        launched.awaitReady(() -> launched.output().contains(text), READY);
    }

    /**
     * Runs one of the server's own tools to its end; what it says is in {@code <tool>.log}.
     *
     * @return its exit status
     */
    final int tool(String tool, List<String> command) {
        return ManagedProcess.start(tool, directory, Map.of("JAVA_HOME", JAVA_HOME, "AS_JAVA", JAVA_HOME), command)
                .awaitExit(READY);
    }
}
