package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PostgreSQL server on loopback, from the binaries that the system has. It refuses to run as root, who therefore
 * starts it as the user {@code postgres}. After {@link #stop} or {@link #kill} it can be started again.
 */
public final class PostgresqlServer implements AutoCloseable {

    private static final Logger LOG = System.getLogger(PostgresqlServer.class.getName());
    private static final Path INSTALLATIONS = Path.of("/usr/lib/postgresql");
    private static final String SUPERUSER = "postgres";
    private static final String PASSWORD = "not-a-secret";
    private static final Duration READY = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static Optional<PostgresqlServer> shared;

    private final Path directory;
    private final List<String> command;
    private final int port;
    private ManagedProcess process;

    private PostgresqlServer(Path directory, List<String> command, int port) {
        this.directory = directory;
        this.command = command;
        this.port = port;
    }

    /** Whose database a service can use, and how it logs in. */
    public record Database(String url, String user, String password) {

        String host() {
            return address().getHost();
        }

        int port() {
            return address().getPort();
        }

        String name() {
            return address().getPath().substring(1);
        }

        private URI address() {
            return URI.create(url.substring("jdbc:".length()));
        }
    }

    /** The one server of this JVM, with which it ends; empty, with a message, where none is installed. */
    public static synchronized Optional<PostgresqlServer> shared() {
        if (shared == null) {
            shared = in(BuildDirectory.ofFork("postgresql"));
        }
        return shared;
    }

    /** A server of its own, started, in this directory below the build directory; otherwise as {@link #shared}. */
    public static Optional<PostgresqlServer> in(String name) {
        Optional<PostgresqlServer> server = binaries().map(found -> prepare(found, BuildDirectory.fresh(name)));
        server.ifPresentOrElse(PostgresqlServer::start, () -> LOG.log(Level.WARNING,
                "Nothing is tested on PostgreSQL: there is no initdb on the PATH or below {0}", INSTALLATIONS));
        return server;
    }

    /** Where {@code initdb} and {@code postgres} are; Debian keeps them off the PATH. */
    private static Optional<Path> binaries() {
        Stream<Path> onPath = Stream.of(System.getenv("PATH").split(":")).map(Path::of);
        return Stream.concat(onPath, installations())
                .filter(folder -> Files.isExecutable(folder.resolve("initdb"))).findFirst();
    }

    private static Stream<Path> installations() {
        if (!Files.isDirectory(INSTALLATIONS)) {
            return Stream.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLATIONS)) {
            return versions.sorted(Comparator.reverseOrder()).map(version -> version.resolve("bin")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param directory an empty one, for the data and the log; its parents must be open to {@code postgres} */
    private static PostgresqlServer prepare(Path binaries, Path directory) {
        Path data = directory.resolve("data");
        int port = Ports.free();
        try {
            Files.createDirectory(data);
            List<String> prefix = new ArrayList<>();
            if ("root".equals(System.getProperty("user.name"))) {
                Files.setOwner(data, data.getFileSystem().getUserPrincipalLookupService()
                        .lookupPrincipalByName(SUPERUSER));
                prefix.addAll(List.of("runuser", "-u", SUPERUSER, "--"));
            }
            initialize(command(prefix, binaries.resolve("initdb"), "-D", data.toString(), "-A", "trust", "-N",
                    "-U", SUPERUSER, "-E", "UTF8"), directory);
            Files.write(data.resolve("pg_hba.conf"), List.of("host all " + SUPERUSER + " 127.0.0.1/32 trust",
                    "host all all 127.0.0.1/32 scram-sha-256"));
            return new PostgresqlServer(directory, command(prefix, binaries.resolve("postgres"),
                    "-D", data.toString(), "-p", Integer.toString(port), "-F",
                    "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(List<String> prefix, Path program, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private static void initialize(List<String> command, Path directory) {
        ManagedProcess initdb = ManagedProcess.start("initdb", directory, Map.of(), command);
        initdb.ended().join();
        if (!initdb.output().contains("Success")) {
            throw new IllegalStateException("initdb failed:\n" + initdb.tail());
        }
    }

    /** The files of all its databases. */
    public Path data() {
        return directory.resolve("data");
    }

    /** Starts the server again, with the same data and port. */
    public void start() {
        process = ManagedProcess.start("postgres", directory, Map.of(), command).awaitReady(this::answers, READY);
    }

    private boolean answers() {
        try (Connection connection = DriverManager.getConnection(url())) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** JDBC, with the superuser in it; there is no password. */
    public String url() {
        return url(SUPERUSER) + "?user=" + SUPERUSER;
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** A new, empty database of this name, as an admin makes it; its user has the same name and owns nothing else. */
    public Database database(String name) {
        sql(url(), "drop database if exists \"" + name + "\"", "drop role if exists \"" + name + "\"",
                "create role \"" + name + "\" login password '" + PASSWORD + "'",
                "create database \"" + name + "\" owner \"" + name + "\"");
        return new Database(url(name), name, PASSWORD);
    }

    /** Runs statements in that database as the superuser. */
    public void sql(Database database, String... statements) {
        sql(database.url() + "?user=" + SUPERUSER, statements);
    }

    /** The first column of the first row, as text. */
    public String ask(Database database, String query) {
        try (Connection connection = DriverManager.getConnection(database.url() + "?user=" + SUPERUSER);
                ResultSet rows = connection.createStatement().executeQuery(query)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    /** Asks until the first column of the first row is as expected, as {@link #ask} returns it; not for ever. */
    public void awaitAnswer(Database database, String query, String expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String answer = ask(database, query);
        while (!expected.equals(answer)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(query + " is " + answer + " and not " + expected);
            }
            pause();
            answer = ask(database, query);
        }
    }

    /** The service notes a delivery right after the last byte of it. */
    public void awaitNoDeliveryIsUnderWay(Database database) {
        awaitAnswer(database, "select count(*) from order_batch where status = 'ISSUED' and claim is not null", "0");
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sql(String url, String... statements) {
        try (Connection connection = DriverManager.getConnection(url)) {
            for (String statement : statements) {
                connection.createStatement().execute(statement);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(String.join("; ", statements), e);
        }
    }

    /** Ends every connection and the server. */
    public void stop() {
        process.stop();
    }

    /** Ends the server as a crash would. */
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        stop();
    }
}
