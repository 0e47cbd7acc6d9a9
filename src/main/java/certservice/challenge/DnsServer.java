package certservice.challenge;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a DNS server listens, as an administrator writes it.
 *
 * @param host a name or an IP address, IPv6 without brackets
 * @param port 1 to 65535
 */
public record DnsServer(String host, int port) {

    public static final int DEFAULT_PORT = 53;

    private static final Pattern NAME_OR_IPV4 = Pattern.compile("([A-Za-z0-9_.-]{1,253})(?::([0-9]{1,5}))?");
    private static final Pattern BRACKETED_IPV6 =
            Pattern.compile("\\[([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)](?::([0-9]{1,5}))?");
    private static final Pattern BARE_IPV6 = Pattern.compile("([0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)()?");

    /**
     * Reads {@code host}, {@code host:port}, {@code [IPv6]:port} or a bare IPv6 address; the port is 53 unless said.
     *
     * @throws IllegalArgumentException naming the text and what is allowed
     */
    public static DnsServer parse(String text) {
        for (Pattern form : List.of(NAME_OR_IPV4, BRACKETED_IPV6, BARE_IPV6)) {
            Matcher matcher = form.matcher(text.strip());
            if (matcher.matches()) {
                String number = matcher.group(2);
                int port = number == null || number.isEmpty() ? DEFAULT_PORT : Integer.parseInt(number);
                if (port >= 1 && port <= 65535) {
                    return new DnsServer(matcher.group(1), port);
                }
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not a DNS server: allowed are host, host:port and"
                + " [IPv6 address]:port, with a port from 1 to 65535");
    }

    /** Every address of the host as the system resolves it; asked anew at each call, within the JVM's own cache. */
    public List<InetSocketAddress> addresses() throws UnknownHostException {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (InetAddress address : InetAddress.getAllByName(host)) {
            addresses.add(new InetSocketAddress(address, port));
        }
        return addresses;
    }

    /** As it is written in the settings, always with its port. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
