package certservice.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class QuotedTest {

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("plain", "'plain'"),
                Arguments.of("", "''"),
                Arguments.of("münchen", "'münchen'"),
                Arguments.of("a\nb", "'a\\u{a}b'"),
                Arguments.of("a\u001b[2Jb", "'a\\u{1b}[2Jb'"),
                Arguments.of("a\u0000b", "'a\\u{0}b'"),
                Arguments.of("a\u202eb", "'a\\u{202e}b'"),
                Arguments.of("a\u2028b", "'a\\u{2028}b'"),
                Arguments.of("a\ud800b", "'a\\u{d800}b'"),
                Arguments.of("\ud83d\ude00", "'\ud83d\ude00'"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void escapesWhatDoesNotPrint(String value, String shown) {
        assertThat(Quoted.of(value)).isEqualTo(shown);
    }

    @Test
    void showsEightyCharactersInFull() {
        assertThat(Quoted.of("x".repeat(80))).isEqualTo("'" + "x".repeat(80) + "'");
    }

    @Test
    void cutsLongValuesBetweenWholeCharacters() {
        assertThat(Quoted.of("\ud83d\ude00".repeat(81))).isEqualTo("'" + "\ud83d\ude00".repeat(80) + "…'");
    }
}
