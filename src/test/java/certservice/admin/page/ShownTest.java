package certservice.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:34:56Z");
    private final Shown show = new Shown(Clock.fixed(NOW, ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource({
        "PT0S, now",
        "PT59S, now",
        "-PT1M, 1 minute ago",
        "PT89M, in 89 minutes",
        "PT2H, in 2 hours",
        "-PT47H, 47 hours ago",
        "P12D, in 12 days",
        "-P400D, 400 days ago",
    })
    void saysHowFarAMomentIs(Duration away, String text) {
        assertThat(show.distance(NOW.plus(away))).isEqualTo(text);
    }

    @Test
    void saysWhenSomethingIs() {
        assertThat(show.when(NOW.plus(Duration.ofDays(3)), "never")).isEqualTo("2026-11-04 12:34 UTC (in 3 days)");
        assertThat(show.when(null, "never")).isEqualTo("never");
        assertThat(show.moment(null)).isEqualTo("–");
        assertThat(show.distance(null)).isEmpty();
    }

    @Test
    void knowsWhatIsOver() {
        assertThat(show.past(NOW)).isTrue();
        assertThat(show.past(NOW.plusSeconds(1))).isFalse();
        assertThat(show.past(null)).isFalse();
    }

    @Test
    void shortensLongLists() {
        assertThat(show.few(List.of(), "none")).isEqualTo("none");
        assertThat(show.few(List.of("a", "b", "c"), "none")).isEqualTo("a, b, c");
        assertThat(show.few(List.of("a", "b", "c", "d", "e"), "none")).isEqualTo("a, b, c and 2 more");
        assertThat(show.list(List.of("a", "b", "c", "d"), "none")).isEqualTo("a, b, c, d");
    }
}
