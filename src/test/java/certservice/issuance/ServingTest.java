package certservice.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.NginxServer;
import certservice.harness.PfxHttpsServer;
import certservice.harness.TlsClient;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is handed out serves: a client that knows the root alone gets through, and no other does. */
class ServingTest {

    private static final String HOST = "www.example.com";
    private static final TestCa CA = new TestCa();

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"RSA2048", "EC256", "EC384"})
    void nginxServesThePem(KeyType type) throws Exception {
        assumeThat(NginxServer.isInstalled()).as("this machine lacks nginx").isTrue();
        KeyPair key = type.generate();
        List<X509Certificate> chain = CA.chain(key.getPublic(), HOST);
        String certificates = Pem.certificate(chain.get(0)) + "\n" + Pem.chain(chain);

        try (NginxServer server = NginxServer.start(directory, certificates, Pem.privateKey(key.getPrivate()))) {
            assertServes(server.port(), NginxServer.BODY);
        }
    }

    @ParameterizedTest
    @CsvSource({"RSA2048, MODERN, ''", "RSA2048, COMPATIBLE, secret", "EC256, MODERN, secret", "EC384, COMPATIBLE, ''"})
    void javaServesThePfx(KeyType type, Encryption encryption, String password) throws Exception {
        KeyPair key = type.generate();
        byte[] pfx = Pfx.write(key.getPrivate(), CA.chain(key.getPublic(), HOST), password.toCharArray(), encryption,
                HOST);

        try (PfxHttpsServer server = PfxHttpsServer.start(pfx, password)) {
            assertServes(server.port(), PfxHttpsServer.BODY);
        }
    }

    private static void assertServes(int port, String body) throws Exception {
        TlsClient client = new TlsClient(CA.root());
        assertThat(client.get(HOST, port)).startsWith("HTTP/1.1 200").endsWith(body);
        assertThatThrownBy(() -> client.get("other.example.com", port)).isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> new TlsClient(new TestCa().root()).get(HOST, port))
                .isInstanceOf(SSLHandshakeException.class);
    }
}
