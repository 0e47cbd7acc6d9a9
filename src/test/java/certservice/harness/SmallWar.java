package certservice.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Other WARs than the service, at the context root {@code /} too. */
public final class SmallWar {

    private static final String WILDFLY_ROOT = "WEB-INF/jboss-web.xml";

    private SmallWar() {
    }

    /** A WAR of these text files. */
    public static Path of(Path war, Map<String, String> files) throws IOException {
        try (OutputStream file = Files.newOutputStream(war); ZipOutputStream zip = new ZipOutputStream(file);
                ZipFile service = new ZipFile(BuildDirectory.war().toFile())) {
            add(zip, WILDFLY_ROOT, service.getInputStream(service.getEntry(WILDFLY_ROOT)).readAllBytes());
            for (Map.Entry<String, String> entry : files.entrySet()) {
                add(zip, entry.getKey(), entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return war;
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }
}
