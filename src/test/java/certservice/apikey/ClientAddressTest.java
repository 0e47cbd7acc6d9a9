package certservice.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.settings.Network;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

    private static final List<Network> PROXIES = Stream.of("10.0.0.0/8", "fd00::/8").map(Network::parse).toList();

    /** Headers are separated by semicolons. */
    @ParameterizedTest
    @CsvSource(nullValues = "null", value = {
            "203.0.113.1, null, 203.0.113.1",
            "203.0.113.1, 192.0.2.1, 203.0.113.1",
            "10.0.0.1, null, 10.0.0.1",
            "10.0.0.1, 192.0.2.1, 192.0.2.1",
            "fd00::1, 2001:DB8::1, 2001:db8::1",
            "::ffff:10.0.0.1, 192.0.2.1, 192.0.2.1",
            "'10.0.0.1', '198.51.100.9, 192.0.2.1', 192.0.2.1",
            "'10.0.0.1', '198.51.100.9, 192.0.2.1, 10.0.0.2', 192.0.2.1",
            "'10.0.0.1', '198.51.100.9;192.0.2.1, 10.0.0.2', 192.0.2.1",
            "'10.0.0.1', '198.51.100.9, 192.0.2.1;10.0.0.2', 192.0.2.1",
            "'10.0.0.1', '10.0.0.3, 10.0.0.2', 10.0.0.3",
            "'10.0.0.1', '192.0.2.1:4711', 192.0.2.1",
            "'10.0.0.1', '[2001:db8::1]:443', 2001:db8::1",
            "'10.0.0.1', '[2001:db8::1]', 2001:db8::1",
            "'10.0.0.1', '2001:db8::1', 2001:db8::1",
            "'10.0.0.1', ' 192.0.2.1 ', 192.0.2.1",
            "'10.0.0.1', '::ffff:192.0.2.1', 192.0.2.1",
            "'10.0.0.1', 'unknown', 10.0.0.1",
            "'10.0.0.1', '_hidden', 10.0.0.1",
            "'10.0.0.1', 'host.example.com', 10.0.0.1",
            "'10.0.0.1', '192.0.2.1, ', 10.0.0.1",
            "'10.0.0.1', '', 10.0.0.1",
            "'10.0.0.1', '192.0.2.1, unknown, 10.0.0.2', 10.0.0.2",
            "'10.0.0.1', '\"[2001:db8::1]\"', 10.0.0.1",
            "'fe80:0:0:0:0:0:0:1%eth0', 192.0.2.1, fe80::1",
            "0:0:0:0:0:0:0:1, null, ::1",
            "'', 192.0.2.1, unknown",
            "null, 192.0.2.1, unknown",
            "/tmp/socket, 192.0.2.1, unknown",
    })
    void believesOurOwnProxiesOnly(String remote, String forwarded, String address) {
        assertThat(ClientAddress.of(remote, forwarded == null ? List.of() : Arrays.asList(forwarded.split(";", -1)),
                PROXIES)).isEqualTo(address);
    }

    @Test
    void believesNobodyWithoutProxies() {
        assertThat(ClientAddress.of("10.0.0.1", List.of("192.0.2.1"), List.of())).isEqualTo("10.0.0.1");
    }
}
