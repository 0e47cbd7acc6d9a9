package certservice.challenge;

import certservice.challenge.DnsExchange.Question;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Looks whether every authoritative server shows every value. An object belongs to one wait of one order; each
 * {@link #look} is one round of questions, and asks only what the rounds before have not seen yet.
 *
 * <p>Cost: the first round asks each resolver question of {@link Resolvers#authoritative} once a name or server, then
 * names × server addresses questions, a hundred at a time. Each server address is first asked one question, so that
 * a dead one costs a round one timeout, not one for every name.
 */
final class Propagation {

    private static final System.Logger LOG = System.getLogger(Propagation.class.getName());
    private static final Duration TIMEOUT = Duration.ofMillis(1500);
    private static final String NO_ANSWER = "no answer";
    private static final String VALUE_MISSING = "value missing";

    /**
     * What has to be seen.
     *
     * @param name    the record's name, at the end of its CNAME chain
     * @param values  all values that it must have; it may have others
     * @param servers where to look; empty for the servers of the zone's NS records
     */
    record Expected(Name name, Set<String> values, List<DnsServer> servers) {
    }

    private record Check(Expected expected, String server, InetSocketAddress address) {
    }

    private final Resolvers resolvers;
    private final int port;
    private final Set<Expected> unlocated;
    private final Map<Check, String> unseen = new LinkedHashMap<>();

    /** @param port where the servers of NS records listen: 53, but for tests */
    Propagation(Resolvers resolvers, int port, Collection<Expected> expected) {
        this.resolvers = resolvers;
        this.port = port;
        this.unlocated = new HashSet<>(expected);
    }

    /** One round. Returns whether everything has been seen. An interrupt ends it early, leaving the flag set. */
    boolean look() {
        locate();
        Map<InetSocketAddress, List<Check>> byAddress = unseen.keySet().stream()
                .collect(Collectors.groupingBy(Check::address, LinkedHashMap::new, Collectors.toList()));
        Map<Question, Message> answers = new HashMap<>(DnsExchange.ask(byAddress.values().stream()
                .map(checks -> question(checks.get(0))).toList(), TIMEOUT));
        List<Check> toAlive = byAddress.values().stream()
                .filter(checks -> answers.containsKey(question(checks.get(0))))
                .flatMap(checks -> checks.stream().skip(1)).toList();
        answers.putAll(DnsExchange.ask(toAlive.stream().map(Propagation::question).toList(), TIMEOUT));
        for (Check check : List.copyOf(unseen.keySet())) {
            String lack = lack(check, answers.get(question(check)));
            if (lack == null) {
                unseen.remove(check);
            } else {
                unseen.put(check, lack);
            }
        }
        return unlocated.isEmpty() && unseen.isEmpty();
    }

    /** What each server lacked in the last round, for the names that are not complete yet. */
    Map<Name, String> lacks() {
        Map<Name, String> lacks = new HashMap<>();
        for (Expected expected : unlocated) {
            lacks.put(expected.name(), "its authoritative name servers could not be found");
        }
        unseen.forEach((check, lack) -> lacks.merge(check.expected().name(), check.server() + ": " + lack,
                (one, other) -> one.contains(other) ? one : one + ", " + other));
        return lacks;
    }

    private static Question question(Check check) {
        return new Question(check.address(), check.expected().name(), Type.TXT, false);
    }

    private static String lack(Check check, Message answer) {
        if (answer == null) {
            return NO_ANSWER;
        }
        if (answer.getRcode() != Rcode.NOERROR && answer.getRcode() != Rcode.NXDOMAIN) {
            return "answers " + Rcode.string(answer.getRcode());
        }
        if (!answer.getHeader().getFlag(Flags.AA)) {
            return "not authoritative";
        }
        Set<String> shown = answer.getSection(Section.ANSWER).stream()
                .filter(record -> record instanceof TXTRecord && record.getName().equals(check.expected().name()))
                .map(record -> String.join("", ((TXTRecord) record).getStrings()))
                .collect(Collectors.toSet());
        return shown.containsAll(check.expected().values()) ? null : VALUE_MISSING;
    }

    private void locate() {
        List<Expected> byNsRecords = new ArrayList<>();
        for (Expected expected : List.copyOf(unlocated)) {
            if (expected.servers().isEmpty()) {
                byNsRecords.add(expected);
            } else {
                locateConfigured(expected);
            }
        }
        Map<Name, Map<String, Set<InetAddress>>> found =
                resolvers.authoritative(byNsRecords.stream().map(Expected::name).toList());
        for (Expected expected : byNsRecords) {
            Map<String, Set<InetAddress>> servers = found.getOrDefault(expected.name(), Map.of());
            List<Check> checks = new ArrayList<>();
            servers.forEach((server, addresses) -> checks.addAll(checks(expected, server, addresses)));
            if (!checks.isEmpty()) {
                checks.forEach(check -> unseen.put(check, NO_ANSWER));
                unlocated.remove(expected);
            }
        }
    }

    /** Configured servers may be internal: they are called by their number. */
    private void locateConfigured(Expected expected) {
        List<Check> checks = new ArrayList<>();
        for (int i = 0; i < expected.servers().size(); i++) {
            String server = "configured name server " + (i + 1);
            try {
                for (InetSocketAddress address : expected.servers().get(i).addresses()) {
                    checks.add(new Check(expected, server, address));
                }
            } catch (UnknownHostException e) {
                LOG.log(Level.WARNING, "The name server " + expected.servers().get(i) + " has no address");
                return;
            }
        }
        checks.forEach(check -> unseen.put(check, NO_ANSWER));
        unlocated.remove(expected);
    }

    /**
     * The checks for every address that can be reached from here. A host without IPv6 can't ask an IPv6 address, and
     * must not fail for it; nobody can ask a server whose name has no address.
     */
    private List<Check> checks(Expected expected, String server, Set<InetAddress> addresses) {
        List<Check> checks = new ArrayList<>();
        for (InetAddress address : addresses) {
            InetSocketAddress socketAddress = new InetSocketAddress(address, port);
            if (hasRoute(socketAddress)) {
                checks.add(new Check(expected, server, socketAddress));
            }
        }
        if (checks.isEmpty()) {
            LOG.log(Level.WARNING, "Name server " + server + " of " + Resolvers.text(expected.name())
                    + " is not waited for: it has no address, or none that can be reached from here");
        }
        return checks;
    }

    /** Connecting a UDP socket sends nothing, and fails where the system has no route. */
    private static boolean hasRoute(InetSocketAddress address) {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.connect(address);
            return true;
        } catch (IOException noRoute) {
            return false;
        }
    }
}
