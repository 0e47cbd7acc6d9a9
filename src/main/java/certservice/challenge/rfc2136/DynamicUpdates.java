package certservice.challenge.rfc2136;

import certservice.challenge.DnsExchange;
import certservice.challenge.DnsExchange.Question;
import certservice.challenge.DnsServer;
import certservice.challenge.RecordEditor;
import certservice.challenge.Refusal;
import certservice.challenge.TxtRecord;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/**
 * Edits zones by dynamic update (RFC 2136) signed with TSIG (RFC 8945), over TCP. All values of one zone travel in one
 * message, which the server applies wholly or not at all; all messages of one call share a connection. A message that
 * the server refuses by its policy is halved and sent again, down to single names, so that one forbidden name neither
 * hides which one it is nor keeps the others from being changed.
 */
final class DynamicUpdates implements RecordEditor {

    private static final System.Logger LOG = System.getLogger(DynamicUpdates.class.getName());
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    /** A message holds at most 65535 octets (RFC 1035 section 4.2.2); the rest is for header, zone and signature. */
    private static final int MAX_RECORD_BYTES = 60_000;
    /** Type, class, TTL and length of a record, the TXT string's length octet, the name's root and first length. */
    private static final int RECORD_OVERHEAD = 13;

    private final Rfc2136Settings settings;

    DynamicUpdates(Rfc2136Settings settings) {
        this.settings = settings;
    }

    private enum Change { ADD, REMOVE }

    /** What one message changes: whole names of one zone. */
    private record Batch(Name zone, Map<Name, List<TxtRecord>> names) {

        List<TxtRecord> records() {
            return names.values().stream().flatMap(List::stream).toList();
        }
    }

    @Override
    public List<Refusal> add(Collection<TxtRecord> records) {
        return change(Change.ADD, records);
    }

    @Override
    public List<Refusal> remove(Collection<TxtRecord> records) {
        return change(Change.REMOVE, records);
    }

    @Override
    public List<DnsServer> nameservers() {
        return settings.nameservers();
    }

    private List<Refusal> change(Change change, Collection<TxtRecord> records) {
        InetSocketAddress server;
        try {
            server = settings.server().addresses().get(0);
        } catch (UnknownHostException e) {
            LOG.log(Level.WARNING, "The update server " + settings.server() + " has no address");
            return records.stream().map(record -> new Refusal(record, "The DNS server's name has no address",
                    "Check the provider's setting 'server'.")).toList();
        }
        Map<Name, List<TxtRecord>> names = new LinkedHashMap<>();
        records.forEach(record -> names.computeIfAbsent(Name.fromConstantString(record.name() + "."),
                name -> new ArrayList<>()).add(record));
        List<Refusal> refusals = new ArrayList<>();
        List<Batch> open = batches(zones(server, names, refusals), names);
        while (!open.isEmpty()) {
            List<Message> updates = open.stream().map(batch -> update(change, batch)).toList();
            List<Message> answers = DnsExchange.overTcp(server, updates, settings.key(), TIMEOUT);
            List<Batch> again = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                Batch batch = open.get(i);
                Optional<Refused> refused = Refused.by(answers.get(i), text(batch.zone()));
                if (refused.isPresent() && refused.get().byPolicy() && batch.names().size() > 1) {
                    again.addAll(halves(batch));
                } else {
                    refused.ifPresent(why -> refuse(why, batch.records(), refusals));
                }
            }
            open = again;
        }
        return refusals;
    }

    private void refuse(Refused why, List<TxtRecord> records, List<Refusal> refusals) {
        LOG.log(Level.WARNING, () -> settings.server() + " with key " + settings.keyName() + ", "
                + records.stream().map(TxtRecord::name).distinct().toList() + ": " + why.detail());
        records.forEach(record -> refusals.add(new Refusal(record, why.detail(), why.hint())));
    }

    /** The zone of each name, by the setting or by SOA questions; names without one are refused. */
    private Map<Name, Name> zones(InetSocketAddress server, Map<Name, List<TxtRecord>> names, List<Refusal> refusals) {
        Map<Name, Name> zones = new LinkedHashMap<>();
        if (settings.zone() != null) {
            names.forEach((name, records) -> {
                if (name.subdomain(settings.zone())) {
                    zones.put(name, settings.zone());
                } else {
                    refuse(Refused.outside(text(name), text(settings.zone())), records, refusals);
                }
            });
            return zones;
        }
        List<Name> asked = List.copyOf(names.keySet());
        List<Message> answers = DnsExchange.overTcp(server, asked.stream()
                .map(name -> new Question(server, name, Type.SOA, false).message()).toList(), settings.key(), TIMEOUT);
        for (int i = 0; i < answers.size(); i++) {
            Name name = asked.get(i);
            Message answer = answers.get(i);
            Optional<Name> apex = answer == null || !answer.getHeader().getFlag(Flags.AA)
                    ? Optional.empty() : DnsExchange.apex(answer, name);
            Optional<Refused> untrusted = Refused.bySignature(answer);
            if (untrusted.isPresent()) {
                refuse(untrusted.get(), names.get(name), refusals);
            } else if (apex.isPresent()) {
                zones.put(name, apex.get());
            } else {
                refuse(Refused.noZone(text(name)), names.get(name), refusals);
            }
        }
        return zones;
    }

    private static List<Batch> batches(Map<Name, Name> zones, Map<Name, List<TxtRecord>> names) {
        Map<Name, Batch> open = new HashMap<>();
        Map<Name, Integer> sizes = new HashMap<>();
        List<Batch> all = new ArrayList<>();
        zones.forEach((name, zone) -> {
            int size = names.get(name).stream()
                    .mapToInt(record -> record.name().length() + record.value().length() + RECORD_OVERHEAD).sum();
            if (!open.containsKey(zone) || sizes.get(zone) + size > MAX_RECORD_BYTES) {
                open.put(zone, new Batch(zone, new LinkedHashMap<>()));
                sizes.put(zone, 0);
                all.add(open.get(zone));
            }
            open.get(zone).names().put(name, names.get(name));
            sizes.merge(zone, size, Integer::sum);
        });
        return all;
    }

    private static List<Batch> halves(Batch batch) {
        List<Batch> halves = List.of(new Batch(batch.zone(), new LinkedHashMap<>()),
                new Batch(batch.zone(), new LinkedHashMap<>()));
        batch.names().forEach((name, records) -> {
            int half = halves.get(0).names().size() < batch.names().size() / 2 ? 0 : 1;
            halves.get(half).names().put(name, records);
        });
        return halves;
    }

    /** RFC 2136 section 2.5.1 (add to an RRset) and 2.5.4 (delete an RR from an RRset). */
    private Message update(Change change, Batch batch) {
        Update update = new Update(batch.zone());
        batch.names().forEach((name, records) -> {
            for (TxtRecord record : records) {
                TXTRecord txt = new TXTRecord(name, DClass.IN, settings.ttl(), record.value());
                if (change == Change.ADD) {
                    update.add(txt);
                } else {
                    update.delete(txt);
                }
            }
        });
        return update;
    }

    private static String text(Name name) {
        return name.toString(true);
    }
}
