package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where the build keeps its things; all that the harness writes is below it. */
public final class BuildDirectory {

    private static final Path ROOT = Path.of(System.getProperty("build.directory", "target")).toAbsolutePath();

    private BuildDirectory() {
    }

    /** A path below the build directory. */
    public static Path path(String name) {
        return ROOT.resolve(name);
    }

    /** An empty directory; what an earlier run left there is deleted. */
    public static Path fresh(String name) {
        Path directory = path(name);
        try {
            if (Files.exists(directory)) {
                delete(directory);
            }
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy of a directory with all that is in it, at a path below the build directory; nothing else is there. */
    static Path freshCopy(Path from, Path path) {
        Path to = fresh(path.toString());
        try (Stream<Path> content = Files.walk(from).skip(1)) {
            for (Path each : content.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The WAR under test. */
    public static Path war() {
        return Path.of(System.getProperty("certservice.war", ROOT.resolve("certservice.war").toString()));
    }

    /** What the harness had to fetch; kept from run to run until {@code mvn clean}. */
    static Path tools() {
        return ROOT.resolve("tools");
    }

    /** The application servers that Maven has copied or unpacked. */
    static Path servers() {
        return Path.of(System.getProperty("servers.directory", ROOT.resolve("servers").toString()));
    }

    /** The configuration that an admin of this server would use, in the project's {@code server-config}. */
    static Path serverConfig(String server) {
        return ROOT.resolveSibling("server-config").resolve(server);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> content = Files.walk(directory)) {
            for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
