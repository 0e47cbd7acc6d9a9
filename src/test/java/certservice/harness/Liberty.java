package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Open Liberty with a server of its own, which has the files of {@code server-config/liberty}. */
final class Liberty extends ServerProcess {

    static final String NAME = "liberty";
    private static final String SERVER = "certservice";

    Liberty(Path directory) {
        super(NAME, directory);
    }

    @Override
    ManagedProcess launch(Path war, Map<String, String> settings, int port) {
        try {
            makeServer(war, settings, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return process(
                Map.of("JAVA_HOME", JAVA_HOME,
                        "WLP_USER_DIR", directory().resolve("usr").toString(),
                        "WLP_LOGGING_CONSOLE_LOGLEVEL", "INFO",
                        "WLP_LOGGING_CONSOLE_FORMAT", "SIMPLE"),
                List.of("sh", Distribution.home(NAME).resolve("bin").resolve("server").toString(), "run", SERVER));
    }

    /** The script was run before the start. */
    @Override
    void deploy(ManagedProcess launched, Path war, Map<String, String> settings, int port) {
    }

    private void makeServer(Path war, Map<String, String> settings, int port) throws IOException {
        Path server = Files.createDirectories(
                directory().resolve("usr").resolve("servers").resolve(SERVER));
        for (String file : List.of("server.xml", "jvm.options")) {
            Files.copy(BuildDirectory.serverConfig(NAME).resolve(file), server.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Properties bootstrap = new Properties();
        bootstrap.putAll(settings);
        bootstrap.put("http.port", Integer.toString(port));
        try (Writer writer = Files.newBufferedWriter(server.resolve("bootstrap.properties"))) {
            bootstrap.store(writer, null);
        }
        tool("deploy", List.of("sh", BuildDirectory.serverConfig(NAME).resolve("deploy").toString(),
                war.toString(), server.toString()));
        if (pool().isPresent()) {
            drop(server, "database-postgresql.xml", valuesOf(pool().get()), "certservice-pool-password",
                    pool().get().password());
        }
        if (admin().isPresent()) {
            drop(server, "admin-user.xml", Map.of("alice", admin().get().name()), "admin-password",
                    admin().get().password());
        }
    }

    private void drop(Path server, String file, Map<String, String> values, String variable, String password)
            throws IOException {
        Files.writeString(Files.createDirectories(server.resolve("configDropins").resolve("overrides")).resolve(file),
                configured(file, values));
        Files.writeString(Files.createDirectories(server.resolve("variables")).resolve(variable), password + "\n");
    }

    private static Map<String, String> valuesOf(PostgresqlServer.Database database) {
        return Map.of("db.example.net", database.host(), "5432", Integer.toString(database.port()),
                "databaseName=\"certservice\"", "databaseName=\"" + database.name() + "\"",
                "user=\"certservice\"", "user=\"" + database.user() + "\"");
    }
}
