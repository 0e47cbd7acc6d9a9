package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/**
 * A real BIND: authoritative for the zones it is given, recursive so that it follows CNAMEs from one into another,
 * and without a way to the rest of the world (its root zone is empty). The service updates TXT records with one TSIG
 * key (RFC 2136, RFC 8945); tests change any record with another.
 */
public final class Bind implements AutoCloseable {

    private static final String SERVICE_KEY = "acme-key";
    private static final String TEST_KEY = "test-key";
    private static final List<Path> USUAL_PLACES = List.of(
            Path.of("/usr/sbin/named"), Path.of("/usr/local/sbin/named"));
    private static final String EMPTY_ZONE = """
            $TTL 1
            @ SOA localhost. nobody.localhost. 1 3600 600 86400 1
            @ NS localhost.
            """;

    private final int port = Ports.free();
    private final String serviceSecret = secret();
    private final String testSecret = secret();
    private final Path directory;
    private final List<Zone> zones;
    private ManagedProcess process;

    /**
     * A zone.
     *
     * @param name    its apex, without a dot at the end
     * @param records lines of a zone file (RFC 1035 section 5), without SOA, NS and TTL; {@code null} for a zone that
     *                can't be loaded, so that every query into it is answered with SERVFAIL
     */
    public record Zone(String name, String records) {

        /** The apex and every name below it have the address 127.0.0.1. */
        public static Zone allLocal(String name) {
            return new Zone(name, "@ A 127.0.0.1\n* A 127.0.0.1\n");
        }

        /** Every query is answered with SERVFAIL. */
        public static Zone failing(String name) {
            return new Zone(name, null);
        }

        /** This zone with more lines. */
        public Zone and(String... lines) {
            return new Zone(name, records + String.join("\n", lines) + "\n");
        }

        String fileContent() {
            return EMPTY_ZONE + records;
        }
    }

    public Bind(Path directory, Zone... zones) {
        this.directory = directory;
        this.zones = List.of(zones);
    }

    /** Whether BIND's {@code named} is installed. */
    public static boolean available() {
        return named().isPresent();
    }

    /** Returns when the zones are served. */
    public Bind start() {
        try {
            Path binary = directory.resolve("named");
            // AppArmor confines /usr/sbin/named, by its path, to /etc/bind and /var; a copy may run in our directory.
            Files.copy(named().orElseThrow(() -> new IllegalStateException("BIND's named is not installed")), binary);
            Files.writeString(directory.resolve("named.conf"), configuration());
            Files.writeString(directory.resolve("root.zone"), EMPTY_ZONE);
            for (Zone zone : zones) {
                if (zone.records() != null) {
                    Files.writeString(directory.resolve(zone.name() + ".zone"), zone.fileContent());
                }
            }
            process = ManagedProcess.start("bind", directory, Map.of(),
                    List.of(binary.toString(), "-g", "-c", directory.resolve("named.conf").toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process.awaitReady(this::answers, Duration.ofSeconds(30));
        return this;
    }

    /** {@code host:port}, for UDP and TCP. */
    public String dnsAddress() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** The name of the service's TSIG key, HMAC-SHA256. It may change TXT records in every zone, and nothing else. */
    public String keyName() {
        return SERVICE_KEY;
    }

    /** The service's TSIG key, Base64. */
    public String keySecret() {
        return serviceSecret;
    }

    /** The settings of a DNS provider of type {@code rfc2136} in the import file that leads here. */
    public Map<String, ?> providerSettings() {
        // the zones' NS records lead to port 53, where nobody is
        return Map.of("server", dnsAddress(), "keyName", SERVICE_KEY, "keyAlgorithm", "hmac-sha256",
                "keySecret", serviceSecret, "nameservers", List.of(dnsAddress()));
    }

    /**
     * Replaces all records of this name and type.
     *
     * @param zone the apex of the zone that holds the name
     * @param data each in the form of a zone file; none deletes what is there
     */
    public void set(String zone, String name, String type, String... data) {
        try {
            Update update = new Update(absolute(zone));
            update.delete(absolute(name), Type.value(type));
            for (String value : data) {
                update.add(absolute(name), Type.value(type), 1, value);
            }
            SimpleResolver resolver = DnsQuery.resolver(port);
            resolver.setTSIGKey(
                    new TSIG(TSIG.HMAC_SHA256, absolute(TEST_KEY), Base64.getDecoder().decode(testSecret)));
            int code = resolver.send(update).getRcode();
            if (code != Rcode.NOERROR) {
                throw new IllegalStateException("BIND refused the change of " + name + ": " + Rcode.string(code));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What BIND answers: each record's data as in a zone file (TXT unquoted); empty if there is no such record. */
    public List<String> lookUp(String name, String type) {
        try {
            return DnsQuery.send(port, name, type).getSection(Section.ANSWER).stream()
                    .filter(record -> record.getType() == Type.value(type))
                    .map(Record::rdataToString).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all records of this type in all zones, by zone transfer, so that none can hide. */
    public List<String> everyName(String type) {
        List<String> names = new ArrayList<>();
        for (Zone zone : zones) {
            if (zone.records() != null) {
                names.addAll(transfer(zone).stream().filter(record -> record.getType() == Type.value(type))
                        .map(record -> record.getName().toString(true)).toList());
            }
        }
        return names;
    }

    public Path log() {
        return process.log();
    }

    @Override
    public void close() {
        if (process != null) {
            process.stop();
        }
    }

    private String configuration() {
        StringBuilder text = new StringBuilder("""
                options {
                    directory "%1$s";
                    listen-on port %2$d { 127.0.0.1; };
                    listen-on-v6 { none; };
                    allow-query { 127.0.0.1; };
                    allow-recursion { 127.0.0.1; };
                    allow-transfer { 127.0.0.1; };
                    recursion yes;
                    dnssec-validation no;
                    empty-zones-enable no;
                    pid-file none;
                    session-keyfile none;
                };
                controls { };
                key "%3$s" { algorithm hmac-sha256; secret "%4$s"; };
                key "%5$s" { algorithm hmac-sha256; secret "%6$s"; };
                zone "." { type primary; file "root.zone"; };
                """.formatted(directory, port, SERVICE_KEY, serviceSecret, TEST_KEY, testSecret));
        for (Zone zone : zones) {
            text.append("""
                    zone "%1$s" {
                        type primary;
                        file "%1$s.zone";
                        update-policy { grant %2$s wildcard *.%1$s. TXT; grant %3$s zonesub ANY; };
                    };
                    """.formatted(zone.name(), SERVICE_KEY, TEST_KEY));
        }
        return text.toString();
    }

    private boolean answers() {
        try {
            for (Zone zone : zones) {
                int code = DnsQuery.send(port, zone.name(), "SOA").getRcode();
                if (code != (zone.records() == null ? Rcode.SERVFAIL : Rcode.NOERROR)) {
                    return false;
                }
            }
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private List<Record> transfer(Zone zone) {
        try {
            ZoneTransferIn transfer = ZoneTransferIn.newAXFR(absolute(zone.name()), "127.0.0.1", port, null);
            transfer.run();
            return transfer.getAXFR();
        } catch (IOException | ZoneTransferException e) {
            throw new IllegalStateException("BIND does not hand out the zone " + zone.name(), e);
        }
    }

    private static Name absolute(String name) throws TextParseException {
        return Name.fromString(name, Name.root);
    }

    private static Optional<Path> named() {
        return Stream.concat(PebbleBinaries.inPath("named").stream(),
                USUAL_PLACES.stream().filter(Files::isExecutable)).findFirst();
    }

    private static String secret() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
