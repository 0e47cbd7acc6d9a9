package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.CertserviceClient.Response;
import certservice.harness.NginxServer;
import certservice.harness.PfxHttpsServer;
import certservice.harness.PfxReaders;
import certservice.harness.TestBed;
import certservice.harness.TlsClient;
import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service hands out is read, and served, by the programs that its callers use. */
class ReadersIT {

    private static final String HOST = "www.example.com";

    private static TestBed bed;
    private static byte[] plain;
    private static byte[] modern;
    private static byte[] compatible;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void issue() {
        bed = TestBed.shared();
        plain = pfx("");
        modern = pfx(",\"password\":\"secret\"");
        compatible = pfx(",\"password\":\"secret\",\"encryption\":\"compatible\",\"keyType\":\"EC256\"");
    }

    @ParameterizedTest
    @EnumSource
    void opensThePfx(PfxReaders reader) throws Exception {
        assumeThat(reader.missingCommand()).as("this machine lacks the program").isEmpty();

        assertHoldsAll(reader, plain, "");
        assertHoldsAll(reader, modern, "secret");
        assertHoldsAll(reader, compatible, "secret");
    }

    private void assertHoldsAll(PfxReaders reader, byte[] pfx, String password) throws Exception {
        PfxReaders.Contents contents = reader.read(temporary, pfx, password);

        Delivered expected = Delivered.ofPfx(pfx, password);
        assertThat(contents.certificates()).containsExactlyInAnyOrderElementsOf(expected.chain());
        assertThat(contents.keyBelongsTo(expected.leaf())).isTrue();
        assertThat(contents.friendlyName()).isEqualTo(reader.shows(HOST));
        assertThat(expected.leadsTo(bed.staging().root())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA2048", "EC256", "EC384"})
    void nginxServesThePem(String keyType) throws Exception {
        assumeThat(NginxServer.isInstalled()).as("this machine lacks nginx").isTrue();
        JsonObject pem = bed.client().pem("{\"staging\":true,\"domains\":\"" + HOST + "\",\"keyType\":\"" + keyType
                + "\"}").json().asJsonArray().getJsonObject(0);
        String certificates = pem.getString("Certificate") + "\n" + pem.getString("Chain") + "\n";

        try (NginxServer server = NginxServer.start(temporary, certificates, pem.getString("PrivateKey"))) {
            assertServes(server.port(), NginxServer.BODY);
        }
    }

    @ParameterizedTest
    @CsvSource({"modern, RSA2048, ''", "compatible, RSA2048, secret", "modern, EC256, secret"})
    void javaServesThePfx(String encryption, String keyType, String password) throws Exception {
        byte[] pfx = pfx(",\"encryption\":\"%s\",\"keyType\":\"%s\",\"password\":\"%s\""
                .formatted(encryption, keyType, password));

        try (PfxHttpsServer server = PfxHttpsServer.start(pfx, password)) {
            assertServes(server.port(), PfxHttpsServer.BODY);
        }
    }

    private static void assertServes(int port, String body) throws Exception {
        TlsClient client = new TlsClient(bed.staging().root());
        assertThat(client.get(HOST, port)).startsWith("HTTP/1.1 200").endsWith(body);
        assertThatThrownBy(() -> client.get("other.example.com", port)).isInstanceOf(SSLHandshakeException.class);
        X509Certificate otherRoot = bed.production().root();
        assertThatThrownBy(() -> new TlsClient(otherRoot).get(HOST, port)).isInstanceOf(SSLHandshakeException.class);
    }

    private static byte[] pfx(String more) {
        Response response = bed.client().cert("{\"staging\":true,\"domains\":\"" + HOST + "\"" + more + "}");
        assertThat(response.status()).as("status of %s", response).isEqualTo(200);
        return response.body();
    }
}
