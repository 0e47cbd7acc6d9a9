package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.AdminClient;
import certservice.harness.CertserviceClient;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets into the administration's REST API, with users that the server knows. */
class AdminLoginIT {

    private static TestBed bed;
    private static AdminClient admin;
    private static AdminClient auditor;

    @BeforeAll
    static void start() {
        bed = TestBed.in("admin-login").start();
        admin = new AdminClient(bed.baseUri(), bed.admin());
        auditor = new AdminClient(bed.baseUri(), bed.auditor());
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @Test
    void asksForCredentials() {
        Response response = new CertserviceClient(bed.baseUri()).get("/admin/api/keys");
        assertUnauthorized(response);
        assertUnauthorized(new CertserviceClient(bed.baseUri()).get("/admin/api/nothing"));
        assertUnauthorized(new CertserviceClient(bed.baseUri()).get("/admin/api/keys", "X-Api-Key", bed.apiKey()));
    }

    @Test
    void letsAuditorsLookAndChangeNothing() {
        assertThat(auditor.get("/keys").status()).isEqualTo(200);
        assertThat(auditor.get("/audit").status()).isEqualTo(200);
        Response refused = auditor.send("POST", "/keys", "{\"label\":\"of an auditor\"}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(((JsonObject) refused.json()).getString("message")).contains("auditor");
        assertThat(auditor.send("POST", "/audit/verify", "").status()).as("it changes nothing").isEqualTo(200);
        assertThat(admin.get("/keys?search=of+an+auditor").text()).contains("\"total\":0");
    }

    @Test
    void leavesNoSessionBehind() throws IOException, InterruptedException {
        CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
        HttpClient client = HttpClient.newBuilder().cookieHandler(cookies).build();
        String path = bed.baseUri() + "/admin/api/keys";
        HttpRequest with = HttpRequest.newBuilder(URI.create(path)).header("Authorization", "Basic "
                + Base64.getEncoder().encodeToString((bed.admin().name() + ":" + bed.admin().password())
                        .getBytes(StandardCharsets.UTF_8))).build();
        assertThat(client.send(with, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        assertThat(cookies.getCookieStore().getCookies()).isEmpty();
        HttpRequest without = HttpRequest.newBuilder(URI.create(path)).build();
        assertThat(client.send(without, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"Sec-Fetch-Site, cross-site, 403", "Sec-Fetch-Site, same-origin, 404", "Origin, https://evil.test, 403",
            "Content-Type, text/plain, 415"})
    void refusesWhatAPageOfAnotherSiteMakesABrowserSend(String header, String value, int status) {
        assertThat(admin.send("POST", "/keys/nobody/disable", "", header, value).status()).isEqualTo(status);
    }

    @Test
    void opensNeitherApiWithWhatIsForTheOther() {
        Response response = new CertserviceClient(bed.baseUri()).get("/api/v1/certificates", "Authorization",
                "Basic " + Base64.getEncoder().encodeToString((bed.admin().name() + ":" + bed.admin().password())
                        .getBytes(StandardCharsets.UTF_8)));
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate")).isEqualTo("ApiKey header=\"X-Api-Key\"");
        assertThat(new CertserviceClient(bed.baseUri()).get("/api/v1/certificates", "X-Api-Key", bed.apiKey())
                .status()).isEqualTo(200);
        assertThat(new CertserviceClient(bed.baseUri()).get("/api/keys", "X-Api-Key", bed.apiKey()).status())
                .as("a resource of the administration below /api").isEqualTo(404);
        assertThat(admin.get("/v1/certificates").status()).as("a resource of callers below /admin/api").isEqualTo(404);
        assertThat(admin.get("/v1/health").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "DELETE", "OPTIONS", "PROPFIND"})
    void asksForCredentialsWhateverTheMethod(String method) {
        assertUnauthorized(new CertserviceClient(bed.baseUri()).send(method, "/admin/api/keys", new byte[0]));
    }

    /**
     * From then on this address gets 429 for wrong passwords, which no other test here uses. The user is nobody, since
     * WildFly locks one whose password was wrong ten times.
     */
    @Test
    void slowsGuessesDownAndRefusesThemButNotTheRightPassword() throws IOException {
        AdminClient guesser = new AdminClient(bed.baseUri(), "nobody", "Wrong-1234");
        Response response = guesser.get("/keys");
        for (int i = 0; i < 12 && response.status() == 401; i++) {
            response = guesser.get("/keys");
        }
        assertThat(response.status()).isEqualTo(429);
        assertThat(Integer.parseInt(response.header("Retry-After"))).isBetween(1, 600);
        assertThat(admin.get("/keys").status()).isEqualTo(200);
        assertThat(admin.get("/audit?action=ADMIN_LOGIN_FAILED").text()).contains("ADMIN_LOGIN_FAILED")
                .doesNotContain("Wrong-1234");
        assertThat(Files.readString(bed.server().log())).doesNotContain("Wrong-1234");
    }

    private static void assertUnauthorized(Response response) {
        assertThat(response.status()).as("%s", response).isEqualTo(401);
        assertThat(response.headers().allValues("WWW-Authenticate"))
                .containsExactly("Basic realm=\"certservice\", charset=\"UTF-8\"");
        assertThat(response.header("Content-Type")).startsWith("application/json");
        assertThat(((JsonObject) response.json()).getString("message"))
                .isEqualTo("The credentials of an administrator are needed");
    }
}
