package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.CertserviceClient;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /api/v1/health}: the one thing below {@code /api} that needs no key. */
class HealthIT {

    private static final String HEALTH = "/api/v1/health";

    private static TestBed bed;
    private static CertserviceClient anyone;

    @BeforeAll
    static void start() {
        bed = TestBed.shared();
        anyone = new CertserviceClient(bed.baseUri());
    }

    @Test
    void tellsEverybodyThatItIsUpAndNoMore() {
        assertUp(anyone.get(HEALTH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/png", "application/xml;q=0.1", "*/*"})
    void answersWhateverTheCheckAccepts(String accept) {
        assertUp(anyone.get(HEALTH, "Accept", accept));
    }

    @Test
    void doesNotLookAtAKey() {
        assertUp(anyone.get(HEALTH, "X-Api-Key", bed.disabledApiKey()));
        assertUp(anyone.get(HEALTH, "X-Api-Key", "no GUID"));
    }

    @Test
    void answersHead() {
        Response response = anyone.send("HEAD", HEALTH, new byte[0]);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void needsAKeyForOtherMethodsWhichThenAreNotThere(String method) {
        byte[] body = new byte[0];

        assertThat(anyone.send(method, HEALTH, body).status()).isEqualTo(401);
        if (!method.equals("OPTIONS")) {
            Response response = anyone.send(method, HEALTH, body, "X-Api-Key", bed.apiKey());
            assertThat(response.status()).as("status of %s", response).isEqualTo(405);
            assertThat(response.header("Allow")).contains("GET").doesNotContain("POST");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/health/", "/api/v1/health/x", "/api/v1/health;x=y", "/api/v1/Health",
            "/api/v1/%68ealth", "/api/v1/healthy", "/api/v1/health/../cert"})
    void isOpenInThisSpellingAlone(String path) {
        assertThat(anyone.get(path).status()).isIn(401, 404);
    }

    /** Load balancers ask every second or two. */
    @Test
    void leavesNoLineInTheLog() throws IOException {
        assertUp(anyone.get(HEALTH));
        Response refused = anyone.get("/api/v1/nothing");

        assertThat(Files.readString(bed.server().log(), StandardCharsets.ISO_8859_1))
                .contains(refused.header("X-Request-Id")).doesNotContain("v1/health' by nobody known: 200");
    }

    private static void assertUp(Response response) {
        assertThat(response.status()).as("status of %s", response).isEqualTo(200);
        assertThat(response.header("Content-Type")).startsWith("application/json");
        assertThat(response.header("Cache-Control")).isEqualTo("no-store");
        assertThat(response.json()).isEqualTo(Json.createObjectBuilder().add("status", "UP").build());
    }
}
