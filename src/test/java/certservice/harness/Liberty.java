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
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Open Liberty with a server of its own, which has the files of {@code server-config/liberty}. */
final class Liberty extends ServerProcess {

    static final String NAME = "liberty";
    private static final String SERVER = "certservice";
    private static final String DATABASE_CLASSES =
            "WEB-INF/(classes/certservice/settings/(?!Configuration\\.).+|lib/(h2|postgresql)-[^/]*\\.jar)";

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

    /** {@code server.xml} names the WAR. */
    @Override
    void deploy(ManagedProcess launched, Path war, Map<String, String> settings) {
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
        bootstrap.putAll(Map.of("war", war.toString(), "http.port", Integer.toString(port)));
        try (Writer writer = Files.newBufferedWriter(server.resolve("bootstrap.properties"))) {
            bootstrap.store(writer, null);
        }
        takeDatabaseClasses(war, server.resolve("database"));
    }

    /** As the {@code unzip} in {@code server.xml}. */
    private static void takeDatabaseClasses(Path war, Path directory) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(war))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().matches(DATABASE_CLASSES)) {
                    Path file = directory.resolve(entry.getName());
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
