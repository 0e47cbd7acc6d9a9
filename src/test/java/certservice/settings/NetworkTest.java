package certservice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
            "192.0.2.0/24, 192.0.2.0, true",
            "192.0.2.0/24, 192.0.2.255, true",
            "192.0.2.0/24, 192.0.3.0, false",
            "192.0.2.0/24, ::ffff:192.0.2.7, true",
            "192.0.2.128/25, 192.0.2.127, false",
            "192.0.2.128/25, 192.0.2.128, true",
            "192.0.2.7, 192.0.2.7, true",
            "192.0.2.7, 192.0.2.6, false",
            "0.0.0.0/0, 203.0.113.9, true",
            "0.0.0.0/0, ::1, false",
            "::/0, ::1, true",
            "::/0, 203.0.113.9, false",
            "2001:db8::/33, 2001:db8:7fff::1, true",
            "2001:db8::/33, 2001:db8:8000::1, false",
            "2001:db8::1, 2001:db8::1, true",
            "2001:db8::1, 2001:db8::2, false",
            "::ffff:10.0.0.0/104, 10.255.255.255, true",
            "::ffff:10.0.0.0/104, 11.0.0.0, false",
    })
    void containsTheAddressesThatShareItsFirstBits(String network, String address, boolean contained) {
        assertThat(Network.parse(network).contains(IpAddress.parse(address).orElseThrow())).isEqualTo(contained);
    }

    @ParameterizedTest
    @CsvSource({
            "10.1.0.0/8, the network is 10.0.0.0/8",
            "2001:db8::1/64, the network is 2001:db8::/64",
            "10.0.0.0/33, a prefix length must be 0 to 32",
            "::/129, a prefix length must be 0 to 128",
            "::ffff:0.0.0.0/90, a prefix length must be 0 to 32",
            "10.0.0.0/, not an address or a network such as 192.0.2.0/24 or 2001:db8::/32",
            "10.0.0.0/08, not an address or a network such as 192.0.2.0/24 or 2001:db8::/32",
            "10.0.0.0/255.0.0.0, not an address or a network such as 192.0.2.0/24 or 2001:db8::/32",
            "10.0.0.0/8/8, not an address or a network such as 192.0.2.0/24 or 2001:db8::/32",
            "localhost, not an address or a network such as 192.0.2.0/24 or 2001:db8::/32",
            "'', not an address or a network such as 192.0.2.0/24 or 2001:db8::/32",
    })
    void rejectsWhatIsNoNetworkSayingWhatIs(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Network.parse(text)).withMessage(message);
    }
}
