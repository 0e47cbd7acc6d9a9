package certservice.acme;

import certservice.challenge.Solvers;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.MasterKey;
import certservice.settings.Settings;
import certservice.settings.Settings.AcmeEnvironment;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Metadata;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** One CA as this service sees it: its directory, our account there, and a bounded number of exchanges at once. */
public final class CertificateAuthority {

    private static final Logger LOG = System.getLogger(CertificateAuthority.class.getName());
    private static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(30);

    /** A good moment to renew is not worth more to whoever waits for a certificate. */
    private static final Duration RENEWAL_INFO_TIMEOUT = Duration.ofSeconds(5);

    private final Environment environment;
    private final OurAccount account;
    private final Solvers solvers;
    private final Clock clock;
    private final AcmeTransport transport;
    private final ThreadPoolExecutor exchanges;

    CertificateAuthority(Environment environment, Settings settings, SSLContext trust, MasterKey masterKey,
                         AcmeAccounts accounts, Solvers solvers, ThreadFactory threads, Clock clock) {
        this.environment = environment;
        this.solvers = solvers;
        this.clock = clock;
        AcmeEnvironment configured =
                environment == Environment.PRODUCTION ? settings.production() : settings.staging();
        this.transport = new AcmeTransport(configured.directory(), trust, EXCHANGE_TIMEOUT);
        this.account = new OurAccount(environment, configured, settings, masterKey, accounts, transport, clock);
        this.exchanges = new ThreadPoolExecutor(NoncePool.SIZE, NoncePool.SIZE, 30, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), threads);
        this.exchanges.allowCoreThreadTimeOut(true);
    }

    void close() {
        exchanges.shutdownNow();
    }

    /** Our account at this CA. */
    public OurAccount account() {
        return account;
    }

    /**
     * Places an order (RFC 8555 section 7.4). The account is made with the first one.
     *
     * @param replaces the certificate that the new one is to replace (RFC 9773 section 5), for which CAs lift their
     *                 rate limits. It is a wish: a CA that does not know how, or does not want to, gets the order
     *                 without it
     * @param placing  by when the CA must have taken it
     * @param deadline for everything that is done with the order afterwards
     * @throws Failure if the CA does not take it
     */
    public AcmeOrder newOrder(List<DomainName> names, Profile profile, Optional<X509Certificate> replaces,
                              Instant placing, Instant deadline) {
        AcmeFailures failures = new AcmeFailures(clock, names);
        Retries retries = new Retries(clock, placing, failures);
        Login login = account.login(retries);
        Metadata offered = retries.call(login.getSession()::getMetadata);
        account.offered(offered);
        requireOffered(profile, offered);
        Supplier<OrderBuilder> asked = () -> {
            OrderBuilder order = login.newOrder().domains(names.stream().map(DomainName::toString).toList());
            return offered.isProfileAllowed() ? order.profile(profile.toString()) : order;
        };
        Order order = replaces.filter(old -> retries.call(() -> transport.hasRenewalInfo(login.getSession())))
                .flatMap(RenewalWindow::certificateId)
                .flatMap(old -> retries.call(() -> replacing(old, asked.get(), offered)))
                .orElseGet(() -> retries.call(() -> create(asked.get(), offered)));
        return new AcmeOrder(order, names, solvers, new Retries(clock, deadline, failures), failures, exchanges,
                deadline);
    }

    /**
     * Empty if the CA refuses it. Why is not looked at: CAs have found many words for it, 500 {@code serverInternal}
     * among them, and what has nothing to do with the old certificate shows up again without it.
     */
    private Optional<Order> replacing(String old, OrderBuilder order, Metadata offered) throws AcmeException {
        try {
            return Optional.of(create(order.replaces(old), offered));
        } catch (AcmeException e) {
            Throwable answered = AcmeFailures.answered(e);
            if (!(answered instanceof AcmeServerException) || answered instanceof AcmeRateLimitedException) {
                throw e;
            }
            LOG.log(Level.INFO, "The CA takes no order that replaces certificate {0}, so it is placed without: {1}",
                    old, answered.getMessage());
            return Optional.empty();
        }
    }

    /**
     * An order that was placed before, perhaps by a node that died. It is fetched, in whatever state it is.
     *
     * @param orderUrl where the CA keeps it
     * @param names    of the order
     * @param deadline for everything that is done with the order from now on
     * @throws Failure if the CA does not show it; with the problem {@code orderGone} if it knows it no more
     */
    public AcmeOrder resume(URL orderUrl, List<DomainName> names, Instant deadline) {
        AcmeFailures failures = new AcmeFailures(clock, names);
        Retries retries = new Retries(clock, deadline, failures);
        Order order = account.login(retries).bindOrder(orderUrl);
        retries.call(() -> {
            try {
                return order.fetch();
            } catch (GoneException e) {
                throw failures.orderGone(e);
            }
        });
        return new AcmeOrder(order, names, solvers, retries, failures, exchanges, deadline);
    }

    /**
     * When the CA wants the certificate to be renewed (RFC 9773), asked once and for a few seconds only.
     *
     * @return empty if the CA does not say, or not now: {@link RenewalWindow#byLifeOf} is the way then
     */
    public Optional<RenewalWindow> renewalWindow(X509Certificate leaf) {
        Future<Optional<RenewalWindow>> answer = null;
        try {
            answer = exchanges.submit(() -> transport.renewalWindow(leaf));
            return answer.get(RENEWAL_INFO_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.log(Level.INFO, "The CA does not say when the certificate {0} is to be renewed: {1}",
                    leaf.getSerialNumber().toString(16), e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (answer != null) {
                answer.cancel(true);
            }
        }
        return Optional.empty();
    }

    /**
     * Revokes a certificate that our account ordered (RFC 8555 section 7.6). One that is revoked already stays so,
     * with its first reason.
     *
     * @param deadline after which nothing is tried any more
     * @throws Failure if the CA does not revoke it
     */
    public void revoke(X509Certificate leaf, RevocationReason reason, Instant deadline) {
        Retries retries = new Retries(clock, deadline, new AcmeFailures(clock, List.of()));
        Login login = account.login(retries);
        retries.call(() -> {
            try {
                Certificate.revoke(login, leaf, reason.forAcme4j());
            } catch (AcmeServerException e) {
                if (!"alreadyRevoked".equals(Hints.name(e.getType()))) {
                    throw e;
                }
            }
            return null;
        });
        LOG.log(Level.INFO, "Certificate {0} is revoked at {1}, asked for as {2}",
                leaf.getSerialNumber().toString(16), environment, reason);
    }

    /** A CA without profiles issues what {@code classic} stands for: its only kind of certificate. */
    private void requireOffered(Profile profile, Metadata offered) {
        boolean known = offered.isProfileAllowed() ? offered.isProfileAllowed(profile.toString())
                : profile == Profile.CLASSIC;
        if (!known) {
            throw notOffered("The CA does not offer the profile " + profile, offered, null);
        }
    }

    /** The CA may have ended a profile since we fetched its directory. */
    private Order create(OrderBuilder order, Metadata offered) throws AcmeException {
        try {
            return order.create();
        } catch (AcmeServerException e) {
            if (!"invalidProfile".equals(Hints.name(e.getType()))) {
                throw e;
            }
            throw notOffered(e.getProblem().getDetail().orElse("The CA gave no detail"), offered, e);
        }
    }

    private Failure notOffered(String detail, Metadata offered, AcmeException cause) {
        transport.forgetDirectory();
        return Failure.noCertificate(Problem.acme(null, "invalidProfile", detail,
                "Ask for a profile that the CA offers: " + String.join(", ", profiles(offered))), cause);
    }

    private static List<String> profiles(Metadata offered) {
        List<String> names = offered.getProfiles().stream().sorted().toList();
        return names.isEmpty() ? List.of(Profile.CLASSIC.toString()) : names;
    }
}
