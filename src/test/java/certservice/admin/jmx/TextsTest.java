package certservice.admin.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  "})
    void takesNothingForNone(String nothing) {
        assertThat(Texts.optional(nothing)).isNull();
        assertThat(Texts.list(nothing)).isEmpty();
        assertThat(Texts.moment("expires", nothing)).isNull();
        assertThat(Texts.duration("overlap", nothing)).isZero();
        assertThat(Texts.json("settings", nothing)).isEmpty();
    }

    @Test
    void readsWhatIsThere() {
        assertThat(Texts.list(" a.com, b.com;c.com  d.com")).containsExactly("a.com", "b.com", "c.com", "d.com");
        assertThat(Texts.moment("expires", "2027-01-31T01:00:00+01:00"))
                .isEqualTo(Instant.parse("2027-01-31T00:00:00Z"));
        assertThat(Texts.duration("overlap", "P7D")).isEqualTo(Duration.ofDays(7));
        assertThat(Texts.json("settings", "{\"a\":\"b\"}").getString("a")).isEqualTo("b");
        assertThat(Texts.limit(0)).isNull();
        assertThat(Texts.limit(5)).isEqualTo(5);
    }

    @Test
    void namesFieldValueAndWhatIsAllowed() {
        assertThatIllegalArgumentException().isThrownBy(() -> Texts.moment("expires", "tomorrow")).withMessage(
                "expires is 'tomorrow'; allowed is an ISO 8601 time such as 2027-01-31T00:00:00Z, or nothing");
        assertThatIllegalArgumentException().isThrownBy(() -> Texts.duration("overlap", "7 days")).withMessage(
                "overlap is '7 days'; allowed is an ISO 8601 duration such as P7D or PT12H, or nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "[\"secret\"]", "{\"key\":\"secret\"", "{\"key\":\"secret\"} secret",
            "\"secret\""})
    void quotesNothingOfSettings(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Texts.json("settings", text)).withNoCause()
                .withMessage("settings is '(not shown)'; allowed is a JSON object");
    }
}
