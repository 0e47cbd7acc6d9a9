package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Where the build keeps its things; all that the harness writes is below it. */
public final class BuildDirectory {

    private static final Path ROOT = Path.of(System.getProperty("build.directory", "target")).toAbsolutePath();

    /** Which of the JVMs that run tests at the same time this is, from 1 on. */
    static final int FORK = Integer.getInteger("fork", 1);

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

    /** The name for a directory that each of the JVMs that run tests at the same time has for itself. */
    static String ofFork(String name) {
        return FORK == 1 ? name : name + "-" + FORK;
    }

    /** Does what only one of the JVMs that run tests may do at a time, such as fetching for all of them. */
    static <T> T alone(String what, Supplier<T> work) {
        Path lock = path(what + ".lock");
        try {
            Files.createDirectories(lock.getParent());
            try (FileChannel file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock held = file.lock()) {
                return work.get();
            }
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
