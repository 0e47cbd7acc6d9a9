package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.ApplicationServer;
import certservice.harness.BuildDirectory;
import certservice.harness.CertserviceClient;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.ImportFile;
import certservice.harness.Ports;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator gets wrong stops the service at once, with a message that says how to mend it. No CA is there. */
class StartupIT {

    private static final String COMPLAINT = "certservice does not start:";

    private final Map<String, String> settings = new LinkedHashMap<>();
    private final String apiKey = UUID.randomUUID().toString();
    private Path directory;
    private ApplicationServer server;

    @BeforeEach
    void prepare() {
        directory = BuildDirectory.fresh("startup");
        server = ApplicationServer.chosen(directory);
        settings.put("certservice.data.dir", directory.resolve("data").toString());
        settings.put("certservice.acme.production", "https://127.0.0.1:9/directory");
        settings.put("certservice.acme.staging", "https://127.0.0.1:9/directory");
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void stopsAtASettingThatCannotBeUsed() {
        settings.put("certservice.issuance.timeout", "soon");

        assertThat(complaint()).contains("certservice.issuance.timeout", "'soon'", "such as PT2M");
    }

    /** The mistake is in the last entry, and shows only after the others were written. */
    @Test
    void appliesNothingOfAnImportFileWithAMistake() throws Exception {
        settings.put("certservice.import", new ImportFile()
                .dnsProvider("corp-dns", "rfc2136", Map.of("server", "127.0.0.1", "keyName", "acme-key",
                        "keySecret", "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0"))
                .subdomainsOf("example.com")
                .apiKey("portal", apiKey, "example.com")
                .apiKey("shop", UUID.randomUUID().toString(), "misspelt.example.com")
                .writeTo(directory.resolve("import.json")).toString());

        assertThat(complaint()).contains("apiKeys[1].domains", "'misspelt.example.com'", "no such domain")
                .doesNotContain(apiKey);
        server.stop();
        for (String table : List.of("domain", "dns_provider", "api_key", "api_key_domain")) {
            assertThat(rows(table)).as(table).isZero();
        }
    }

    @Test
    void saysHowToMakeTheFirstKey() {
        server.start(BuildDirectory.war(), settings, Ports.free(), uri -> new CertserviceClient(uri).isReady());

        assertThat(log()).contains("There is no API key yet", "the role certservice-admin", "/admin/",
                "certservice.import");
    }

    @Test
    void makesNoAccountBeforeTheOperatorHasAgreedToTheTerms() throws Exception {
        startWithKey();

        Response response = new CertserviceClient(server.baseUri()).withKey(apiKey).cert(BadInput.GOOD);

        assertThat(response.status()).as("status of %s", response).isEqualTo(500);
        JsonObject body = response.json().asJsonObject();
        assertThat(body.getString("message")).isEqualTo("No certificate was generated");
        assertThat(body.getString("requestId")).isEqualTo(response.header("X-Request-Id"));
        assertThat(body.getJsonArray("problems")).hasSize(1);
        JsonObject problem = body.getJsonArray("problems").getJsonObject(0);
        assertThat(problem.getString("type")).isEqualTo("urn:ietf:params:acme:error:userActionRequired");
        assertThat(problem.getString("hint")).contains("must set certservice.acme.terms-agreed to true");
        assertThat(log()).contains("Setting certservice.acme.terms-agreed is not true");
        server.stop();
        assertThat(rows("acme_account")).isZero();
    }

    /** The caller is told that the operator finds the cause in the log, so there it must be. */
    @Test
    void logsWhyTheCaCannotBeReachedUnderTheRequestsId() {
        settings.put("certservice.acme.terms-agreed", "true");
        settings.put("certservice.issuance.timeout", "PT5S");
        startWithKey();

        Response response = new CertserviceClient(server.baseUri()).withKey(apiKey).cert(BadInput.GOOD);

        assertThat(response.status()).as("status of %s", response).isEqualTo(500);
        assertThat(response.text()).contains("under the request's id").doesNotContain("127.0.0.1", "Connect");
        assertThat(log().lines().filter(line -> line.contains(response.header("X-Request-Id"))))
                .anyMatch(line -> line.contains("java.net.ConnectException"));
    }

    private void startWithKey() {
        settings.put("certservice.import", new ImportFile().subdomainsOf("example.com")
                .apiKey("portal", apiKey, "example.com").writeTo(directory.resolve("import.json")).toString());
        server.start(BuildDirectory.war(), settings, Ports.free(), uri -> new CertserviceClient(uri).isReady());
    }

    /** Starts the server, and returns the one line in which the service says why it does not start. */
    private String complaint() {
        int port = Ports.free();
        server.start(BuildDirectory.war(), settings, port, uri -> log().contains(COMPLAINT) && serverIsUp(uri));
        assertThat(new CertserviceClient(server.baseUri()).isReady()).as("the service serves nevertheless").isFalse();
        List<String> lines = log().lines().filter(line -> line.contains(COMPLAINT)).toList();
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    /** Deployment is over; the server without the service answers somehow. */
    private static boolean serverIsUp(URI uri) {
        try {
            return new CertserviceClient(uri).get("/").status() > 0;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(server.log(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int rows(String table) throws SQLException {
        String url = "jdbc:h2:file:" + directory.resolve("data").resolve("certservice") + ";IFEXISTS=TRUE";
        try (Connection connection = DriverManager.getConnection(url, "certservice", "");
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from " + table)) {
            count.next();
            return count.getInt(1);
        }
    }
}
