package certservice.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PebbleIT {

    @TempDir
    private Path directory;

    @Test
    void tellsItsRootsApart() throws Exception {
        PebbleBinaries binaries = PebbleBinaries.find();
        try (ChallTestServer dns = new ChallTestServer(binaries, directory).start();
                Pebble pebble = new Pebble(binaries, Pebble.Options.forHttpPort(Ports.free())
                        .dnsServer(dns.dnsAddress()).alternateRoots(2), directory, new LocalCa(directory)).start()) {
            assertThat(pebble.directory().getJsonObject("meta").getJsonObject("profiles").keySet())
                    .containsExactlyInAnyOrder("classic", "tlsserver", "shortlived");
            assertThat(pebble.roots()).hasSize(3).doesNotHaveDuplicates();
            assertThat(pebble.rootOf(pebble.intermediate())).isEqualTo(pebble.root());
            assertThatThrownBy(() -> pebble.rootOf(unrelated())).hasMessageContaining("Test listener CA");
            assertThat(pebble.logged("GET /dir")).isPositive();
        }
    }

    @Test
    void dnsServerTakesRecordsAndGivesThemBack() {
        try (ChallTestServer dns = new ChallTestServer(PebbleBinaries.find(), directory).start()) {
            dns.address("www.example.com", "127.0.0.2");
            dns.caa("www.example.com", "another-ca.test");
            dns.failing("broken.example.com");
            dns.cname("alias.example.com", "www.example.com");
            List.of("www.example.com", "broken.example.com", "alias.example.com").forEach(dns::clear);

            assertThat(dns.process().isAlive()).isTrue();
        }
    }

    private X509Certificate unrelated() throws Exception {
        Path certificate = new LocalCa(Files.createDirectories(directory.resolve("other"))).certificateFile();
        try (InputStream input = Files.newInputStream(certificate)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(input);
        }
    }
}
