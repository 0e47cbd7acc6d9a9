package certservice.acme;

import java.net.MalformedURLException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.provider.AbstractAcmeProvider;
import org.shredzone.acme4j.toolbox.JSON;

/**
 * How acme4j reaches one CA: all sessions share one HTTP client, one pool of nonces and one copy of the directory,
 * which acme4j alone would fetch up to three times for each order.
 */
final class AcmeTransport extends AbstractAcmeProvider {

    /** Directories change when a CA adds a profile or ends one; an hour is what CAs give themselves. */
    private static final Duration DIRECTORY_LIFE = Duration.ofHours(1);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final List<Resource> NEEDED =
            List.of(Resource.NEW_NONCE, Resource.NEW_ACCOUNT, Resource.NEW_ORDER);

    private final URI directory;
    private final NoncePool noncePool;
    private final HttpClient httpClient;
    private final Duration timeout;
    private JSON directoryJson;
    private ZonedDateTime directoryExpires;

    /** @param timeout for one exchange */
    AcmeTransport(URI directory, SSLContext trust, Duration timeout) {
        this.directory = directory;
        this.timeout = timeout;
        this.noncePool = new NoncePool(directory, this);
        this.httpClient = HttpClient.newBuilder()
                .sslContext(trust)
                .proxy(ProxySelector.getDefault())
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    @Override
    public boolean accepts(URI serverUri) {
        return directory.equals(serverUri);
    }

    @Override
    public URL resolve(URI serverUri) {
        try {
            return serverUri.toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("Not a URL: " + serverUri, e);
        }
    }

    @Override
    public HttpClient createHttpClient(NetworkSettings networkSettings) {
        return httpClient;
    }

    @Override
    public Connection connect(URI serverUri, NetworkSettings networkSettings, HttpClient client) {
        networkSettings.setTimeout(timeout);
        return new PooledConnection(new HttpConnector(networkSettings, client), noncePool, timeout);
    }

    /** {@code null} says that the session's copy is still good. */
    @Override
    public synchronized JSON directory(Session session, URI serverUri) throws AcmeException {
        if (directoryJson == null || directoryExpires.isBefore(ZonedDateTime.now())) {
            fetchDirectory(session);
        }
        if (session.hasDirectory() && directoryExpires.equals(session.getDirectoryExpires())) {
            return null;
        }
        session.setDirectoryExpires(directoryExpires);
        return directoryJson;
    }

    private void fetchDirectory(Session session) throws AcmeException {
        try (Connection connection = session.connect()) {
            connection.sendRequest(resolve(directory), session, null);
            JSON fetched = connection.readJsonResponse();
            requireUsable(fetched);
            directoryExpires = connection.getExpiration().orElseGet(() -> ZonedDateTime.now().plus(DIRECTORY_LIFE));
            directoryJson = fetched;
        }
    }

    /** What is kept for an hour must be a directory (RFC 8555 section 7.1.1), not just any JSON. */
    private static void requireUsable(JSON fetched) {
        for (Resource resource : NEEDED) {
            fetched.get(resource.path()).asURL();
        }
    }

    /** Whether the CA has ARI (RFC 9773 section 4.1). */
    boolean hasRenewalInfo(Session session) throws AcmeException {
        return session.resourceUrlOptional(Resource.RENEWAL_INFO).isPresent();
    }

    /** Asks in one attempt, as anybody may, without an account; empty if the CA has no ARI. */
    Optional<RenewalWindow> renewalWindow(X509Certificate leaf) throws AcmeException, InterruptedException {
        Session lent = noncePool.take();
        try (Connection connection = lent.connect()) {
            Optional<URI> asked = renewalInfo(lent, leaf);
            if (asked.isEmpty()) {
                return Optional.empty();
            }
            connection.sendRequest(resolve(asked.get()), lent, null);
            JSON window = connection.readJsonResponse().get("suggestedWindow").asObject();
            return Optional.of(new RenewalWindow(window.get("start").asInstant(), window.get("end").asInstant()));
        } finally {
            noncePool.giveBack(lent);
        }
    }

    private static Optional<URI> renewalInfo(Session session, X509Certificate leaf) throws AcmeException {
        return session.resourceUrlOptional(Resource.RENEWAL_INFO).flatMap(base -> RenewalWindow.certificateId(leaf)
                .map(id -> URI.create(base + (base.getPath().endsWith("/") ? "" : "/") + id)));
    }

    /** The next order sees what the CA offers by then. */
    synchronized void forgetDirectory() {
        directoryJson = null;
    }
}
