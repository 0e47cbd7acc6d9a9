package certservice.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptTest {

    private static final String JSON = "application/json";
    private static final String FILE = "application/x-pem-file";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "''                                                           | application/json",
            "*/*                                                          | application/json",
            "application/*                                                | application/json",
            "application/json                                             | application/json",
            "application/x-pem-file                                       | application/x-pem-file",
            "Application/X-PEM-File                                       | application/x-pem-file",
            "application/x-pem-file; charset=utf-8                        | application/x-pem-file",
            "application/x-pem-file, */*                                  | application/x-pem-file",
            "application/x-pem-file, application/json                     | application/json",
            "application/x-pem-file, application/json;q=0.9               | application/x-pem-file",
            "application/x-pem-file;q=0.8, application/json;q=0.9         | application/json",
            "application/x-pem-file;q=0.1, text/html                      | application/x-pem-file",
            "*/*, application/json;q=0                                    | application/x-pem-file",
            "application/json;q=0.3, application/*;q=0.5                  | application/x-pem-file",
            "application/json;Q=0.000, application/x-pem-file;q=0.001     | application/x-pem-file",
            "text/html, application/xhtml+xml, */*;q=0.8                  | application/json",
            "application/json;q=x, application/x-pem-file;q=0.9           | application/json",
    })
    void choosesWhatTheCallerLikesBest(String header, String type) {
        assertThat(Accept.choose(List.of(header), List.of(JSON, FILE))).contains(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "application/json;q=0", "*/*;q=0", "text/*", "json", "*", "application", ","})
    void choosesNothingThatTheCallerDoesNotAccept(String header) {
        assertThat(Accept.choose(List.of(header), List.of(JSON, FILE))).isEmpty();
    }

    @Test
    void takesNoHeaderForAnyType() {
        assertThat(Accept.choose(List.of(), List.of(JSON, FILE))).contains(JSON);
    }

    @Test
    void readsSeveralHeadersAsOne() {
        assertThat(Accept.choose(List.of("text/html", FILE), List.of(JSON, FILE))).contains(FILE);
    }
}
