package certservice.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** An nginx on loopback that answers every HTTPS request with {@link #BODY}, with the PEM files that it is given. */
public final class NginxServer implements AutoCloseable {

    public static final String BODY = "hello from nginx";

    private static final long SECONDS = 20;
    private static final String CONFIGURATION = """
            daemon off;
            worker_processes 1;
            pid nginx.pid;
            error_log stderr;
            events { worker_connections 64; }
            http {
                access_log off;
                client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                server {
                    listen 127.0.0.1:%d ssl;
                    ssl_certificate server.pem;
                    ssl_certificate_key server.key;
                    location / { return 200 "%s"; }
                }
            }
            """;

    private final Process process;
    private final int port;

    private NginxServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Whether this machine has nginx; a test that needs it is skipped if not. */
    public static boolean isInstalled() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "nginx")));
    }

    /**
     * Starts a server, and returns when it listens.
     *
     * @param directory   where its files go; a new one is made inside
     * @param certificate PEM blocks, the leaf first
     * @param key         PEM, not encrypted
     * @throws IllegalStateException if nginx refuses the files; the message is what it printed
     */
    public static NginxServer start(Path directory, String certificate, String key)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(directory, "nginx");
        int port = freePort();
        Files.writeString(folder.resolve("server.pem"), certificate);
        Files.writeString(folder.resolve("server.key"), key);
        Files.writeString(folder.resolve("nginx.conf"), CONFIGURATION.formatted(port, BODY));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder("nginx", "-p", folder + "/", "-c", "nginx.conf", "-e", "stderr")
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        NginxServer server = new NginxServer(process, port);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!server.listens()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                server.close();
                throw new IllegalStateException("nginx doesn't listen: " + Files.readString(log));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        return server;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
