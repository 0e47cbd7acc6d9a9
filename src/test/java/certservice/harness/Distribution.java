package certservice.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The archive of a server as its makers hand it out, unpacked once for all servers that run from it. */
public final class Distribution {

    private Distribution() {
    }

    /**
     * The server's home; what runs writes elsewhere.
     *
     * @param server the name of the archive, without {@code .zip}
     */
    public static Path home(String server) {
        return BuildDirectory.alone(server, () -> unpacked(server));
    }

    private static Path unpacked(String server) {
        Path archive = BuildDirectory.servers().resolve(server + ".zip");
        Path unpacked = BuildDirectory.servers().resolve(server);
        try {
            if (!Files.exists(archive)) {
                throw new IllegalStateException("There is no " + archive + "; mvn -Dserver=" + server
                        + " process-test-resources fetches it");
            }
            if (!Files.exists(unpacked) || isOlder(unpacked, archive)) {
                Path unfinished = BuildDirectory.fresh(unpacked + ".new");
                unpack(archive, unfinished);
                Files.move(unfinished, BuildDirectory.fresh(unpacked.toString()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            return onlyEntry(unpacked);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOlder(Path unpacked, Path archive) throws IOException {
        return Files.getLastModifiedTime(unpacked).compareTo(Files.getLastModifiedTime(archive)) < 0;
    }

    private static void unpack(Path archive, Path directory) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Path path = directory.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    try (InputStream content = zip.getInputStream(entry)) {
                        Files.copy(content, path);
                    }
                }
            }
        }
    }

    private static Path onlyEntry(Path directory) throws IOException {
        try (Stream<Path> content = Files.list(directory)) {
            List<Path> entries = content.toList();
            if (entries.size() != 1) {
                throw new IllegalStateException("Not one folder in " + directory + " but " + entries);
            }
            return entries.get(0);
        }
    }
}
