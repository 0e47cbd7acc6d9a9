package certservice.challenge;

import certservice.challenge.DnsExchange.Question;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The recursive resolvers through which this service sees DNS as the world does (setting
 * {@code certservice.dns.resolvers}): where a name is delegated, and which servers are authoritative for it. Nothing is
 * kept between the calls. Each step asks for all names at once, so that a hundred names take as long as one.
 */
public final class Resolvers {

    private static final System.Logger LOG = System.getLogger(Resolvers.class.getName());

    /** Resolvers themselves stop at 8 to 16; longer chains than this are mistakes. */
    private static final int MAX_CNAMES = 10;
    private static final List<Duration> ROUNDS = List.of(Duration.ofMillis(1500), Duration.ofSeconds(3));

    private final List<DnsServer> servers;

    private Resolvers(List<DnsServer> servers) {
        this.servers = List.copyOf(servers);
    }

    /**
     * @param servers each as {@link DnsServer#parse} reads it; empty for those of the system
     * @throws IllegalArgumentException naming the text that is not a server, or if the system has no resolvers either
     */
    public static Resolvers of(List<String> servers) {
        List<DnsServer> parsed = servers.stream().map(DnsServer::parse).collect(Collectors.toList());
        if (parsed.isEmpty()) {
            for (InetSocketAddress address : ResolverConfig.getCurrentConfig().servers()) {
                parsed.add(new DnsServer(address.getAddress().getHostAddress(), address.getPort()));
            }
        }
        if (parsed.isEmpty()) {
            throw new IllegalArgumentException("The system has no DNS resolvers; name some: host[:port]");
        }
        return new Resolvers(parsed);
    }

    /**
     * Where a name leads: the end of its CNAME chain, or why there is none.
     *
     * @param target the last name of the chain, the name itself if there is no CNAME; {@code null} if there is a fault
     * @param fault  what is wrong, for people; {@code null} if nothing is
     * @param hint   how to mend it; {@code null} if nothing is wrong
     */
    record Delegation(Name target, String fault, String hint) {
    }

    /** Follows the CNAMEs of all names; every name has a result. */
    Map<Name, Delegation> follow(Collection<Name> names) {
        Map<Name, Delegation> found = new HashMap<>();
        Map<Name, LinkedHashSet<Name>> chains = new LinkedHashMap<>();
        Map<Name, Name> open = new LinkedHashMap<>();
        for (Name name : names) {
            chains.put(name, new LinkedHashSet<>(List.of(name)));
            open.put(name, name);
        }
        while (!open.isEmpty()) {
            Map<Name, Message> answers = ask(open.values(), Type.CNAME);
            for (Map.Entry<Name, Name> entry : List.copyOf(open.entrySet())) {
                Name start = entry.getKey();
                Name end = entry.getValue();
                Message answer = answers.get(end);
                Optional<Name> next = answer == null ? Optional.empty() : cname(answer, end);
                if (answer == null) {
                    found.put(start, new Delegation(null, "No resolver could look up " + text(end),
                            "Check that the domain is delegated to working name servers, and its DNSSEC valid."));
                } else if (next.isEmpty()) {
                    found.put(start, new Delegation(end, null, null));
                } else if (!chains.get(start).add(next.get())) {
                    found.put(start, new Delegation(null, "The CNAME records of " + text(start) + " form a loop: "
                            + chains.get(start).stream().map(Resolvers::text).collect(Collectors.joining(" → "))
                            + " → " + text(next.get()), "Remove the CNAME record that leads back."));
                } else if (chains.get(start).size() - 1 > MAX_CNAMES) {
                    found.put(start, new Delegation(null, "More than " + MAX_CNAMES + " CNAME records follow each"
                            + " other from " + text(start), "Let the first CNAME record lead to the last name."));
                } else {
                    open.put(start, next.get());
                    continue;
                }
                open.remove(start);
            }
        }
        return found;
    }

    private static Optional<Name> cname(Message answer, Name owner) {
        return answer.getSection(Section.ANSWER).stream()
                .filter(record -> record.getType() == Type.CNAME && record.getName().equals(owner))
                .map(record -> ((CNAMERecord) record).getTarget())
                .findFirst();
    }

    /**
     * The authoritative servers of the zones that hold the names.
     *
     * @return for each name its servers' public names with their addresses; a name whose zone or servers could not be
     *         found is missing; a server whose own name does not exist has no addresses
     */
    Map<Name, Map<String, Set<InetAddress>>> authoritative(Collection<Name> names) {
        Map<Name, Name> apexes = apexes(names);
        Map<Name, Message> delegations = ask(apexes.values(), Type.NS);
        Map<Name, Set<Name>> hosts = new HashMap<>();
        delegations.forEach((apex, answer) -> hosts.put(apex, answer.getSection(Section.ANSWER).stream()
                .filter(record -> record.getType() == Type.NS && record.getName().equals(apex))
                .map(record -> ((NSRecord) record).getTarget())
                .collect(Collectors.toCollection(LinkedHashSet::new))));
        Set<Name> all = hosts.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        Map<Name, Message> v4 = ask(all, Type.A);
        Map<Name, Message> v6 = ask(all, Type.AAAA);
        Map<Name, Map<String, Set<InetAddress>>> found = new HashMap<>();
        for (Map.Entry<Name, Name> entry : apexes.entrySet()) {
            Set<Name> ours = hosts.getOrDefault(entry.getValue(), Set.of());
            if (!ours.isEmpty() && ours.stream().allMatch(host -> v4.containsKey(host) && v6.containsKey(host))) {
                Map<String, Set<InetAddress>> servers = new LinkedHashMap<>();
                ours.forEach(host -> servers.put(text(host), addresses(v4.get(host), v6.get(host))));
                found.put(entry.getKey(), servers);
            }
        }
        return found;
    }

    private static Set<InetAddress> addresses(Message... answers) {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (Message answer : answers) {
            for (Record record : answer.getSection(Section.ANSWER)) {
                if (record instanceof ARecord a) {
                    addresses.add(a.getAddress());
                } else if (record instanceof AAAARecord aaaa) {
                    addresses.add(aaaa.getAddress());
                }
            }
        }
        return addresses;
    }

    /** Walks upwards, since some forwarders drop the SOA of a negative answer (RFC 2308 section 3). */
    private Map<Name, Name> apexes(Collection<Name> names) {
        Map<Name, Name> found = new HashMap<>();
        Map<Name, Name> open = new LinkedHashMap<>();
        names.forEach(name -> open.put(name, name));
        while (!open.isEmpty()) {
            Map<Name, Message> answers = ask(open.values(), Type.SOA);
            for (Map.Entry<Name, Name> entry : List.copyOf(open.entrySet())) {
                Name asked = entry.getValue();
                Message answer = answers.get(asked);
                Optional<Name> apex = answer == null ? Optional.empty() : DnsExchange.apex(answer, asked);
                apex.ifPresent(name -> found.put(entry.getKey(), name));
                if (answer == null || apex.isPresent() || asked.labels() <= 2) {
                    open.remove(entry.getKey());
                } else {
                    open.put(entry.getKey(), new Name(asked, 1));
                }
            }
        }
        return found;
    }

    /** Asks the resolvers in turn until one has an answer, and all of them once more; what none answers is missing. */
    private Map<Name, Message> ask(Collection<Name> names, int type) {
        Map<Name, Message> found = new HashMap<>();
        Set<Name> open = new HashSet<>(names);
        for (Duration timeout : ROUNDS) {
            for (InetSocketAddress server : addresses()) {
                List<Question> questions = new ArrayList<>();
                open.forEach(name -> questions.add(new Question(server, name, type, true)));
                DnsExchange.ask(questions, timeout).forEach((question, answer) -> {
                    if (answer.getRcode() == Rcode.NOERROR || answer.getRcode() == Rcode.NXDOMAIN) {
                        found.put(question.name(), answer);
                        open.remove(question.name());
                    }
                });
                if (open.isEmpty()) {
                    return found;
                }
            }
        }
        return found;
    }

    private List<InetSocketAddress> addresses() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (DnsServer server : servers) {
            try {
                addresses.add(server.addresses().get(0));
            } catch (UnknownHostException e) {
                LOG.log(Level.WARNING,
                        "The resolver " + server + " (certservice.dns.resolvers) has no address");
            }
        }
        return addresses;
    }

    /** A name as people write it: without the trailing dot. */
    static String text(Name name) {
        return name.toString(true);
    }
}
