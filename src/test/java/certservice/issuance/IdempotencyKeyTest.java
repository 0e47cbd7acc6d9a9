package certservice.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import certservice.problem.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '|', delimiter = '^', value = {
            "\"8e03978e-40d5-43e8-bc93-6894a57f9324\" ^ 8e03978e-40d5-43e8-bc93-6894a57f9324",
            "8e03978e-40d5-43e8-bc93-6894a57f9324 ^ 8e03978e-40d5-43e8-bc93-6894a57f9324",
            "a ^ a",
            "\"a b, c; d\" ^ a b, c; d",
            "\"a\\\"b\\\\c\" ^ a\"b\\c",
            "dGVzdA== ^ dGVzdA==",
            "order/17:renewal_3~x[0]{y}@!#$%&'()*+-.<>?` ^ order/17:renewal_3~x[0]{y}@!#$%&'()*+-.<>?`",
    })
    void readsAStringOrAWord(String header, String value) {
        assertThat(IdempotencyKey.of(List.of(header))).contains(new IdempotencyKey(value));
    }

    @Test
    void isMissingWithoutAHeader() {
        assertThat(IdempotencyKey.of(List.of())).isEmpty();
    }

    @Test
    void hasAtMost255Characters() {
        String longest = "x".repeat(255);

        assertThat(IdempotencyKey.of(List.of(longest))).contains(new IdempotencyKey(longest));
        assertThat(IdempotencyKey.of(List.of('"' + longest + '"'))).contains(new IdempotencyKey(longest));
        assertThat(failure(longest + "x")).hasMessageContaining("'" + "x".repeat(80) + "…'");
        assertThat(failure('"' + longest + "x\"")).hasMessageContaining("…'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\"\"", "\"a", "a\"", "\"a\"b", "\"a\", \"b\"", "\"a\";x=y", "a b", "a,b", "a;b",
            "a\\b", "\"a\\b\"", "\"a\\", "\"", "ä", "\"ä\"", "\"a\tb\"", "a\u007f", "\"a\u0000\"", "\u00a0"})
    void rejectsWhatIsNoKey(String header) {
        assertThat(failure(header)).returns(400, Failure::status)
                .hasMessageStartingWith("Header 'Idempotency-Key' is '")
                .hasMessageContaining("1 to 255 printable ASCII")
                .message().doesNotContainPattern("[\\p{Cc}\\p{Cs}]");
    }

    @Test
    void rejectsTwoKeys() {
        assertThat(catchThrowableOfType(Failure.class, () -> IdempotencyKey.of(List.of("a", "a"))))
                .returns(400, Failure::status)
                .hasMessageStartingWith("Header 'Idempotency-Key' is given 2 times; it must");
    }

    private static Failure failure(String header) {
        return catchThrowableOfType(Failure.class, () -> IdempotencyKey.of(List.of(header)));
    }
}
