package certservice.apikey;

import certservice.settings.IpAddress;
import certservice.settings.Network;
import certservice.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request comes from. Whoever connects can write any {@code X-Forwarded-For}, so it is believed only as far as
 * the proxies that the setting {@code certservice.proxies} names have written it: from the right, hop by hop, until an
 * address is none of theirs. What can't be read ends the way at the last address that could be trusted.
 */
@ApplicationScoped
public class ClientAddress {

    static final String UNKNOWN = "unknown";

    /** {@code 192.0.2.1:80}, {@code [2001:db8::1]} and {@code [2001:db8::1]:80}: some proxies add the port. */
    private static final Pattern IPV4_AND_PORT = Pattern.compile("([0-9.]+):[0-9]{1,5}");
    private static final Pattern BRACKETS = Pattern.compile("\\[([^\\[\\]]+)](:[0-9]{1,5})?");

    @Inject
    Settings settings;

    /** The address in its canonical form, or {@code unknown}. On the request's own thread. */
    public String of(HttpServletRequest request) {
        List<Network> proxies = settings.access().proxies();
        return of(request.getRemoteAddr(), proxies.isEmpty() ? List.of()
                : Collections.list(request.getHeaders("X-Forwarded-For")), proxies);
    }

    /** @param forwarded each header's value, in the order in which they came; together they are one list */
    static String of(String remote, List<String> forwarded, List<Network> proxies) {
        Optional<IpAddress> address = parse(remote == null ? "" : remote);
        List<String> hops = new ArrayList<>(forwarded.stream()
                .flatMap(header -> Arrays.stream(header.split(",", -1))).map(String::strip).toList());
        while (!hops.isEmpty() && address.filter(hop -> isIn(proxies, hop)).isPresent()) {
            Optional<IpAddress> before = parse(hops.remove(hops.size() - 1));
            if (before.isEmpty()) {
                break;
            }
            address = before;
        }
        return address.map(IpAddress::toString).orElse(UNKNOWN);
    }

    private static boolean isIn(List<Network> networks, IpAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    /** Servers add the zone to a link-local address ({@code fe80::1%eth0}); it means something on this host alone. */
    private static Optional<IpAddress> parse(String text) {
        Matcher brackets = BRACKETS.matcher(text);
        Matcher port = IPV4_AND_PORT.matcher(text);
        String address = brackets.matches() ? brackets.group(1) : port.matches() ? port.group(1) : text;
        int zone = address.indexOf('%');
        return IpAddress.parse(zone > 0 ? address.substring(0, zone) : address);
    }
}
