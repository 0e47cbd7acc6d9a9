package certservice.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpMessagesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "401 | Invalid or unauthorized API key",
            "404 | There is nothing at this path",
            "405 | This method is not allowed here; the header Allow lists those that are",
            "413 | The request body is larger than 64 KiB",
            "415 | The Content-Type must be application/json",
            "500 | No certificate was generated",
            "418 | HTTP 418",
    })
    void hasASentenceForEveryStatus(int status, String message) {
        assertThat(HttpMessages.of(status)).isEqualTo(message);
    }
}
