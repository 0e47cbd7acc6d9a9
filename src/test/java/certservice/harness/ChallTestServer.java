package certservice.harness;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Pebble's challtestsrv as a DNS server that answers every A query with 127.0.0.1 (and no AAAA), until told
 * otherwise. It answers no challenge itself: http-01 belongs to the service under test.
 */
public final class ChallTestServer implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final int dnsPort = Ports.free();
    private final int managementPort = Ports.free();
    private final PebbleBinaries binaries;
    private final Path directory;
    private ManagedProcess process;

    public ChallTestServer(PebbleBinaries binaries, Path directory) {
        this.binaries = binaries;
        this.directory = directory;
    }

    /** Returns when the server answers. */
    public ChallTestServer start() {
        process = ManagedProcess.start("challtestsrv", directory, Map.of(), binaries.challTestServer(List.of(
                "-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "",
                "-dnsserver", dnsAddress(), "-management", "127.0.0.1:" + managementPort,
                "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "")));
        process.awaitReady(this::answers, Duration.ofSeconds(30));
        return this;
    }

    /** {@code host:port}, for UDP and TCP. */
    public String dnsAddress() {
        return "127.0.0.1:" + dnsPort;
    }

    int dnsPort() {
        return dnsPort;
    }

    /** Answers A queries for this name with these addresses instead of the default. */
    public void address(String host, String... addresses) {
        JsonArrayBuilder list = Json.createArrayBuilder(List.of(addresses));
        manage("add-a", Json.createObjectBuilder().add("host", fqdn(host)).add("addresses", list).build());
    }

    /** Answers every query for this name with SERVFAIL. */
    public void failing(String host) {
        manage("set-servfail", Json.createObjectBuilder().add("host", fqdn(host)).build());
    }

    /** A CAA record that lets only this CA issue (an issuer domain name, RFC 8659); Pebble itself ignores it. */
    public void caa(String host, String issuer) {
        JsonArrayBuilder policies = Json.createArrayBuilder()
                .add(Json.createObjectBuilder().add("tag", "issue").add("value", issuer));
        manage("add-caa", Json.createObjectBuilder().add("host", fqdn(host)).add("policies", policies).build());
    }

    /** Makes the name an alias of another. */
    public void cname(String host, String target) {
        manage("set-cname", Json.createObjectBuilder().add("host", fqdn(host)).add("target", fqdn(target)).build());
    }

    /** Takes back what the other methods have set for this name. */
    public void clear(String host) {
        JsonObject body = Json.createObjectBuilder().add("host", fqdn(host)).build();
        List.of("clear-a", "clear-servfail", "clear-caa", "clear-cname").forEach(command -> manage(command, body));
    }

    /** Any other command of the management interface, such as {@code set-default-ipv4}. */
    public void manage(String command, JsonObject body) {
        URI uri = URI.create("http://127.0.0.1:" + managementPort + "/" + command);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(command + " " + body + ": " + response.statusCode()
                        + " " + response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The process itself, to wait for its end or to kill it. */
    public ManagedProcess process() {
        return process;
    }

    @Override
    public void close() {
        if (process != null) {
            process.stop();
        }
    }

    private boolean answers() {
        try {
            manage("set-default-ipv4", Json.createObjectBuilder().add("ip", "127.0.0.1").build());
            DnsQuery.send(dnsPort, "example.com", "A");
            return true;
        } catch (IOException | UncheckedIOException notYet) {
            return false;
        }
    }

    private static String fqdn(String host) {
        return host.endsWith(".") ? host : host + ".";
    }
}
