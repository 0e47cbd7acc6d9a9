package certservice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
            "192.0.2.1, 192.0.2.1",
            "0.0.0.0, 0.0.0.0",
            "255.255.255.255, 255.255.255.255",
            "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
            "2001:db8::1, 2001:db8::1",
            "::, ::",
            "::1, ::1",
            "1::, 1::",
            "2001:db8:0:1:0:0:0:1, 2001:db8:0:1::1",
            "2001:0:0:1:0:0:1:1, 2001::1:0:0:1:1",
            "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
            "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
            "::ffff:192.0.2.1, 192.0.2.1",
            "::FFFF:C000:0201, 192.0.2.1",
            "0:0:0:0:0:ffff:192.0.2.1, 192.0.2.1",
            "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
            "::192.0.2.1, ::c000:201",
    })
    void readsAnAddressAndWritesItInItsCanonicalForm(String text, String canonical) {
        assertThat(IpAddress.parse(text).map(IpAddress::toString)).contains(canonical);
        assertThat(IpAddress.parse(canonical)).isEqualTo(IpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "localhost", "example.com", "192.0.2", "192.0.2.1.1", "192.0.2.256", "192.0.2.01",
            "192.0.2.-1", "192.0.2.+1", "192.0.2.1 ", " 192.0.2.1", "192.0.2.", "3221225985", "0xc0.0.2.1",
            "192.0.2.1:80", "[::1]", "fe80::1%eth0", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
            "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1::2::3", "12345::", "::g", "1:", ":1", "::ffff:192.0.2.256",
            "192.0.2.1::", "::192.0.2.1:1", "::192.0.2", "1:2:3:4:5:6:7:192.0.2.1", "\u0661.1.1.1", "::\u0661"})
    void isNoneIfTheTextIsNotExactlyAnAddress(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }
}
