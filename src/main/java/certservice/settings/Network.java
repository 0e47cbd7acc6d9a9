package certservice.settings;

import java.util.Arrays;
import java.util.List;

/**
 * The addresses that share their first bits: CIDR notation, such as {@code 192.0.2.0/24} or {@code 2001:db8::/32}.
 *
 * @param address the first one
 * @param prefix  how many bits they share
 */
public record Network(IpAddress address, int prefix) {

    private static final int MAPPED_BITS = 96;

    public Network {
        if (prefix < 0 || prefix > address.bits()) {
            throw new IllegalArgumentException("a prefix length must be 0 to " + address.bits());
        }
        if (!address.first(prefix).equals(address)) {
            throw new IllegalArgumentException("the network is " + address.first(prefix) + "/" + prefix);
        }
    }

    /**
     * The network in this text; an address alone is the network of that address. IPv4-mapped ones are IPv4.
     *
     * @throws IllegalArgumentException saying what is wrong, also if bits behind the prefix are set
     */
    public static Network parse(String text) {
        String[] parts = text.split("/", -1);
        byte[] bytes = parts.length > 2 ? null : IpAddress.bytesIn(parts[0]).orElse(null);
        if (bytes == null || parts.length == 2 && !parts[1].matches("0|[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("not an address or a network such as 192.0.2.0/24 or 2001:db8::/32");
        }
        IpAddress address = IpAddress.of(bytes);
        int mapped = bytes.length * 8 == address.bits() ? 0 : MAPPED_BITS;
        return new Network(address, parts.length == 2 ? Integer.parseInt(parts[1]) - mapped : address.bits());
    }

    /** The networks in a list, separated by commas or white space. */
    static List<Network> parseList(String text) {
        return Arrays.stream(text.split("[,\\s]+")).filter(part -> !part.isEmpty()).map(Network::parse).toList();
    }

    /** The network of this length around an address. */
    public static Network around(IpAddress address, int prefix) {
        return new Network(address.first(prefix), prefix);
    }

    public boolean contains(IpAddress other) {
        return other.bits() == address.bits() && other.first(prefix).equals(address);
    }

    @Override
    public String toString() {
        return address + "/" + prefix;
    }
}
