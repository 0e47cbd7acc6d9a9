package certservice.challenge;

import certservice.challenge.DnsExchange.Question;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * A BIND process on a loopback address with the zones that the test gives it; everything it writes is in one folder.
 * BIND listens only on addresses that an interface has, so 127.0.0.2 won't do: a second server is on ::1.
 */
public final class Named implements AutoCloseable {

    public static final String KEY = "acme-key";
    public static final String SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ=";

    private final Process process;
    private final InetSocketAddress address;
    private final Path directory;

    private Named(Process process, InetSocketAddress address, Path directory) {
        this.process = process;
        this.address = address;
        this.directory = directory;
    }

    public static boolean installed() {
        return executable() != null;
    }

    private static Path executable() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "named")).filter(Files::isExecutable).findFirst().orElse(null);
    }

    /** Whether this host has the loopback address; containers often have no ::1. */
    public static boolean canListenOn(String address) {
        return isFree(address, 0);
    }

    /** A port that is free for UDP and TCP on all the addresses. */
    public static int freePort(String... addresses) throws IOException {
        for (int attempt = 0; attempt < 50; attempt++) {
            int port;
            try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByName(addresses[0]))) {
                port = any.getLocalPort();
            }
            if (Stream.of(addresses).allMatch(address -> isFree(address, port))) {
                return port;
            }
        }
        throw new IOException("No port is free on all of " + List.of(addresses));
    }

    private static boolean isFree(String address, int port) {
        try (ServerSocket tcp = new ServerSocket(port, 1, InetAddress.getByName(address));
                DatagramSocket udp = new DatagramSocket(port, InetAddress.getByName(address))) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /** A zone with SOA, NS records ns1 (127.0.0.1) and, if told, ns2 (::1), and more records. */
    public static void zoneFile(Path directory, String zone, int refresh, boolean second, String records)
            throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(zone + ".zone"), "$TTL 1\n"
                + "@ SOA ns1 admin 1 " + refresh + " " + refresh + " 86400 1\n@ NS ns1\nns1 A 127.0.0.1\n"
                + (second ? "@ NS ns2\nns2 AAAA ::1\n" : "") + records);
    }

    /** Starts a server and waits until it is authoritative for the zones. */
    public static Named start(Path directory, String ip, int port, String zoneStatements, String... zones)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("root.zone"),
                "$TTL 1\n. SOA ns. admin. 1 3600 3600 86400 1\n. NS ns.\nns. A 127.0.0.1\n");
        Files.writeString(directory.resolve("named.conf"), """
                key "%s" { algorithm hmac-sha256; secret "%s"; };
                options {
                  directory "%s"; pid-file none; session-keyfile none; lock-file none;
                  listen-on port %d { %s; }; listen-on-v6 port %d { %s; };
                  recursion yes; dnssec-validation no; notify no;
                };
                controls { };
                zone "." { type primary; file "root.zone"; };
                %s
                """.formatted(KEY, SECRET, directory, port, ip.contains(":") ? "none" : ip, port,
                        ip.contains(":") ? ip : "none", zoneStatements));
        Process process = new ProcessBuilder(executable().toString(), "-g", "-n", "1", "-c",
                directory.resolve("named.conf").toString())
                .redirectErrorStream(true).redirectOutput(directory.resolve("named.log").toFile()).start();
        Named named = new Named(process, new InetSocketAddress(ip, port), directory);
        for (String zone : zones) {
            named.awaitZone(zone);
        }
        return named;
    }

    private void awaitZone(String zone) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        Question question = new Question(address, Name.fromString(zone + "."), Type.SOA, false);
        while (System.nanoTime() < end && process.isAlive()) {
            Message answer = DnsExchange.ask(List.of(question), Duration.ofMillis(500)).get(question);
            if (answer != null && answer.getHeader().getFlag(Flags.AA)) {
                return;
            }
            Thread.sleep(50);
        }
        close();
        throw new IOException("named does not serve " + zone + ":\n" + log());
    }

    public String address() {
        return new DnsServer(address.getAddress().getHostAddress(), address.getPort()).toString();
    }

    public int port() {
        return address.getPort();
    }

    public String log() throws IOException {
        return Files.readString(directory.resolve("named.log"));
    }

    /** The provider settings for this server with its key. */
    public JsonObject settings() {
        return Json.createObjectBuilder().add("server", address()).add("keyName", KEY).add("keySecret", SECRET)
                .build();
    }

    /** The TXT values that this server shows now. */
    public Set<String> txt(String name) throws IOException {
        Question question = new Question(address, Name.fromString(name + "."), Type.TXT, false);
        Message answer = DnsExchange.ask(List.of(question), Duration.ofSeconds(5)).get(question);
        Set<String> values = new TreeSet<>();
        answer.getSection(Section.ANSWER).stream().filter(TXTRecord.class::isInstance)
                .forEach(record -> values.addAll(((TXTRecord) record).getStrings()));
        return values;
    }

    /** The serial number of a zone's SOA record. */
    public long serial(String zone) throws IOException {
        Question question = new Question(address, Name.fromString(zone + "."), Type.SOA, false);
        Message answer = DnsExchange.ask(List.of(question), Duration.ofSeconds(5)).get(question);
        return ((SOARecord) answer.getSection(Section.ANSWER).get(0)).getSerial();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
