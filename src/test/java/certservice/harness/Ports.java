package certservice.harness;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free loopback ports. They come from below the range that systems use for outgoing connections, so that no client
 * socket takes one between the choice and the server's start; none is given out twice by one JVM, nor by another one
 * that runs tests at the same time.
 */
public final class Ports {

    private static final int FIRST = 10_000;
    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 1_000;
    /** So many JVMs can run tests at the same time: each has every eighth port. */
    private static final int FORKS = 8;
    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {
    }

    /** A port that is free for TCP and for UDP. */
    public static synchronized int free() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST / FORKS, LAST / FORKS) * FORKS
                    + BuildDirectory.FORK % FORKS;
            if (!GIVEN.contains(port) && isFree(port)) {
                GIVEN.add(port);
                return port;
            }
        }
        throw new IllegalStateException("No free port found between " + FIRST + " and " + LAST);
    }

    /** Whether nobody listens on this port of the loopback address. */
    public static boolean isFree(int port) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket tcp = new ServerSocket(); DatagramSocket udp = new DatagramSocket(null)) {
            tcp.setReuseAddress(true);
            tcp.bind(new InetSocketAddress(loopback, port));
            udp.bind(new InetSocketAddress(loopback, port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
