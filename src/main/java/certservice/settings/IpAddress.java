package certservice.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address. It is read strictly and without looking any name up: what is not an address in numbers is
 * none. An IPv4 address in IPv6's clothes ({@code ::ffff:192.0.2.1}) is the IPv4 address.
 */
public final class IpAddress {

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int GROUPS = 8;

    /** RFC 4291 section 2.5.5.2. */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private final byte[] bytes;

    private IpAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The address in its network byte order; 16 bytes may be an IPv4-mapped one. */
    static IpAddress of(byte[] bytes) {
        boolean mapped = bytes.length == IPV6_BYTES
                && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        return new IpAddress(mapped ? Arrays.copyOfRange(bytes, MAPPED.length, IPV6_BYTES) : bytes.clone());
    }

    /**
     * The address in this text: four decimal numbers without leading zeros, or RFC 4291 section 2.2. No zone, no port,
     * no brackets, no white space.
     */
    public static Optional<IpAddress> parse(String text) {
        return bytesIn(text).map(IpAddress::of);
    }

    /** As written, so 16 bytes also for an IPv4-mapped address. */
    static Optional<byte[]> bytesIn(String text) {
        return text.indexOf(':') < 0 ? ipv4(text) : ipv6(text);
    }

    private static Optional<byte[]> ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != IPV4_BYTES) {
            return Optional.empty();
        }
        byte[] bytes = new byte[IPV4_BYTES];
        for (int i = 0; i < IPV4_BYTES; i++) {
            if (!parts[i].matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(parts[i]) > 255) {
                return Optional.empty();
            }
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return Optional.of(bytes);
    }

    private static Optional<byte[]> ipv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text).filter(groups -> groups.size() == GROUPS).map(IpAddress::bytes);
        }
        String before = text.substring(0, gap);
        String after = text.substring(gap + 2);
        if (before.indexOf('.') >= 0) {
            return Optional.empty();
        }
        return groups(before).flatMap(front -> groups(after).filter(back -> front.size() + back.size() < GROUPS)
                .map(back -> {
                    List<Integer> all = new ArrayList<>(front);
                    while (all.size() + back.size() < GROUPS) {
                        all.add(0);
                    }
                    all.addAll(back);
                    return bytes(all);
                }));
    }

    /** Groups of 16 bits, the last two of which may be written as an IPv4 address. */
    private static Optional<List<Integer>> groups(String text) {
        List<Integer> groups = new ArrayList<>();
        if (text.isEmpty()) {
            return Optional.of(groups);
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
                Optional<byte[]> last = ipv4(parts[i]);
                if (last.isEmpty()) {
                    return Optional.empty();
                }
                byte[] four = last.get();
                groups.add((four[0] & 0xff) << 8 | four[1] & 0xff);
                groups.add((four[2] & 0xff) << 8 | four[3] & 0xff);
            } else if (parts[i].matches("[0-9a-fA-F]{1,4}")) {
                groups.add(Integer.parseInt(parts[i], 16));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(groups);
    }

    private static byte[] bytes(List<Integer> groups) {
        byte[] bytes = new byte[IPV6_BYTES];
        for (int i = 0; i < GROUPS; i++) {
            bytes[2 * i] = (byte) (groups.get(i) >> 8);
            bytes[2 * i + 1] = (byte) (int) groups.get(i);
        }
        return bytes;
    }

    public boolean isIpv4() {
        return bytes.length == IPV4_BYTES;
    }

    int bits() {
        return bytes.length * 8;
    }

    /** The same address with zeros behind the first bits. */
    IpAddress first(int bits) {
        byte[] masked = bytes.clone();
        for (int number = bits; number < bits(); number++) {
            masked[number / 8] &= (byte) ~(0x80 >> number % 8);
        }
        return new IpAddress(masked);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The one canonical form: RFC 5952 for IPv6. */
    @Override
    public String toString() {
        if (isIpv4()) {
            return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
        }
        int longest = 0;
        int start = -1;
        for (int i = 0; i < GROUPS; i++) {
            int length = zerosFrom(i);
            if (length > longest && length > 1) {
                longest = length;
                start = i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += longest - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(group(i)));
            }
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }

    private int zerosFrom(int group) {
        int end = group;
        while (end < GROUPS && group(end) == 0) {
            end++;
        }
        return end - group;
    }

    private int group(int number) {
        return (bytes[2 * number] & 0xff) << 8 | bytes[2 * number + 1] & 0xff;
    }
}
