package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A reverse proxy before two nodes, with its configuration in {@code server-config/proxy} to the letter: only what an
 * admin would set, too, is set here (addresses, ports, the certificate).
 */
public final class ReverseProxy implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What surrounds the file on an admin's machine, with a log that tells the node. */
    private static final String NGINX = """
            daemon off;
            worker_processes 1;
            pid nginx.pid;
            error_log stderr;
            events { worker_connections 512; }
            http {
                log_format nodes '$upstream_addr $status $request_uri';
                access_log access.log nodes;
                client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                include certservice.conf;
            }
            """;

    private final ManagedProcess process;
    private final int httpPort;
    private final int httpsPort;
    private final Path accessLog;
    private final Pattern line;
    private final List<String> nodes;

    /** An answer that a node gave through this proxy; nodes are counted from 0, in the order they were given. */
    public record Answer(int node, int status, String path) {
    }

    /** @param line a line of the log, with groups {@code node}, {@code status} and {@code path} */
    private ReverseProxy(ManagedProcess process, int httpPort, int httpsPort, Path accessLog, String line,
            List<String> nodes) {
        this.process = process.awaitReady(() -> !Ports.isFree(httpPort) && !Ports.isFree(httpsPort), PATIENCE);
        this.httpPort = httpPort;
        this.httpsPort = httpsPort;
        this.accessLog = accessLog;
        this.line = Pattern.compile(line, Pattern.MULTILINE);
        this.nodes = nodes;
    }

    /** Whether nginx or haproxy, by the name of its program, is installed. */
    public static boolean available(String program) {
        return find(program).isPresent();
    }

    /**
     * HAProxy with {@code haproxy.cfg}.
     *
     * @param httpPort   what is port 80 in real life
     * @param ca         gives the certificate for HTTPS
     * @param firstNode  port of the first node
     * @param secondNode port of the second node
     * @param home       for its files
     */
    public static ReverseProxy haproxy(int httpPort, LocalCa ca, int firstNode, int secondNode, Path home) {
        int httpsPort = Ports.free();
        Path pem = home.resolve("certservice.pem");
        write(pem, read(ca.certificateFile()) + read(ca.keyFile()));
        ManagedProcess process = ManagedProcess.start("haproxy", home, Map.of(
                        "CERTSERVICE_HTTP", "127.0.0.1:" + httpPort,
                        "CERTSERVICE_HTTPS", "127.0.0.1:" + httpsPort,
                        "CERTSERVICE_PEM", pem.toString(),
                        "CERTSERVICE_NODE1", "127.0.0.1:" + firstNode,
                        "CERTSERVICE_NODE2", "127.0.0.1:" + secondNode),
                List.of(find("haproxy").orElseThrow(), "-db", "-f",
                        BuildDirectory.serverConfig("proxy").resolve("haproxy.cfg").toString()));
        return new ReverseProxy(process, httpPort, httpsPort, process.log(),
                "(?:api|challenges)/(?<node>node[12]) \\S+ (?<status>\\d+) .*\"[A-Z]+ (?<path>\\S+) ",
                List.of("node1", "node2"));
    }

    /** nginx with {@code nginx.conf}; otherwise as {@link #haproxy}. */
    public static ReverseProxy nginx(int httpPort, LocalCa ca, int firstNode, int secondNode, Path home) {
        int httpsPort = Ports.free();
        Path places = BuildDirectory.fresh(home.resolve("certservice").toString());
        write(home.resolve("main.conf"), NGINX);
        write(home.resolve("certservice.conf"), read(BuildDirectory.serverConfig("proxy").resolve("nginx.conf")));
        write(places.resolve("nodes.conf"), """
                server 127.0.0.1:%d max_fails=1 fail_timeout=2s;
                server 127.0.0.1:%d max_fails=1 fail_timeout=2s;
                """.formatted(firstNode, secondNode));
        write(places.resolve("http.conf"), "listen 127.0.0.1:%d default_server;\n".formatted(httpPort));
        write(places.resolve("https.conf"), """
                listen 127.0.0.1:%d ssl http2;
                ssl_certificate %s;
                ssl_certificate_key %s;
                """.formatted(httpsPort, ca.certificateFile(), ca.keyFile()));
        ManagedProcess process = ManagedProcess.start("nginx", home, Map.of(),
                List.of(find("nginx").orElseThrow(), "-p", home + "/", "-c", "main.conf", "-e", "stderr"));
        return new ReverseProxy(process, httpPort, httpsPort, home.resolve("access.log"),
                "^(?:\\S+, )*(?<node>\\S+) (?<status>\\d+) (?<path>\\S+)$",
                List.of("127.0.0.1:" + firstNode, "127.0.0.1:" + secondNode));
    }

    /** Where the API is called, without a slash at the end. */
    public URI https() {
        return URI.create("https://localhost:" + httpsPort);
    }

    /** What is port 80 in real life, without a slash at the end. */
    public URI http() {
        return URI.create("http://127.0.0.1:" + httpPort);
    }

    /** What nodes have answered through this proxy so far, in the order of the log. */
    public List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        Matcher lines = line.matcher(Files.exists(accessLog) ? read(accessLog) : "");
        while (lines.find()) {
            int node = nodes.indexOf(lines.group("node"));
            if (node >= 0) {
                answers.add(new Answer(node, Integer.parseInt(lines.group("status")), lines.group("path")));
            }
        }
        return answers;
    }

    @Override
    public void close() {
        process.stop();
    }

    private static Optional<String> find(String program) {
        // Debian puts them where the PATH of most users doesn't lead.
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
