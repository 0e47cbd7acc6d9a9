package certservice.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferTest {

    @ParameterizedTest
    @ValueSource(strings = {"respond-async", " Respond-Async ", "respond-async;x=y", "respond-async; x = \"y,z\";q",
            "return=minimal, respond-async", "foo=\"a, b\\\",c\", respond-async,", ",,respond-async",
            "respond-async=\"\"", "respond-async, wait=10", "a b, respond-async", "=, respond-async",
            "\"x\", respond-async"})
    void findsRespondAsync(String header) {
        assertThat(Prefer.of(List.of(header)).respondAsync()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "respond", "respond-asynchronously", "foo=respond-async",
            "foo=\"x, respond-async\"", "foo;respond-async", "respond-async=no", "respond-async x",
            "foo=\"respond-async", "respond-async=no, respond-async", "\\", "\"", "foo=\"\\"})
    void leavesOtherPreferences(String header) {
        assertThat(Prefer.of(List.of(header)).respondAsync()).isFalse();
    }

    @Test
    void readsSeveralHeadersAsOne() {
        Prefer prefer = Prefer.of(List.of("wait=5", "handling=lenient, respond-async", "wait=7"));

        assertThat(prefer.respondAsync()).isTrue();
        assertThat(prefer.maxWait()).contains(Duration.ofSeconds(5));
    }

    @Test
    void prefersNothingWithoutAHeader() {
        assertThat(Prefer.of(List.of())).returns(false, Prefer::respondAsync);
        assertThat(Prefer.of(List.of()).maxWait()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '|', value = {"wait=0, 0", "WAIT = 10, 10", "wait=\"10\", 10",
            "wait=999999999, 999999999", "wait=10;x=y, 10"})
    void readsHowLongTheCallerWaits(String header, long seconds) {
        assertThat(Prefer.of(List.of(header)).maxWait()).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "wait=", "wait=-1", "wait=1.5", "wait=1000000000", "wait=\u0661", "wait=x",
            "wait=1 2"})
    void ignoresAWaitThatIsNoNumberOfSeconds(String header) {
        assertThat(Prefer.of(List.of(header)).maxWait()).isEmpty();
    }

    @Test
    void readsVeryLongHeaders() {
        assertThat(Prefer.of(List.of("a=\"" + "\\\"".repeat(100_000) + "\"," + ",".repeat(100_000) + "respond-async"))
                .respondAsync()).isTrue();
    }
}
