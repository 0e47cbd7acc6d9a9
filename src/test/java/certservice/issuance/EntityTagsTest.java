package certservice.issuance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {

    @ParameterizedTest
    @ValueSource(strings = {"\"abc\"", "W/\"abc\"", " \"abc\" ", "\"x\", \"abc\"", "\"x\",\"y\",W/\"abc\",\"z\"",
            "\"a,b\", \"abc\"", ", ,\"abc\",", "*", " * ", "\"abc\", rubbish", "\"\",\"abc\""})
    void containTheTag(String header) {
        assertThat(EntityTags.of(List.of(header)).contain("\"abc\"")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"ABC\"", "abc", "w/\"abc\"", "\"abc", "\"abcd\"", "\"x,\"abc\"", "\"x\" \"abc\"",
            "*, \"x\"", "\"*\"", "rubbish, \"abc\"", "\"x\"y, \"abc\""})
    void doNotContainIt(String header) {
        assertThat(EntityTags.of(List.of(header)).contain("\"abc\"")).isFalse();
    }

    @Test
    void areOneListInSeveralHeaders() {
        assertThat(EntityTags.of(List.of("\"x\"", "\"abc\"")).contain("\"abc\"")).isTrue();
        assertThat(EntityTags.of(List.of()).contain("\"abc\"")).isFalse();
    }

    @Test
    void areReadHoweverLong() {
        assertThat(EntityTags.of(List.of("\"" + "x".repeat(100_000) + "\"" + ",".repeat(100_000) + "\"abc\""))
                .contain("\"abc\"")).isTrue();
    }

    @Test
    void areMadeOfTheContent() {
        assertThat(EntityTags.strong("a".getBytes(UTF_8))).matches("\"[0-9a-f]{32}\"")
                .isEqualTo(EntityTags.strong("a".getBytes(UTF_8)))
                .isNotEqualTo(EntityTags.strong("b".getBytes(UTF_8)));
    }
}
