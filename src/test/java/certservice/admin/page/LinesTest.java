package certservice.admin.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import certservice.problem.Failure;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {

    @Test
    void takesItemsHoweverTheyAreSeparated() {
        assertThat(Lines.items(" a.example\r\nb.example, c.example;d.example\t\n")).containsExactly("a.example",
                "b.example", "c.example", "d.example");
        assertThat(Lines.items(null)).isEmpty();
        assertThat(Lines.items(" \n ")).isEmpty();
    }

    @Test
    void readsTheMomentsThatItWrites() {
        Instant moment = Instant.parse("2027-01-31T12:05:00Z");

        assertThat(Lines.moment(Lines.field(moment), "Expires")).isEqualTo(moment);
        assertThat(Lines.moment(" ", "Expires")).isNull();
        assertThat(Lines.field(null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tomorrow", "2027-01-31", "2027-13-31T12:00"})
    void saysWhichFieldHasNoMoment(String text) {
        assertThatThrownBy(() -> Lines.moment(text, "Expires")).isInstanceOf(Failure.class)
                .hasMessageContaining("Expires").hasMessageContaining(text);
    }

    @Test
    void readsNumbersAndDays() {
        assertThat(Lines.number(" 7 ", "Requests a day")).isEqualTo(7);
        assertThat(Lines.number("", "Requests a day")).isNull();
        assertThat(Lines.day("2027-01-31", "From")).isEqualTo(Instant.parse("2027-01-31T00:00:00Z"));
        assertThatThrownBy(() -> Lines.number("7.5", "Requests a day")).hasMessageContaining("Requests a day is '7.5'");
        assertThatThrownBy(() -> Lines.day("31.1.", "From")).hasMessageContaining("From");
    }
}
