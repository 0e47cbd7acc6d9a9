package certservice.admin.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import certservice.problem.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderSettingsTest {

    @Test
    void takesLinesAndMakesAListOfWhatComesTwice() {
        String typed = "server = dns.example.net:53\r\n\nkeySecret=a=b==\nnameservers=1\nnameservers=2";

        assertThat(ProviderSettings.parse(typed).toString()).isEqualTo(
                "{\"server\":\"dns.example.net:53\",\"keySecret\":\"a=b==\","
                        + "\"nameservers\":[\"1\",\"2\"]}");
    }

    @Test
    void takesJson() {
        assertThat(ProviderSettings.parse(" {\"server\": \"x\", \"nameservers\": [\"1\"]}").toString())
                .isEqualTo("{\"server\":\"x\",\"nameservers\":[\"1\"]}");
    }

    @Test
    void takesNothing() {
        assertThat(ProviderSettings.parse(null)).isEmpty();
        assertThat(ProviderSettings.parse(" \n ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"keySecret\": \"hidden", "keySecret hidden", "=hidden", "{hidden}",
            "hidden0123456789abcdefghijklmn==", "hidden01234567890123456789abcdefg=", "hidden=", "hidden= = ",
            "hidden0123456789abcdefghijklmnopqrst=x"})
    void saysWhatIsWrongWithoutQuotingIt(String text) {
        assertThatThrownBy(() -> ProviderSettings.parse(text)).isInstanceOf(Failure.class)
                .satisfies(thrown -> assertThat(thrown.getMessage()).contains("ettings").doesNotContain("hidden"));
    }
}
