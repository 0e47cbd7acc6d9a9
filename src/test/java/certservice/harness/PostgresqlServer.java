package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PostgreSQL server with an empty database, on loopback, from the binaries that the system has. It refuses to run as
 * root, who therefore starts it as the user {@code postgres}.
 */
public final class PostgresqlServer implements AutoCloseable {

    private static final Logger LOG = System.getLogger(PostgresqlServer.class.getName());
    private static final Path INSTALLATIONS = Path.of("/usr/lib/postgresql");
    private static final String SUPERUSER = "postgres";
    private static final Duration READY = Duration.ofSeconds(60);
    private static Optional<PostgresqlServer> shared;

    private final ManagedProcess process;
    private final String url;

    private PostgresqlServer(ManagedProcess process, String url) {
        this.process = process;
        this.url = url;
    }

    /** The one server of this JVM, with which it ends; empty, with a message, where none is installed. */
    public static synchronized Optional<PostgresqlServer> shared() {
        if (shared == null) {
            shared = binaries().map(found -> start(found, BuildDirectory.fresh("postgresql")));
            if (shared.isEmpty()) {
                LOG.log(Level.WARNING, "Nothing is tested on PostgreSQL: there is no initdb on the PATH or below {0}",
                        INSTALLATIONS);
            }
        }
        return shared;
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
    private static PostgresqlServer start(Path binaries, Path directory) {
        Path data = directory.resolve("data");
        int port = Ports.free();
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + SUPERUSER;
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
            ManagedProcess process = ManagedProcess.start("postgres", directory, Map.of(), command(prefix,
                    binaries.resolve("postgres"), "-D", data.toString(), "-p", Integer.toString(port), "-F",
                    "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
            return new PostgresqlServer(process.awaitReady(() -> answers(url), READY), url);
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

    private static boolean answers(String url) {
        try (Connection connection = DriverManager.getConnection(url)) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** JDBC, with the user in it; there is no password. */
    public String url() {
        return url;
    }

    @Override
    public void close() {
        process.stop();
    }
}
