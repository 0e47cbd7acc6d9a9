package certservice.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
    void dnsServerAnswersAsItIsToldUntilItIsCleared() throws Exception {
        try (ChallTestServer dns = new ChallTestServer(PebbleBinaries.find(), directory).start()) {
            assertThat(answer(dns, "www.example.com", "A")).contains("127.0.0.1");
            assertThat(answer(dns, "www.example.com", "AAAA")).doesNotContain("::1");

            dns.address("www.example.com", "127.0.0.2");
            dns.caa("www.example.com", "another-ca.test");
            dns.failing("broken.example.com");
            dns.cname("alias.example.com", "www.example.com");
            assertThat(answer(dns, "www.example.com", "A")).contains("127.0.0.2");
            assertThat(answer(dns, "www.example.com", "CAA")).contains("another-ca.test");
            assertThat(answer(dns, "broken.example.com", "A")).contains("SERVFAIL");
            assertThat(answer(dns, "alias.example.com", "A")).contains("CNAME");

            List.of("www.example.com", "broken.example.com", "alias.example.com").forEach(dns::clear);
            for (String name : List.of("www.example.com", "broken.example.com", "alias.example.com")) {
                assertThat(answer(dns, name, "A")).contains("127.0.0.1").doesNotContain("CNAME");
            }
            assertThat(answer(dns, "www.example.com", "CAA")).doesNotContain("another-ca.test");
        }
    }

    private static String answer(ChallTestServer dns, String name, String type) throws IOException {
        return DnsQuery.send(dns.dnsPort(), name, type).toString();
    }

    private X509Certificate unrelated() throws Exception {
        Path certificate = new LocalCa(Files.createDirectories(directory.resolve("other"))).certificateFile();
        try (InputStream input = Files.newInputStream(certificate)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(input);
        }
    }
}
