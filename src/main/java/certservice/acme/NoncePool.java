package certservice.acme;

import java.net.URI;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.provider.AcmeProvider;

/**
 * Lends out sessions, each of which keeps the nonce of its last answer. An acme4j session does one exchange at a
 * time; so the pool's size is also how many exchanges are in flight at once. That bound is needed: JDK 17's HTTP
 * client throws, instead of waiting, when the server's limit of HTTP/2 streams is reached.
 *
 * <p>The session that was used last is lent first: its nonce is the freshest.
 */
final class NoncePool {

    /** Far below the stream limits of servers (100 is the least that RFC 9113 section 6.5.2 recommends). */
    static final int SIZE = 32;

    private final BlockingDeque<Session> idle = new LinkedBlockingDeque<>();

    NoncePool(URI directory, AcmeProvider provider) {
        for (int i = 0; i < SIZE; i++) {
            idle.add(new Session(directory, provider));
        }
    }

    /** Waits for an idle session; it must be given back. */
    Session take() throws InterruptedException {
        return idle.takeFirst();
    }

    void giveBack(Session session) {
        idle.addFirst(session);
    }
}
