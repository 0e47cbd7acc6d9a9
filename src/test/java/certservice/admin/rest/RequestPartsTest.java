package certservice.admin.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.admin.Page;
import certservice.problem.Failure;
import jakarta.json.JsonObject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials, origin, If-Match and query of a request to the administration. */
class RequestPartsTest {

    @Test
    void readsCredentialsInUtf8() {
        assertThat(BasicCredentials.of(List.of("basic " + base64("jürgen:pass:wörd"))))
                .contains(new BasicCredentials("jürgen", "pass:wörd"));
        assertThat(BasicCredentials.of(List.of("Basic " + base64("alice:secret"))).orElseThrow().toString())
                .doesNotContain("alice").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic", "Basic ", "Basic !!!", "Basic YWxpY2U=", "Basic OnNlY3JldA==", "Bearer YTpi",
            "Basic /////w==", "Basic YTpiAA=="})
    void takesAnythingElseForNoCredentials(String header) {
        assertThat(BasicCredentials.of(List.of(header))).isEmpty();
    }

    @Test
    void takesTwoHeadersForNoCredentials() {
        String header = "Basic " + base64("a:b");
        assertThat(BasicCredentials.of(List.of(header, header))).isEmpty();
        assertThat(BasicCredentials.of(List.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
            "https://admin.example, admin.example, true",
            "https://admin.example, ADMIN.example:443, true",
            "http://127.0.0.1:8080, 127.0.0.1:8080, true",
            "http://[::1]:8080, [::1]:8080, true",
            "https://[::1], [::1], true",
            "https://admin.example, admin.example:8443, false",
            "https://evil.example, admin.example, false",
            "https://admin.example.evil.example, admin.example, false",
            "https://evil.admin.example, admin.example, false",
            "null, admin.example, false",
            "https://admin.example, , false",
            "not a uri, admin.example, false",
    })
    void knowsItsOwnOrigin(String origin, String host, boolean own) {
        assertThat(SameSite.isOwn(origin, host)).isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"\"7\" | 7", "\"6\", \"7\" | 7", "W/\"7\",\"7\" | 7"})
    void takesTheVersionFromAStrongTag(String header, long version) {
        assertThat(IfMatch.required(headers(header), () -> 7)).isEqualTo(version);
    }

    @Test
    void takesAStarForAnyVersion() {
        assertThat(IfMatch.required(headers("*"), () -> 7)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"6\"", "W/\"7\"", "7", "", "\"77\"", "\"7", "\"6\" \"7\""})
    void refusesWhatWasChangedMeanwhile(String header) {
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> IfMatch.required(headers(header), () -> 7))
                .satisfies(failure -> assertThat(failure.status()).isEqualTo(412));
    }

    @Test
    void wantsToKnowWhatWasSeen() {
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> IfMatch.required(headers(), () -> 7))
                .satisfies(failure -> assertThat(failure.status()).isEqualTo(428));
    }

    @Test
    void takesWhatWasSeenWhereItIsNotNeeded() {
        assertThat(IfMatch.optional(headers(), () -> 7)).isNull();
        assertThat(IfMatch.optional(headers("*"), () -> 7)).isNull();
        assertThat(IfMatch.optional(headers("\"7\""), () -> 7)).isEqualTo(7);
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> IfMatch.optional(headers("\"6\""), () -> 7))
                .satisfies(failure -> assertThat(failure.status()).isEqualTo(412));
    }

    @Test
    void linksToTheNextPageWithTheSameParameters() {
        Query query = Query.ofPage(uri("search", "a&b ü", "limit", "2", "status", "valid"), "status");
        assertThat(query.search().text()).isEqualTo("a&b ü");
        assertThat(query.search().limit()).isEqualTo(2);
        JsonObject page = query.fields(new Page<>(List.of("x", "y"), 5), text -> new Fields().with("name", text))
                .build();
        assertThat(page.getString("next").substring(1).split("&")).containsExactlyInAnyOrder("search=a%26b+%C3%BC",
                "limit=2", "status=valid", "first=2");
        assertThat(page.getInt("total")).isEqualTo(5);
        assertThat(page.getJsonArray("items").toString()).isEqualTo("[{\"name\":\"x\"},{\"name\":\"y\"}]");
    }

    @Test
    void linksToNothingBehindTheLastPage() {
        Query query = Query.ofPage(uri("first", "3"));
        assertThat(query.fields(new Page<>(List.of("x", "y"), 5), text -> new Fields()).build().isNull("next"))
                .isTrue();
        assertThat(query.fields(new Page<>(List.<String>of(), 5), text -> new Fields()).build().isNull("next"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "Search | x | Parameter 'Search' is not known; allowed are search, first, limit, from",
            "limit  | 0 | limit is 0; allowed is 1 to 1000",
            "limit  | x | Parameter 'limit' is 'x'; it must be a whole number",
            "first  | -1 | first is -1; allowed is 0 or more",
            "from   | today | Parameter 'from' is 'today'; allowed is a moment such as 2027-01-31T00:00:00Z",
    })
    void refusesParametersThatAreWrong(String name, String value, String message) {
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> {
            Query query = Query.ofPage(uri(name, value), "from");
            query.search();
            query.moment("from");
        }).withMessage(message).satisfies(failure -> assertThat(failure.status()).isEqualTo(400));
    }

    @Test
    void refusesAParameterThatComesTwice() {
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> Query.ofPage(uri("limit", "1", "limit", "2")))
                .withMessage("Parameter 'limit' is given more than once");
    }

    @Test
    void readsMoments() {
        assertThat(Query.of(uri("from", "2026-11-01T00:00:00Z"), "from").moment("from"))
                .isEqualTo(Instant.parse("2026-11-01T00:00:00Z"));
        assertThat(Query.of(uri(), "from").moment("from")).isNull();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Of If-Match. */
    private static HttpHeaders headers(String... values) {
        return (HttpHeaders) Proxy.newProxyInstance(HttpHeaders.class.getClassLoader(),
                new Class<?>[] {HttpHeaders.class}, (proxy, called, arguments) ->
                        values.length == 0 ? null : List.of(values));
    }

    private static UriInfo uri(String... namesAndValues) {
        MultivaluedHashMap<String, String> parameters = new MultivaluedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return (UriInfo) Proxy.newProxyInstance(UriInfo.class.getClassLoader(), new Class<?>[] {UriInfo.class},
                (proxy, called, arguments) -> parameters);
    }
}
