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
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.DefaultConnection;
import org.shredzone.acme4j.connector.HttpConnector;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.toolbox.AcmeUtils;
import org.shredzone.acme4j.toolbox.JSON;
import org.shredzone.acme4j.toolbox.JSONBuilder;

/**
 * One exchange with the CA. It borrows the nonce of a pooled session for that exchange alone, so that every acme4j
 * object can be used from any thread while many exchanges go on at once; and it reads the whole body before a
 * deadline, which acme4j's own connection, once it has the headers, would not.
 */
final class PooledConnection extends DefaultConnection {

    private static final BodyHandler<InputStream> WHOLE_BODY =
            info -> BodySubscribers.mapping(BodySubscribers.ofByteArray(), ByteArrayInputStream::new);

    private static final Set<String> ACME_TYPES =
            Set.of("application/json", "application/problem+json", "application/pem-certificate-chain");

    private static final JSON RATE_LIMITED = JSON.parse(
            "{\"type\":\"urn:ietf:params:acme:error:rateLimited\",\"detail\":\"HTTP 429\"}");

    private final NoncePool pool;
    private final Duration timeout;

    /** The answer to the latest request, also after acme4j has closed a request for a nonce. */
    private HttpResponse<InputStream> latest;

    PooledConnection(HttpConnector connector, NoncePool pool, Duration timeout) {
        super(connector);
        this.pool = pool;
        this.timeout = timeout;
    }

    /** A request with our login. */
    private interface Signed {
        int send() throws AcmeException;
    }

    @Override
    public int sendCertificateRequest(URL url, Login login) throws AcmeException {
        return signed(login, () -> super.sendCertificateRequest(url, login));
    }

    @Override
    public int sendSignedPostAsGetRequest(URL url, Login login) throws AcmeException {
        return signed(login, () -> super.sendSignedPostAsGetRequest(url, login));
    }

    @Override
    public int sendSignedRequest(URL url, JSONBuilder claims, Login login) throws AcmeException {
        return signed(login, () -> super.sendSignedRequest(url, claims, login));
    }

    /** Once more if the account has another key by now: what the CA refuses for its key, it has not done. */
    private int signed(Login login, Signed request) throws AcmeException {
        KeyPair used = login.getKeyPair();
        try {
            return request.send();
        } catch (AcmeServerException e) {
            if (login instanceof AccountLogin ours && ours.hasOtherKeyThan(used, e)) {
                close();
                return request.send();
            }
            throw e;
        }
    }

    @Override
    protected int sendSignedRequest(URL url, JSONBuilder claims, Session session, KeyPair keyPair,
                                    URL accountLocation, String accept) throws AcmeException {
        Session lent = take();
        try {
            int status = super.sendSignedRequest(url, claims, lent, keyPair, accountLocation, accept);
            requireAcme();
            return status;
        } catch (AcmeException e) {
            throw classified(url, e);
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

    @Override
    public int sendRequest(URL url, Session session, ZonedDateTime ifModifiedSince) throws AcmeException {
        try {
            return super.sendRequest(url, session, ifModifiedSince);
        } catch (AcmeException e) {
            throw classified(url, e);
        }
    }

    /** What a load balancer before the CA says comes without a problem document, but it means the same. */
    private AcmeException classified(URL url, AcmeException thrown) throws AcmeException {
        if (latest == null || thrown instanceof AcmeRateLimitedException) {
            return thrown;
        }
        lastResponse = latest;
        if (latest.statusCode() >= 500) {
            return new UnavailableException(getRetryAfter().orElse(Instant.MIN), thrown);
        }
        if (latest.statusCode() == 429 && !(thrown instanceof AcmeServerException)) {
            return new AcmeRateLimitedException(new Problem(RATE_LIMITED, url), getRetryAfter().orElse(null), null);
        }
        if (latest.statusCode() == 404) {
            return new GoneException(thrown);
        }
        return thrown;
    }

    /** A web page with status 200 is not the CA's; acme4j would find out only where it reads the body. */
    private void requireAcme() {
        String type = lastResponse.headers().firstValue("Content-Type").map(AcmeUtils::getContentType).orElse(null);
        if (type != null && !ACME_TYPES.contains(type)) {
            throw new AcmeProtocolException("Unexpected content type: " + type);
        }
    }

    /** An empty chain is nonsense like any other, and must not be kept as the certificate's. */
    @Override
    public List<X509Certificate> readCertificates() throws AcmeException {
        List<X509Certificate> chain = super.readCertificates();
        if (chain.isEmpty()) {
            throw new AcmeProtocolException("No certificate in the chain");
        }
        return chain;
    }

    @Override
    protected void sendRequest(Session session, URL url, Consumer<HttpRequest.Builder> body) throws IOException {
        HttpRequest.Builder request = httpConnector.createRequestBuilder(url)
                .header("Accept-Charset", "utf-8")
                .header("Accept-Language", session.getLanguageHeader())
                .header("Accept-Encoding", "gzip");
        body.accept(request);
        lastResponse = null;
        latest = null;
        CompletableFuture<HttpResponse<InputStream>> answer = httpClient.sendAsync(request.build(), WHOLE_BODY);
        try {
            latest = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            lastResponse = latest;
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
