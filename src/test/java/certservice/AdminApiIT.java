package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.AdminClient;
import certservice.harness.CertserviceClient;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a portal does over the administration's REST API. */
class AdminApiIT {

    private static TestBed bed;
    private static AdminClient admin;

    @BeforeAll
    static void start() {
        bed = TestBed.shared();
        admin = new AdminClient(bed.baseUri(), bed.admin());
    }

    @Test
    void makesADomainAndAKeyThatGetsACertificateAndIsRotatedDisabledAndRemoved() {
        String name = unique() + ".example.com";
        Response domain = admin.send("POST", "/domains", "{\"name\":\"" + name + "\"}");
        assertThat(domain.status()).as("%s", domain).isEqualTo(201);
        assertThat(domain.header("Location")).isEqualTo("/admin/api/domains/" + name);

        Response made = admin.send("POST", "/keys", "{\"label\":\"" + unique() + "\",\"domains\":[\"" + name
                + "\"],\"environments\":[\"staging\"]}");
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        String id = object(made).getString("id");
        String guid = object(made).getString("guid");
        assertThat(made.header("Location")).isEqualTo("/admin/api/keys/" + id);
        assertThat(made.header("Cache-Control")).isEqualTo("no-store");
        String body = "{\"staging\":true,\"domains\":\"" + name + "\"}";
        Response certificate = bed.client().withKey(guid).pem(body);
        assertThat(certificate.status()).as("%s", certificate).isEqualTo(200);
        assertThat(bed.client().withKey(guid).pem(body.replace("true", "false")).status()).isEqualTo(401);

        Response rotated = admin.send("POST", "/keys/" + id + "/rotate", "{\"overlap\":\"PT1H\"}");
        assertThat(rotated.status()).as("%s", rotated).isEqualTo(200);
        String next = object(rotated).getString("guid");
        assertThat(accepts(guid)).as("the old GUID during the overlap").isTrue();
        assertThat(accepts(next)).as("the new GUID").isTrue();
        assertThat(admin.send("POST", "/keys/" + id + "/rotate", "").status()).isEqualTo(200);
        assertThat(accepts(next)).as("a GUID that was rotated away without overlap").isFalse();

        assertThat(object(admin.send("POST", "/keys/" + id + "/disable", "")).getBoolean("enabled")).isFalse();
        assertThat(object(admin.send("POST", "/keys/" + id + "/enable", "")).getBoolean("enabled")).isTrue();
        assertThat(object(admin.get("/domains/" + name)).isNull("lastValidated")).as("never validated").isFalse();

        Response seen = admin.get("/keys/" + id);
        assertThat(object(seen).containsKey("guid")).isFalse();
        assertThat(admin.send("DELETE", "/keys/" + id, "", "If-Match", seen.header("ETag")).status()).isEqualTo(204);
        assertThat(admin.get("/keys/" + id).status()).isEqualTo(404);
        assertThat(admin.send("DELETE", "/domains/" + name, "", "If-Match", "*").status()).isEqualTo(204);
        assertThat(admin.get("/domains/" + name).status()).isEqualTo(404);
    }

    @Test
    void keepsTwoAdministratorsFromOverwritingEachOther() {
        Response made = admin.send("POST", "/keys", "{\"label\":\"" + unique() + "\"}");
        String path = "/keys/" + object(made).getString("id");
        String seen = made.header("ETag");
        String wanted = "{\"label\":\"" + unique() + "\"}";
        assertThat(admin.send("PUT", path, wanted).status()).isEqualTo(428);
        Response first = admin.send("PUT", path, wanted, "If-Match", seen);
        assertThat(first.status()).as("%s", first).isEqualTo(200);
        assertThat(first.header("ETag")).isNotEqualTo(seen);
        assertThat(admin.send("PUT", path, wanted, "If-Match", seen).status()).isEqualTo(412);
        assertThat(admin.send("DELETE", path, "").status()).isEqualTo(428);
        assertThat(admin.send("DELETE", path, "", "If-Match", "W/" + first.header("ETag")).status()).isEqualTo(412);
        assertThat(admin.get(path).header("ETag")).isEqualTo(first.header("ETag"));
    }

    @Test
    void givesEveryChangeOfAKeysDomainsAnotherTag() {
        String key = "/keys/" + object(admin.send("POST", "/keys", "{\"label\":\"" + unique() + "\"}"))
                .getString("id");
        List<String> tags = new ArrayList<>();
        tags.add(admin.get(key).header("ETag"));
        tags.add(admin.send("PUT", key + "/domains/example.org", "").header("ETag"));
        tags.add(admin.send("PUT", key + "/domains/EXAMPLE.com.", "").header("ETag"));
        tags.add(admin.send("DELETE", key + "/domains/example.org", "").header("ETag"));
        assertThat(tags).doesNotHaveDuplicates();
        assertThat(admin.get(key).header("ETag")).as("also behind the commit").isEqualTo(tags.get(3));
        assertThat(object(admin.get(key)).getJsonArray("domains").toString()).isEqualTo("[\"example.com\"]");
    }

    @Test
    void takesBackWhatItHasAnsweredWithAChange() {
        Response made = admin.send("POST", "/keys", "{\"label\":\"" + unique() + "\",\"requestsPerDay\":5}");
        String path = "/keys/" + object(made).getString("id");
        Response seen = admin.get(path);
        String changed = seen.text().replace("\"requestsPerDay\":5", "\"requestsPerDay\":6");
        Response stored = admin.send("PUT", path, changed, "If-Match", seen.header("ETag"));
        assertThat(stored.status()).as("%s", stored).isEqualTo(200);
        assertThat(object(stored).getInt("requestsPerDay")).isEqualTo(6);
    }

    @Test
    void listsInPages() {
        String prefix = unique();
        for (int i = 0; i < 3; i++) {
            admin.send("POST", "/keys", "{\"label\":\"" + prefix + " é" + i + "\"}");
        }
        List<String> labels = new ArrayList<>();
        String next = "?search=" + prefix.toUpperCase(Locale.ROOT) + "&limit=2";
        while (next != null) {
            JsonObject page = object(admin.get("/keys" + next));
            assertThat(page.getInt("total")).isEqualTo(3);
            page.getJsonArray("items").getValuesAs(JsonObject.class)
                    .forEach(key -> labels.add(key.getString("label")));
            next = page.isNull("next") ? null : page.getString("next");
        }
        assertThat(labels).containsExactly(prefix + " é0", prefix + " é1", prefix + " é2");
    }

    @Test
    void takesADnsProvidersSecretAndNeverShowsIt() {
        String secret = "dHNpZyBzZWNyZXQgb2YgY29ycC1kbnM=";
        String settings = "\"type\":\"rfc2136\",\"settings\":{\"server\":\"127.0.0.1:53\",\"keyName\":\"k\","
                + "\"keySecret\":\"" + secret + "\"}}";
        String name = unique();
        Response made = admin.send("POST", "/dns-providers", "{\"name\":\"" + name + "\"," + settings);
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        assertThat(object(made).getJsonArray("settings").toString())
                .isEqualTo("[\"keyName\",\"keySecret\",\"server\"]");
        String path = "/dns-providers/" + name;
        admin.send("POST", "/domains", "{\"name\":\"" + name + ".example\",\"challenge\":\"dns-01\",\"provider\":\""
                + name + "\"}");
        assertThat(admin.send("DELETE", path, "", "If-Match", "*").status()).isEqualTo(409);
        admin.send("DELETE", "/domains/" + name + ".example", "", "If-Match", "*");
        assertThat(admin.send("PUT", path, "{" + settings, "If-Match", made.header("ETag")).status()).isEqualTo(200);
        assertThat(admin.send("DELETE", path, "", "If-Match", "*").status()).isEqualTo(204);
        assertThat(admin.get("/audit?search=" + name).text()).contains("DNS_PROVIDER_CREATED")
                .contains("DNS_PROVIDER_DELETED").doesNotContain(secret);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/keys", "/domains", "/dns-providers", "/orders", "/orders/running", "/certificates",
            "/certificates/timeline?days=90", "/accounts", "/accounts/staging", "/audit", "/system",
            "/certificates?status=valid&environment=staging&expiresBefore=2099-01-31T00:00:00Z",
            "/audit?action=KEY_CREATED&from=2020-01-31T00:00:00Z&until=2099-01-31T00:00:00Z"})
    void showsEverything(String path) {
        Response response = admin.get(path);
        assertThat(response.status()).as("%s", response).isEqualTo(200);
        assertThat(response.header("Content-Type")).startsWith("application/json");
        assertThat(response.header("Cache-Control")).isEqualTo("no-store");
        assertThat(response.header("X-Request-Id")).isNotEmpty();
        assertThat(response.text()).doesNotContain(bed.apiKey());
    }

    @Test
    void exportsAndVerifiesTheAuditLog() {
        String label = unique();
        admin.send("POST", "/keys", "{\"label\":\"" + label + "\"}");
        Response wrong = admin.get("/audit/export?action=WHIM");
        assertThat(wrong.status()).as("%s", wrong).isEqualTo(400);
        assertThat(wrong.text()).contains("action is 'WHIM'");
        Response export = admin.get("/audit/export?action=KEY_CREATED");
        assertThat(export.status()).isEqualTo(200);
        assertThat(export.header("Content-Type")).startsWith("application/jsonl");
        List<String> lines = new String(export.body(), StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).isNotEmpty().allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(lines.get(lines.size() - 1)).contains(label).contains(bed.admin().name());
        assertThat(object(admin.send("POST", "/audit/verify", "")).getBoolean("intact")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "POST | /keys | {'label':''} | 400 | Field 'label' is missing",
            "POST | /keys | {'label':'x','lable':'y'} | 400 | Field 'lable' is not known; allowed are label",
            "POST | /keys | {'label':'x','enabled':'yes'} | 400 | Field 'enabled' must be true or false, not a string",
            "POST | /keys | {'label':'x','domains':['nowhere.example']} | 400 | has 'nowhere.example'; there is no",
            "POST | /keys | [] | 400 | The body must be a JSON object, not an array",
            "POST | /keys | {'label':'test'} | 409 | another key has the label 'test'",
            "POST | /domains | {'name':'example.com'} | 409 | is there already",
            "POST | /domains | {'name':'*.example.com'} | 400 | a wildcard can be proven by dns-01 only",
            "GET | /keys/nobody | | 404 | There is no API key",
            "GET | /keys?limit=0 | | 400 | allowed is 1 to 1000",
            "GET | /keys?page=2 | | 400 | Parameter 'page' is not known",
            "GET | /nothing | | 404 | There is nothing at this path",
            "POST | /system | | 405 | This method is not allowed here",
            "GET | /certificates/00FF | | 404 | ",
            "POST | /keys/nobody/expire | {} | 400 | Field 'expires' is missing",
    })
    void saysWhatIsWrong(String method, String path, String body, int status, String message) {
        Response response = admin.send(method, path, body == null ? "" : body.replace('\'', '"'));
        assertThat(response.status()).as("%s", response).isEqualTo(status);
        assertThat(response.header("Content-Type")).startsWith("application/json");
        assertThat(object(response).getString("message")).contains(message == null ? "" : message);
    }

    @Test
    void describesItselfToEverybody() {
        Response description = new CertserviceClient(bed.baseUri()).get("/openapi.json");
        assertThat(description.status()).isEqualTo(200);
        assertThat(description.header("Content-Type")).startsWith("application/json");
        assertThat(((JsonObject) description.json()).getString("openapi")).isEqualTo("3.1.0");
    }

    /** Without a domain in it a request ends with 400, but a wrong key with 401 before. */
    private static boolean accepts(String guid) {
        return bed.client().withKey(guid).cert("{\"staging\":true,\"domains\":\"\"}").status() == 400;
    }

    private static JsonObject object(Response response) {
        return (JsonObject) response.json();
    }

    private static String unique() {
        return "a" + UUID.randomUUID().toString().substring(0, 8);
    }
}
