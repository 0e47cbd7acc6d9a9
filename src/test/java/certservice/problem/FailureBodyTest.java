package certservice.problem;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureBodyTest {

    private static final String ID = "6f4b8f0e-5a8e-4f7e-9d0e-0c8f6a2b1c3d";
    private static final Problem NO_ADDRESS =
            Problem.acme("www.example.com", "dns", "no valid A records found", "Add an A or AAAA record");

    @Test
    void isExactlyTheContractsSentenceForAnUnauthorizedRequest() {
        assertThat(FailureBody.json(Failure.unauthorized(), ID))
                .isEqualTo("{\"message\":\"Invalid or unauthorized API key\"}");
    }

    @Test
    void isTheMessageAloneForABadRequest() {
        assertThat(FailureBody.json(Failure.badRequest("domains is missing"), ID))
                .isEqualTo("{\"message\":\"domains is missing\"}");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405, 406, 413, 415})
    void isTheMessageAloneForWhatHttpItselfRefuses(int status) {
        assertThat(FailureBody.json(Failure.http(status, HttpMessages.of(status)), ID))
                .isEqualTo("{\"message\":\"" + HttpMessages.of(status) + "\"}");
    }

    @Test
    void tellsEveryProblemAndTheRequestIdWhenThereIsNoCertificate() {
        JsonObject body = parse(FailureBody.json(Failure.noCertificate(List.of(NO_ADDRESS,
                Problem.own("example.com", "timeout", "late", "Again"))), ID));
        assertThat(body.keySet()).containsExactly("message", "problems", "requestId");
        assertThat(body.getString("message")).isEqualTo("No certificate was generated");
        assertThat(body.getString("requestId")).isEqualTo(ID);
        assertThat(body.getJsonArray("problems")).hasSize(2);
        JsonObject first = body.getJsonArray("problems").getJsonObject(0);
        assertThat(first.keySet()).containsExactly("domain", "type", "detail", "hint");
        assertThat(first.getString("domain")).isEqualTo("www.example.com");
        assertThat(first.getString("type")).isEqualTo("urn:ietf:params:acme:error:dns");
        assertThat(first.getString("detail")).isEqualTo("no valid A records found");
        assertThat(first.getString("hint")).isEqualTo("Add an A or AAAA record");
        assertThat(body.getJsonArray("problems").getJsonObject(1).getString("type"))
                .isEqualTo("urn:certservice:error:timeout");
    }

    @Test
    void tellsTheProblemsOfARateLimitToo() {
        JsonObject body = parse(FailureBody.json(
                Failure.rateLimited(List.of(NO_ADDRESS), Duration.ofMinutes(1), null), ID));
        assertThat(body.getString("message")).isEqualTo("No certificate was generated");
        assertThat(body.getJsonArray("problems")).hasSize(1);
        assertThat(body.getString("requestId")).isEqualTo(ID);
    }

    @Test
    void hasNoEmptyListOfProblems() {
        assertThat(parse(FailureBody.json(Failure.noCertificate(List.of()), ID)).keySet())
                .containsExactly("message", "requestId");
    }

    @Test
    void leavesTheDomainOutOfAProblemThatIsAboutNone() {
        JsonObject body = parse(FailureBody.json(
                Failure.noCertificate(Problem.own(null, "timeout", "late", "Again"), null), ID));
        assertThat(body.getJsonArray("problems").getJsonObject(0).keySet()).containsExactly("type", "detail", "hint");
    }

    @Test
    void escapesWhateverTheCaSaid() {
        String detail = "\"quoted\"\n\u0000<script>";
        JsonObject body = parse(FailureBody.json(
                Failure.noCertificate(Problem.own(null, "odd", detail, "None"), null), ID));
        assertThat(body.getJsonArray("problems").getJsonObject(0).getString("detail")).isEqualTo(detail);
    }

    /** The cause is for the log. */
    @Test
    void showsNothingOfTheCause() {
        Throwable cause = new IllegalStateException("jdbc:postgresql://10.0.0.7/certs is down");
        assertThat(FailureBody.json(Failure.unavailable("Not now", Duration.ofSeconds(5), cause), ID))
                .contains("Not now").doesNotContain("postgresql").doesNotContain("Exception");
    }

    private static JsonObject parse(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }
}
