package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.ApplicationServer;
import certservice.harness.BuildDirectory;
import certservice.harness.CertserviceClient;
import certservice.harness.ImportFile;
import certservice.harness.Ports;
import certservice.harness.SmallWar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an admin does with the files of {@code server-config} after the start, each of it a second time too. */
class AdministrationIT {

    private static final String GROUP = "certservice-admin";
    private static final String PROTECTED = "protected.txt";
    private static final String NEW = "new.txt";

    private Path directory;
    private ApplicationServer server;

    @BeforeEach
    void prepare() {
        directory = BuildDirectory.fresh("administration");
        server = ApplicationServer.chosen(BuildDirectory.fresh("administration/server"));
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void upgradesAndRemovesTheServiceAndKeepsWhatItHasStored() throws Exception {
        String key = UUID.randomUUID().toString();
        Path imported = new ImportFile().subdomainsOf("example.com").apiKey("first", key, "example.com")
                .writeTo(directory.resolve("import.json"));
        Map<String, String> settings = Map.of("certservice.data.dir", directory.resolve("data").toString(),
                "certservice.import", imported.toString());
        int port = Ports.free();
        server.start(BuildDirectory.war(), settings, port, AdministrationIT::isReady);
        new ImportFile().subdomainsOf("example.com").writeTo(imported);

        Path next = withAFileMore(Files.createDirectory(directory.resolve("next")).resolve("certservice.war"));
        server.upgrade(next, uri -> isReady(uri) && has(uri, NEW));
        assertThat(accepts(key)).as("the key of before the upgrade is accepted").isTrue();
        server.upgrade(next, uri -> isReady(uri) && has(uri, NEW));
        assertThat(accepts(key)).as("the key of before two upgrades is accepted").isTrue();

        server.remove();
        server.remove();
        assertThat(isReady(server.baseUri())).as("the service is there").isFalse();
        server.stop();
        server.start(next, settings, port, AdministrationIT::isReady);
        assertThat(accepts(key)).as("the key of before the removal is accepted").isTrue();
    }

    /** The service has no page for admins yet; so this is about a WAR that asks for the same role. */
    @Test
    void makesUsersWhoHaveTheRoleOfAdmins() throws Exception {
        Path war = SmallWar.of(directory.resolve("protected.war"), Map.of(PROTECTED, "for admins",
                "WEB-INF/web.xml", """
                        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                          <security-constraint>
                            <web-resource-collection>
                              <web-resource-name>all</web-resource-name>
                              <url-pattern>/%s</url-pattern>
                            </web-resource-collection>
                            <auth-constraint>
                              <role-name>%s</role-name>
                            </auth-constraint>
                          </security-constraint>
                          <login-config>
                            <auth-method>BASIC</auth-method>
                          </login-config>
                          <security-role>
                            <role-name>%2$s</role-name>
                          </security-role>
                        </web-app>
                        """.formatted(PROTECTED, GROUP), "open.txt", "for all"));
        String password = "Secret-" + UUID.randomUUID();
        server.makeAdmin("bob", password);
        server.start(war, Map.of(), Ports.free(), uri -> has(uri, "open.txt"));

        assertThat(statusFor("bob", password)).as("the user's").isEqualTo(200);
        assertThat(statusFor("bob", "Wrong-1234")).as("a wrong password's").isEqualTo(401);
        assertThat(new CertserviceClient(server.baseUri()).get("/" + PROTECTED).status()).as("anybody's")
                .isEqualTo(401);
    }

    private int statusFor(String user, String password) {
        String credentials = Base64.getEncoder().encodeToString(
                (user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return new CertserviceClient(server.baseUri()).get("/" + PROTECTED, "Authorization", "Basic " + credentials)
                .status();
    }

    /** Without a domain in it a request ends with 400, but a wrong key with 401 before. */
    private boolean accepts(String key) {
        return new CertserviceClient(server.baseUri()).withKey(key).cert("{\"staging\":true,\"domains\":\"\"}")
                .status() == 400;
    }

    private static boolean isReady(URI uri) {
        return new CertserviceClient(uri).isReady();
    }

    private static boolean has(URI uri, String file) {
        try {
            return new CertserviceClient(uri).get("/" + file).status() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private static Path withAFileMore(Path war) throws IOException {
        Files.copy(BuildDirectory.war(), war);
        try (FileSystem content = FileSystems.newFileSystem(war)) {
            Files.writeString(content.getPath(NEW), "new");
        }
        return war;
    }
}
