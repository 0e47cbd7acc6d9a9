package certservice.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenewalWindowTest {

    private static final Instant BEGIN = Instant.parse("2026-11-01T00:00:00Z");

    @ParameterizedTest(name = "{0}: {1} after its begin")
    @CsvSource({"P90D,P60D", "P47D,P31DT8H", "P10D,P6DT16H", "P9DT23H,P4DT23H30M", "P6D,P3D"})
    void withoutTheCasWordIsAroundTwoThirdsOfTheLifeOrHalfOfAShortOne(Duration life, Duration middle) {
        RenewalWindow window = RenewalWindow.byLife(BEGIN, BEGIN.plus(life));

        Duration width = Duration.between(window.start(), window.end());
        assertThat(window.start().plus(width.dividedBy(2))).isEqualTo(BEGIN.plus(middle));
        assertThat(width).isEqualTo(life.dividedBy(50));
    }

    @Test
    void randomMomentsAreAllOverTheWindowAndNeverOutside() {
        RenewalWindow window = new RenewalWindow(BEGIN, BEGIN.plus(Duration.ofHours(10)));
        Random random = new Random(1);

        assertThat(Stream.generate(() -> window.randomMoment(random)).limit(1000))
                .allSatisfy(moment -> assertThat(moment).isBetween(window.start(), window.end()))
                .anySatisfy(moment -> assertThat(moment).isBefore(BEGIN.plus(Duration.ofHours(1))))
                .anySatisfy(moment -> assertThat(moment).isAfter(BEGIN.plus(Duration.ofHours(9))));
    }

    @ParameterizedTest
    @CsvSource({"PT0S", "PT-1S"})
    void endsAfterItsStart(Duration width) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RenewalWindow(BEGIN, BEGIN.plus(width)));
    }
}
