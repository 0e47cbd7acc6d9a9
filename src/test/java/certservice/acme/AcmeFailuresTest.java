package certservice.acme;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.domain.DomainName;
import certservice.problem.Failure;
import certservice.problem.Problem;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.toolbox.JSON;

class AcmeFailuresTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final DomainName ONE = DomainName.of("one.example.com");
    private static final DomainName TWO = DomainName.of("two.example.com");

    private final AcmeFailures ofTwo = new AcmeFailures(Clock.fixed(NOW, ZoneOffset.UTC), List.of(ONE, TWO));
    private final AcmeFailures ofOne = new AcmeFailures(Clock.fixed(NOW, ZoneOffset.UTC), List.of(ONE));

    @Test
    void aRateLimitSaysHowLongItLasts() {
        Failure failure = ofTwo.of(limited(NOW.plusSeconds(90)));

        assertThat(failure.status()).isEqualTo(429);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(90));
        assertThat(failure.problems()).extracting(Problem::detail).containsExactly("slow down");
    }

    @Test
    void aPausedNameComesWithoutAMomentAndWaitsAnHour() {
        assertThat(ofTwo.of(limited(null)).retryAfter()).contains(Duration.ofHours(1));
    }

    @Test
    void subproblemsBecomeOneProblemForEachName() {
        Failure failure = ofTwo.of(new AcmeServerException(problem("""
                { "type": "urn:ietf:params:acme:error:rejectedIdentifier", "detail": "2 names are rejected",
                  "subproblems": [
                    { "type": "urn:ietf:params:acme:error:rejectedIdentifier", "detail": "policy forbids one",
                      "identifier": { "type": "dns", "value": "one.example.com" } },
                    { "type": "urn:ietf:params:acme:error:caa", "detail": "CAA forbids two",
                      "identifier": { "type": "dns", "value": "two.example.com" } } ] }""")));

        assertThat(failure.status()).isEqualTo(500);
        assertThat(failure.problems()).extracting(Problem::domain)
                .containsExactly("one.example.com", "two.example.com");
        assertThat(failure.problems()).extracting(Problem::type).containsExactly(
                "urn:ietf:params:acme:error:rejectedIdentifier", "urn:ietf:params:acme:error:caa");
        assertThat(failure.problems()).extracting(Problem::hint).doesNotHaveDuplicates();
    }

    @Test
    void anErrorOfTheWholeOrderIsAboutItsOnlyName() {
        AcmeServerException malformed = new AcmeServerException(problem(
                "{ \"type\": \"urn:ietf:params:acme:error:malformed\", \"detail\": \"no\" }"));

        assertThat(ofOne.of(malformed).problems()).extracting(Problem::domain).containsExactly("one.example.com");
        assertThat(ofTwo.of(malformed).problems()).extracting(Problem::domain).containsOnlyNulls();
    }

    @Test
    void anUnreachableCaIsNotDescribedByItsAddress() {
        Failure failure = ofOne.of(new AcmeNetworkException(new IOException("connect to 10.1.2.3:14000 refused")));

        assertThat(failure.status()).isEqualTo(500);
        assertThat(failure.problems()).hasSize(1);
        assertThat(failure.problems().toString()).doesNotContain("10.1.2.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns", "connection", "unauthorized", "incorrectResponse", "tls", "caa",
            "rejectedIdentifier", "unsupportedIdentifier", "rateLimited", "serverInternal", "invalidProfile",
            "badRevocationReason"})
    void everyErrorThatACallerCanMendHasItsOwnHint(String type) {
        assertThat(Hints.forType(type)).isNotEqualTo(Hints.forType("somethingNew"));
    }

    private static AcmeRateLimitedException limited(Instant retryAfter) {
        return new AcmeRateLimitedException(problem(
                "{ \"type\": \"urn:ietf:params:acme:error:rateLimited\", \"detail\": \"slow down\" }"),
                retryAfter, List.of());
    }

    private static org.shredzone.acme4j.Problem problem(String json) {
        return new org.shredzone.acme4j.Problem(JSON.parse(json), url());
    }

    private static URL url() {
        try {
            return URI.create("https://acme.example/").toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }
}
