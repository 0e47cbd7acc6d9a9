package certservice.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsServerTest {

    @ParameterizedTest
    @CsvSource({
        "ns1.example.com,        ns1.example.com, 53,    ns1.example.com:53",
        "ns1.example.com:5353,   ns1.example.com, 5353,  ns1.example.com:5353",
        "192.0.2.1,              192.0.2.1,       53,    192.0.2.1:53",
        "192.0.2.1:65535,        192.0.2.1,       65535, 192.0.2.1:65535",
        "2001:db8::1,            2001:db8::1,     53,    [2001:db8::1]:53",
        "[2001:db8::1],          2001:db8::1,     53,    [2001:db8::1]:53",
        "[2001:db8::1]:5353,     2001:db8::1,     5353,  [2001:db8::1]:5353",
    })
    void readsEveryForm(String text, String host, int port, String written) {
        assertThat(DnsServer.parse(text)).isEqualTo(new DnsServer(host, port)).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "ns1:0", "ns1:65536", "ns1:port", "ns1:", "a b", "[::1", "http://ns1", "[ns1]:53"})
    void rejectsWhatIsNoServerNamingIt(String text) {
        assertThatThrownBy(() -> DnsServer.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'").hasMessageContaining("host:port");
    }
}
