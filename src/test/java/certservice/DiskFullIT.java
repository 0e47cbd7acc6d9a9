package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.BuildDirectory;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.ManagedProcess;
import certservice.harness.TestBed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** H2 on a disk of its own, which a test may make full where it may mount one (as root). */
class DiskFullIT {

    private static final String REQUEST = "{\"staging\":false,\"domains\":\"www.example.com\"}";

    private Path disk;
    private TestBed bed;

    @BeforeEach
    void start() {
        disk = BuildDirectory.fresh("disk-full-disk");
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString()))
                .as("a small tmpfs can be mounted").isTrue();
        bed = TestBed.in("disk-full").defaultDatabase()
                .setting("certservice.data.dir", disk.resolve("data").toString()).start();
    }

    @AfterEach
    void stop() {
        if (bed != null) {
            bed.close();
        }
        run("umount", disk.toString());
    }

    @Test
    void answers503WhileTheDiskIsFullAndWorksAgainWhenThereIsSpace() throws Exception {
        assertThat(bed.client().cert(REQUEST).status()).isEqualTo(200);
        int logged = log().length();
        Path filler = fill();

        Response refused = null;
        for (int i = 0; i < 200 && (refused == null || refused.status() == 200); i++) {
            refused = bed.client().cert(REQUEST);
        }
        Files.delete(filler);

        assertThat(refused.status()).as("status of %s", refused).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isEqualTo("10");
        assertThat(refused.json().asJsonObject().getString("message"))
                .isEqualTo("The service is not available at the moment");
        assertThat(log().substring(logged))
                .contains("Request " + refused.header("X-Request-Id") + ": the database failed: ");
        assertThat(bed.client().cert(REQUEST).status()).as("with space again").isEqualTo(200);
        assertThat(bed.client().cert(REQUEST.replace("www", "another")).status()).as("a new order").isEqualTo(200);
        bed.server().stop();
        assertThat(count("status = 'ISSUED' and chain is null")).isZero();
        assertThat(count("status = 'ISSUED'")).isGreaterThanOrEqualTo(2);
    }

    /** Takes every byte that is left. */
    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (disk.toFile().getUsableSpace() > 0) {
                out.write(block);
            }
        }
        return filler;
    }

    private int count(String condition) throws Exception {
        String url = "jdbc:h2:file:" + disk.resolve("data").resolve("certservice") + ";IFEXISTS=TRUE";
        try (Connection connection = DriverManager.getConnection(url, "certservice", "");
                ResultSet rows = connection.createStatement().executeQuery(
                        "select count(*) from certificate_order where " + condition)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private String log() throws IOException {
        return Files.readString(bed.server().log(), StandardCharsets.ISO_8859_1);
    }

    private static boolean run(String... command) {
        try (ManagedProcess process = ManagedProcess.start(command[0], BuildDirectory.path("."), Map.of(),
                List.of(command))) {
            process.ended().get(20, TimeUnit.SECONDS);
            return process.output().isBlank();
        } catch (Exception e) {
            return false;
        }
    }
}
