package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keys are restricted to, by the import file. Everybody here is a proxy, so each test can say where it is. */
class KeyPolicyIT {

    private static final String INSIDE = "192.0.2.7";
    private static final String OUTSIDE = "203.0.113.1";

    private static final String NETWORKS = UUID.randomUUID().toString();
    private static final String STAGING = UUID.randomUUID().toString();
    private static final String CLASSIC = UUID.randomUUID().toString();
    private static final String ONCE = UUID.randomUUID().toString();
    private static final String OFTEN = UUID.randomUUID().toString();

    private static TestBed bed;

    @BeforeAll
    static void start() {
        bed = TestBed.in("key-policy").setting("certservice.proxies", "127.0.0.0/8, ::1")
                .importing(file -> file
                        .apiKey("networks", NETWORKS, true, Map.of("networks", List.of("192.0.2.0/24",
                                "2001:db8::/32")), "example.com")
                        .apiKey("staging", STAGING, true, Map.of("environments", List.of("staging")), "example.com")
                        .apiKey("classic", CLASSIC, true, Map.of("profiles", List.of("classic")), "example.com")
                        .apiKey("once", ONCE, true, Map.of("requestsPerDay", 2), "example.com")
                        .apiKey("often", OFTEN, true, Map.of(), "example.com"))
                .start();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @ParameterizedTest
    @CsvSource({
            "192.0.2.7, true",
            "'203.0.113.1, 192.0.2.7', true",
            "'192.0.2.7, 127.0.0.2', true",
            "192.0.2.7:4711, true",
            "2001:db8::9, true",
            "[2001:db8::9]:443, true",
            "203.0.113.1, false",
            "'192.0.2.7, 203.0.113.1', false",
            "unknown, false",
            "'192.0.2.7, unknown', false",
    })
    void acceptsAKeyFromItsNetworksAlone(String forwarded, boolean accepted) {
        Response response = bed.client().withKey(NETWORKS).cert("{}", "X-Forwarded-For", forwarded);
        if (accepted) {
            assertThat(response.status()).as("status of %s", response).isEqualTo(400);
        } else {
            assertUnauthorized(response);
        }
    }

    @Test
    void issuesFromOneEnvironmentAlone() throws Exception {
        assertThat(Delivered.ofCert(certificate(STAGING, true, "classic", "a.example.com")).names())
                .containsExactly("a.example.com");
        assertUnauthorized(certificate(STAGING, false, "classic", "a.example.com"));
    }

    @Test
    void issuesOneProfileAlone() throws Exception {
        assertUnauthorized(certificate(CLASSIC, true, "tlsserver", "b.example.com"));
        assertThat(Delivered.ofCert(certificate(CLASSIC, true, "classic", "b.example.com")).names())
                .containsExactly("b.example.com");
    }

    /** At midnight (UTC) between two of the requests it would be one more; then it must be run again. */
    @Test
    void countsNewRequestsOfADayAndNotWhatIsRefused() throws Exception {
        assertUnauthorized(certificate(ONCE, true, "classic", "www.example.org"));
        assertThat(certificate(ONCE, true, "classic", "c.example.com").status()).isEqualTo(200);
        assertThat(certificate(ONCE, true, "classic", "d.example.com").status()).isEqualTo(200);
        Response third = certificate(ONCE, true, "classic", "e.example.com");
        assertUnauthorized(third);
        assertThat(log()).contains("Request " + third.header("X-Request-Id")
                + ": refused, REQUESTS_PER_DAY: all 2 requests of this UTC day were made; from 192.0.2.7, key 'once'");
        assertThat(certificate(OFTEN, true, "classic", "e.example.com").status()).isEqualTo(200);
    }

    @Test
    void saysInTheLogAloneWhyARequestIsRefused() throws IOException {
        Response refused = bed.client().withKey(NETWORKS).cert("{}", "X-Forwarded-For", OUTSIDE);
        assertUnauthorized(refused);
        assertThat(log()).contains("Request " + refused.header("X-Request-Id") + ": refused, NETWORK: the key"
                + " is not for this address: '203.0.113.1' is in none of [192.0.2.0/24, 2001:db8::/32]; from "
                + OUTSIDE + ", key 'networks'").doesNotContain(NETWORKS);
    }

    private static Response certificate(String key, boolean staging, String profile, String name) {
        return bed.client().withKey(key).cert(Json.createObjectBuilder().add("staging", staging).add("domains", name)
                .add("profile", profile).build().toString(), "X-Forwarded-For", INSIDE);
    }

    private static void assertUnauthorized(Response response) {
        assertThat(response.status()).as("status of %s", response).isEqualTo(401);
        assertThat(response.text()).isEqualTo("{\"message\":\"Invalid or unauthorized API key\"}");
        assertThat(response.headers().allValues("WWW-Authenticate")).containsExactly("ApiKey header=\"X-Api-Key\"");
    }

    private static String log() throws IOException {
        return Files.readString(bed.server().log(), StandardCharsets.ISO_8859_1);
    }
}
