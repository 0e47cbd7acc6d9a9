package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.postgresql.Driver;

/** What every server is to the harness: one process with one log. */
abstract class ServerProcess implements ApplicationServer {

    /** The group in the examples of {@code server-config}. */
    static final String ADMINS = "certservice-admin";

    static final String JAVA_HOME = System.getProperty("java.home");

    /** What the server's JVM is started with on top; benchmark and demo have nothing here. */
    private static final Optional<String> JVM_OPTIONS =
            Optional.ofNullable(System.getProperty("server.jvm.options"));
    private static final Duration READY = Duration.ofMinutes(3);

    private final String name;
    private final Path directory;
    private ManagedProcess process;
    private URI baseUri;
    private Map<String, String> settings;
    private PostgresqlServer.Database pool;
    private final List<User> users = new ArrayList<>();
    private User manager;

    /**
     * A user.
     *
     * @param group the group, whose name is a role of ours; or {@code null} for one of the server's own management
     */
    record User(String name, String password, String group) {
    }

    /** @param directory where its files and its log go */
    ServerProcess(String name, Path directory) {
        this.name = name;
        this.directory = directory;
    }

    /** Starts the process; it need not listen yet. */
    abstract ManagedProcess launch(Path war, Map<String, String> settings, int port);

    /** Sees to it that the process that {@link #launch} has just started has the WAR; it need not be ready yet. */
    abstract void deploy(ManagedProcess launched, Path war, Map<String, String> settings, int port);

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
        this.settings = settings;
        process = launch(war, settings, port);
        deploy(process, war, settings, port);
        process.awaitReady(() -> ready.test(baseUri), READY);
    }

    @Override
    public final void makeAdmin(String user, String password) {
        users.add(new User(user, password, ADMINS));
    }

    @Override
    public final void makeAuditor(String user, String password) {
        users.add(new User(user, password, "certservice-auditor"));
    }

    @Override
    public final String openManagement(String password) {
        manager = new User(managerName(), password, null);
        return manager.name();
    }

    /** The user of the server's own management. */
    String managerName() {
        return "manager";
    }

    @Override
    public final String makePool(PostgresqlServer.Database database) {
        String jndi = poolName().orElseThrow(() -> new UnsupportedOperationException(name + " has no pool of its own"));
        pool = database;
        return jndi;
    }

    /** The JNDI name of the pool that the script of {@code server-config} makes, if there is such a script. */
    Optional<String> poolName() {
        return Optional.of("jdbc/certservice-pool");
    }

    /** The users that the server shall have. */
    final List<User> users() {
        return List.copyOf(users);
    }

    /** Who shall be able to connect to the server's management over JMX, if anybody. */
    final Optional<User> manager() {
        return Optional.ofNullable(manager);
    }

    /** The database that the server shall have a pool for, if any. */
    final Optional<PostgresqlServer.Database> pool() {
        return Optional.ofNullable(pool);
    }

    /** With a restart, for a server that names its WAR at the start. */
    @Override
    public void upgrade(Path war, Predicate<URI> ready) {
        stop();
        start(war, settings, baseUri.getPort(), ready);
    }

    /** With its end, for a server that runs for its WAR alone. */
    @Override
    public void remove() {
        stop();
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

    /** Waits until the service is ready, on a server that runs already. */
    final void awaitReady(Predicate<URI> ready) {
        process.awaitReady(() -> ready.test(baseUri), READY);
    }

    /**
     * A file of {@code server-config} with the values of a test in the place of the examples.
     *
     * @throws IllegalStateException if an example is not in the file
     */
    final String configured(String file, Map<String, String> values) {
        try {
            String text = Files.readString(BuildDirectory.serverConfig(name).resolve(file));
            for (Map.Entry<String, String> value : values.entrySet()) {
                if (!text.contains(value.getKey())) {
                    throw new IllegalStateException("There is no '" + value.getKey() + "' in " + file);
                }
                text = text.replace(value.getKey(), value.getValue());
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The PostgreSQL driver that is in the WAR too, for servers that want it for themselves. */
    static Path driver() {
        return Path.of(URI.create(Driver.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    /** Writes a text file into the server's directory. */
    final Path write(String file, String text) {
        try {
            return Files.writeString(directory.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the server's process; the environment is added to this JVM's own. */
    final ManagedProcess process(Map<String, String> environment, List<String> command) {
        Map<String, String> all = new HashMap<>(environment);
        JVM_OPTIONS.ifPresent(options -> all.put("JDK_JAVA_OPTIONS", options));
        return ManagedProcess.start(name, directory, all, command);
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
