package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page at {@code /}, where the links of servers' consoles lead. */
class WelcomeIT {

    private static TestBed bed;

    @BeforeAll
    static void start() {
        bed = TestBed.shared();
    }

    @Test
    void saysWhatThisIsAndWhetherItIsUp() {
        Response response = bed.client().get("/", "Accept", "text/html");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Type")).startsWith("text/html");
        assertThat(response.text()).contains("certservice", "UP", "href=\"/admin/\"", "openapi.json");
    }

    @Test
    void needsNoScriptAndAllowsNone() {
        Response response = bed.client().get("/");

        assertThat(response.text()).doesNotContain("<script", "style=");
        assertThat(response.header("Content-Security-Policy")).contains("default-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(response.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(response.header("Set-Cookie")).isEmpty();
    }

    @Test
    void tellsNeitherVersionsNorServers() {
        assertThat(bed.client().get("/").text()).doesNotContainIgnoringCase("payara").doesNotContain("1.0.0", "H2");
    }
}
