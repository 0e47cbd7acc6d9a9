package certservice.acme;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.DefaultConnection;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.toolbox.JSONBuilder;

/**
 * One exchange with the CA. It borrows the nonce of a pooled session for that exchange alone, so that every acme4j
 * object can be used from any thread while many exchanges go on at once; and it reads the whole body before a
 * deadline, which acme4j's own connection, once it has the headers, would not.
 */
final class PooledConnection extends DefaultConnection {

    private static final BodyHandler<InputStream> WHOLE_BODY =
            info -> BodySubscribers.mapping(BodySubscribers.ofByteArray(), ByteArrayInputStream::new);

    private final NoncePool pool;
    private final Duration timeout;

    PooledConnection(HttpConnector connector, NoncePool pool, Duration timeout) {
        super(connector);
        this.pool = pool;
        this.timeout = timeout;
    }

    @Override
    protected int sendSignedRequest(URL url, JSONBuilder claims, Session session, KeyPair keyPair,
                                    URL accountLocation, String accept) throws AcmeException {
        Session lent = take();
        try {
            return super.sendSignedRequest(url, claims, lent, keyPair, accountLocation, accept);
        } catch (AcmeRateLimitedException e) {
            throw e;
        } catch (AcmeException e) {
            throw isUnavailable() ? new UnavailableException(getRetryAfter().orElse(Instant.MIN), e) : e;
        } finally {
            pool.giveBack(lent);
        }
    }

    private Session take() throws AcmeNetworkException {
        try {
            return pool.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AcmeNetworkException(new IOException("interrupted while waiting for a session", e));
        }
    }

    private boolean isUnavailable() {
        return lastResponse != null && lastResponse.statusCode() >= 500;
    }

    @Override
    protected void sendRequest(Session session, URL url, Consumer<HttpRequest.Builder> body) throws IOException {
        HttpRequest.Builder request = httpConnector.createRequestBuilder(url)
                .header("Accept-Charset", "utf-8")
                .header("Accept-Language", session.getLanguageHeader())
                .header("Accept-Encoding", "gzip");
        body.accept(request);
        lastResponse = null;
        CompletableFuture<HttpResponse<InputStream>> answer = httpClient.sendAsync(request.build(), WHOLE_BODY);
        try {
            lastResponse = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no complete answer within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            answer.cancel(true);
        }
    }
}
