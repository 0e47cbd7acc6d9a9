package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.CertserviceClient;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get wrong is answered as the contract says, over HTTP, whatever the server; see {@link BadInput}. */
class BadInputIT {

    private static final JsonObject UNAUTHORIZED =
            Json.createObjectBuilder().add("message", "Invalid or unauthorized API key").build();

    private static final List<String> CONTROLS =
            List.of("\u0000", "\u0007", "\b", "\u001b", "\u007f", "\u0085", "\u202e", "\n", "\r\n");

    private static TestBed bed;

    @BeforeAll
    static void start() {
        bed = TestBed.shared();
    }

    static Stream<BadInput> badInput() {
        return BadInput.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badInput")
    void answersAsTheContractSays(BadInput input) {
        Response response = input.call().on(bed);
        assertThat(response.status()).as("status of %s", response).isIn(input.statuses());
        assertThat(message(response)).contains(input.message());
        if (response.status() == 401) {
            assertThat(response.json()).isEqualTo(UNAUTHORIZED);
            assertThat(response.headers().allValues("WWW-Authenticate"))
                    .containsExactly("ApiKey header=\"X-Api-Key\"");
        }
        if (response.status() == 405) {
            assertThat(response.header("Allow")).as("RFC 9110 section 15.5.6").contains("POST");
        }
    }

    /** The {@code message} of an error that holds nothing that a caller should not see. */
    private static String message(Response response) {
        assertThat(response.headers().allValues("Content-Type")).as("content type of %s", response).hasSize(1)
                .first().asString().matches("(?i)application/json(; ?charset=utf-8)?");
        assertThat(response.text())
                .doesNotContainPattern("(?i)<html|<!doctype|exception|stack ?trace|\\tat |\\\\tat ")
                .doesNotContainPattern("\\b[a-z]\\w*(\\.[a-z]\\w*)+\\.[A-Z]\\w+")
                .doesNotContain(bed.dataDirectory().toString())
                .doesNotContain(bed.apiKey())
                .doesNotContainPattern("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]");
        String message = ((JsonObject) response.json()).getString("message");
        assertThat(message).isNotBlank().hasSizeLessThan(1000);
        return message;
    }

    @Test
    void refusesTenThousandNamesQuickly() {
        String names = "\"" + "\u00e9.\u00e9 ".repeat(10_000) + "*.*\"";
        Instant start = Instant.now();
        assertThat(bed.client().cert(BadInput.body(names)).status()).isEqualTo(400);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void keepsControlCharactersOutOfItsLog() throws IOException {
        CertserviceClient client = bed.client();
        for (String control : CONTROLS) {
            String text = BadInput.quoted("a" + control + "forged.example.com");
            client.cert(BadInput.body(text));
            client.cert(BadInput.body("\"www.example.com\",\"profile\":" + text));
            client.cert(BadInput.body("\"www.example.com\",\"friendlyName\":" + text));
            client.cert("{" + text + ":1," + text + ":2}");
        }
        client.get("/api/v1/a%0Aforged", "X-Api-Key", bed.apiKey());
        client.get("/api/v1/a%1Bforged", "X-Api-Key", bed.apiKey());
        String log = new String(Files.readAllBytes(bed.server().log()), StandardCharsets.UTF_8);
        assertThat(log).isNotEmpty().doesNotContainPattern("[\\p{Cc}\\p{Cf}]forged");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"staging\":true,\"domains\":\"www.example.com.\"}",
            "\ufeff{ \"domains\" : \",; WWW.Example.COM\\t\\n\" , \"staging\" : true }\r\n",
            "{\"staging\":true,\"domains\":\"www.example.com\",\"profile\":null,\"csr\":null,\"reuse\":false}",
            "{\"staging\":true,\"domains\":\"www.example.com\",\"Domains\":[[{}]],\"unknown\":1e999}",
    })
    void toleratesWhatTheContractAllows(String body) {
        assertCertificate(bed.client().cert(body));
    }

    @Test
    void acceptsABodyOfExactly64KiB() {
        assertCertificate(bed.client().cert(BadInput.GOOD + " ".repeat(64 * 1024 - BadInput.GOOD.length())));
    }

    @Test
    void acceptsTheKeyInUpperCaseAndBraces() {
        String key = "{" + bed.apiKey().toUpperCase(Locale.ROOT) + "}";
        assertCertificate(bed.client().withKey(key).cert(BadInput.GOOD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json; charset=utf-8", "application/json;charset=\"UTF-8\"",
            "Application/JSON"})
    void acceptsTheContentTypeInItsVariants(String contentType) {
        assertCertificate(new CertserviceClient(bed.baseUri()).send("POST", BadInput.CERT,
                BadInput.GOOD.getBytes(StandardCharsets.UTF_8),
                "X-Api-Key", bed.apiKey(), "Content-Type", contentType));
    }

    private static void assertCertificate(Response response) {
        assertThat(response.status()).as("status of %s", response).isEqualTo(200);
        assertThat(response.header("Content-Type")).isEqualTo("application/x-pkcs12");
    }

    @Test
    void answersWithNormalizedNamesEachOnceInTheirOrder() {
        Response response = bed.client().pem(BadInput.body(BadInput.quoted(
                "WWW.Example.COM.; m\u00fcnchen.example.com\u00a0\uff57\uff57\uff57.example.com,"
                        + "XN--MNCHEN-3YA.example.com, stra\u00dfe\u3002example.com")));
        assertThat(response.status()).as("status of %s", response).isEqualTo(200);
        assertThat(response.json().asJsonArray()).map(item -> item.asJsonObject().getString("Domain"))
                .containsExactly("www.example.com", "xn--mnchen-3ya.example.com", "xn--strae-oqa.example.com");
    }
}
