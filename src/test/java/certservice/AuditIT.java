package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.BuildDirectory;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What callers do over HTTP, and what the database of the stopped service then says of it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditIT {

    private static final String ENTRIES = "select action, outcome, actor_name, address, request_id, names, serial,"
            + " detail from audit_entry";
    private static final Pattern END = Pattern.compile("The audit chain ends with (\\d+:[0-9a-f]{64})");

    private static TestBed bed;
    private static Response issued;
    private static Response separate;
    private static Response outOfScope;
    private static Response disabled;
    private static Response expired;
    private static Response unknown;
    private static String serial;

    @BeforeAll
    static void call() throws Exception {
        bed = TestBed.in("audit").defaultDatabase().start();
        issued = bed.client().cert(body("one.example.com two.example.com"));
        separate = bed.client().pem(body("three.example.com four.example.com"));
        outOfScope = bed.client().cert(body("five.example.com elsewhere.example"));
        disabled = bed.client().withKey(bed.disabledApiKey()).cert(body("six.example.com"));
        expired = bed.client().withKey(bed.expiredApiKey()).cert(body("six.example.com"));
        unknown = bed.client().withKey(UUID.randomUUID().toString()).cert(body("six.example.com"));
        serial = Delivered.ofCert(issued).leaf().getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
        JsonObject newest = bed.client().get("/api/v1/certificates", "X-Api-Key", bed.apiKey()).json().asJsonObject()
                .getJsonArray("items").getJsonObject(0);
        assertThat(bed.client().post("/api/v1/certificates/" + newest.getString("serial") + "/revoke",
                "{\"reason\":\"superseded\"}").status()).isEqualTo(200);
        bed.server().stop();
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @Test
    @Order(1)
    void tellsTheWayOfARequest() throws SQLException {
        String request = issued.header("X-Request-Id");
        List<List<String>> entries = rows(ENTRIES + " where request_id = '" + request + "' order by entry_number");
        assertThat(entries).map(each -> each.get(0)).containsExactly("CERTIFICATE_REQUESTED", "CERTIFICATE_ISSUED",
                "PRIVATE_KEY_DELIVERED");
        assertThat(entries).allSatisfy(entry -> {
            assertThat(entry.get(2)).isEqualTo("test");
            assertThat(entry.get(3)).isEqualTo("127.0.0.1");
            assertThat(entry.get(5)).isEqualTo("one.example.com,two.example.com");
        });
        assertThat(entries.get(0).get(7)).contains("/cert, staging, classic, RSA2048");
        assertThat(entries.subList(1, 3)).map(each -> each.get(6).replaceFirst("^0", "")).containsOnly(serial);
    }

    @Test
    @Order(1)
    void tellsOfEachPrivateKeyForItself() throws SQLException {
        String request = separate.header("X-Request-Id");
        assertThat(rows("select names from audit_entry where action = 'PRIVATE_KEY_DELIVERED' and request_id = '"
                + request + "' order by entry_number")).containsExactly(List.of("three.example.com"),
                List.of("four.example.com"));
    }

    @Test
    @Order(1)
    void tellsWhyAKnownKeyWasRefused() throws SQLException {
        assertThat(refusal(outOfScope)).containsExactly("REFUSED", "test", "elsewhere.example",
                "the key is not for these names");
        assertThat(refusal(disabled)).containsExactly("REFUSED", "disabled", "null", "the key is disabled");
        assertThat(refusal(expired)).containsExactly("REFUSED", "expired", "null",
                "the key has expired, at 2020-01-31T00:00:00Z");
        assertThat(rows(ENTRIES + " where request_id = '" + unknown.header("X-Request-Id") + "'")).isEmpty();
    }

    @Test
    @Order(1)
    void tellsOfARevocationAndOfTheImport() throws SQLException {
        assertThat(rows("select actor_name, detail from audit_entry where action = 'CERTIFICATE_REVOKED'"))
                .containsExactly(List.of("test", "superseded"));
        assertThat(rows("select detail from audit_entry where action = 'KEY_CREATED'")).hasSize(4);
        assertThat(rows("select actor_name from audit_entry where action = 'CONFIGURATION_IMPORTED'"))
                .containsExactly(List.of("import file"));
    }

    @Test
    @Order(1)
    void holdsNoSecret() throws SQLException {
        assertThat(rows("select * from audit_entry").toString()).doesNotContain(bed.apiKey(), bed.disabledApiKey(),
                bed.expiredApiKey(), bed.narrowApiKey(), "PRIVATE KEY-----");
    }

    @Test
    @Order(2)
    void isVerifiedByTheCommandWithWhatTheLogSays() throws Exception {
        Matcher end = END.matcher(Files.readString(bed.server().log(), StandardCharsets.ISO_8859_1));
        assertThat(end.find()).as("the log says where the chain ends").isTrue();
        assertThat(verify(end.group(1))).startsWith("0: ").contains(" 0 findings");
    }

    @Test
    @Order(3)
    void showsThatSomebodyHasChangedIt() throws Exception {
        sql("update audit_entry set address = '192.0.2.1' where entry_number = 3");
        assertThat(verify()).startsWith("1: CHANGED 3: ");
    }

    @Test
    @Order(4)
    void startsAgainAndGoesOnWithTheChain() throws Exception {
        long before = Long.parseLong(rows("select max(entry_number) from audit_entry").get(0).get(0));
        bed.startServer();
        bed.server().stop();
        assertThat(rows("select action from audit_entry where entry_number > " + before))
                .as("the import has nothing new").containsExactly(List.of("SERVICE_STARTED"));
        assertThat(verify()).as("the finding stays").startsWith("1: CHANGED 3: ").contains(" 1 findings");
    }

    private static List<String> refusal(Response response) throws SQLException {
        assertThat(response.status()).isEqualTo(401);
        return rows("select outcome, actor_name, names, detail from audit_entry where action = 'REQUEST_REFUSED' and"
                + " request_id = '" + response.header("X-Request-Id") + "'").get(0);
    }

    private static String body(String names) {
        return "{\"staging\":true,\"domains\":\"" + names + "\"}";
    }

    private static Connection database() throws SQLException {
        return DriverManager.getConnection("jdbc:h2:file:" + bed.dataDirectory().resolve("certservice"), "certservice",
                "");
    }

    private static void sql(String statement) throws SQLException {
        try (Connection connection = database()) {
            connection.createStatement().execute(statement);
        }
    }

    private static List<List<String>> rows(String query) throws SQLException {
        List<List<String>> all = new ArrayList<>();
        try (Connection connection = database(); ResultSet rows = connection.createStatement().executeQuery(query)) {
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    row.add(String.valueOf(rows.getString(column)));
                }
                all.add(row);
            }
        }
        return all;
    }

    /** The command as its page says, from the WAR: its exit code, a colon and what it printed. */
    private static String verify(String... anchors) throws Exception {
        Path war = unpacked();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                "WEB-INF/classes:WEB-INF/lib/*", "-Dcertservice.data.dir=" + bed.dataDirectory().toAbsolutePath(),
                "certservice.audit.VerifyAudit"));
        command.addAll(List.of(anchors));
        Process process = new ProcessBuilder(command).directory(war.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
        return process.waitFor() + ": " + output;
    }

    private static Path unpacked() throws IOException {
        Path target = BuildDirectory.fresh("audit-war");
        try (FileSystem war = FileSystems.newFileSystem(BuildDirectory.war());
                Stream<Path> files = Files.walk(war.getPath("WEB-INF"))) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(file.toString().replaceFirst("^/", ""));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        return target;
    }
}
