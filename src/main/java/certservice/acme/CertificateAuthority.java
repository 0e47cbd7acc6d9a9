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
import jakarta.ejb.EJBException;
import jakarta.persistence.PersistenceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Metadata;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** One CA as this service sees it: its directory, our account there, and a bounded number of exchanges at once. */
public final class CertificateAuthority {

    private static final Logger LOG = System.getLogger(CertificateAuthority.class.getName());
    private static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(30);

    /** How long another node may take to register the account that it has made, if our order has so much time. */
    private static final Duration TURN_OF_ANOTHER_NODE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Environment environment;
    private final AcmeEnvironment configured;
    private final Settings settings;
    private final MasterKey masterKey;
    private final AcmeAccounts accounts;
    private final Solvers solvers;
    private final Clock clock;
    private final AcmeTransport transport;
    private final ThreadPoolExecutor exchanges;
    private final AtomicReference<Login> login = new AtomicReference<>();
    private Instant ourTurn;

    CertificateAuthority(Environment environment, Settings settings, SSLContext trust, MasterKey masterKey,
                         AcmeAccounts accounts, Solvers solvers, ThreadFactory threads, Clock clock) {
        this.environment = environment;
        this.settings = settings;
        this.configured = environment == Environment.PRODUCTION ? settings.production() : settings.staging();
        this.masterKey = masterKey;
        this.accounts = accounts;
        this.solvers = solvers;
        this.clock = clock;
        this.transport = new AcmeTransport(configured.directory(), trust, EXCHANGE_TIMEOUT);
        this.exchanges = new ThreadPoolExecutor(NoncePool.SIZE, NoncePool.SIZE, 30, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), threads);
        this.exchanges.allowCoreThreadTimeOut(true);
    }

    void close() {
        exchanges.shutdownNow();
    }

    /**
     * Places an order (RFC 8555 section 7.4). The account is made with the first one.
     *
     * @param deadline for everything that is done with the order
     * @throws Failure if the CA does not take it
     */
    public AcmeOrder newOrder(List<DomainName> names, Profile profile, Instant deadline) {
        AcmeFailures failures = new AcmeFailures(clock, names);
        Retries retries = new Retries(clock, deadline, failures);
        Login account = login(retries);
        Metadata offered = retries.call(account.getSession()::getMetadata);
        requireOffered(profile, offered);
        OrderBuilder order = account.newOrder().domains(names.stream().map(DomainName::toString).toList());
        if (offered.isProfileAllowed()) {
            order.profile(profile.toString());
        }
        return new AcmeOrder(retries.call(() -> create(order, offered)), names, solvers, retries, failures, exchanges,
                deadline);
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

    /** Our account; whoever needs it first registers it while the others wait. */
    private Login login(Retries retries) {
        Login known = login.get();
        if (known != null) {
            return known;
        }
        synchronized (login) {
            if (login.get() == null) {
                login.set(openAccount(retries));
            }
            return login.get();
        }
    }

    private Login openAccount(Retries retries) {
        AcmeAccount account = storedAccount(retries);
        KeyPair keyPair = account.keyPair(masterKey);
        Session session = new Session(configured.directory(), transport);
        return account.location()
                .map(location -> session.login(location, keyPair))
                .orElseGet(() -> {
                    Login registered = retries.call(() -> register(session, keyPair));
                    accounts.registered(account, registered.getAccountLocation());
                    LOG.log(Level.INFO, "ACME account for {0}: {1}", environment, registered.getAccountLocation());
                    return registered;
                });
    }

    /** The account, registered unless that is up to us. */
    private AcmeAccount storedAccount(Retries retries) {
        if (accounts.find(environment, configured.directory()).isEmpty()) {
            requireAgreement();
            try {
                AcmeAccount made = accounts.create(environment, configured.directory(), masterKey);
                ourTurn = clock.instant();
                return made;
            } catch (EJBException | PersistenceException e) {
                return madeByAnotherNode(retries).orElseThrow(() -> e);
            }
        }
        return madeByAnotherNode(retries).orElseThrow();
    }

    /**
     * Who has made the account registers it, so that the CA is asked once. If that node died before, or can't, we
     * do: it is the same key pair, for which the CA makes no second account.
     */
    private Optional<AcmeAccount> madeByAnotherNode(Retries retries) {
        if (ourTurn == null) {
            Duration half = retries.left().dividedBy(2);
            ourTurn = clock.instant().plus(half.compareTo(TURN_OF_ANOTHER_NODE) < 0 ? half : TURN_OF_ANOTHER_NODE);
        }
        while (true) {
            Optional<AcmeAccount> account = accounts.find(environment, configured.directory());
            if (account.isEmpty() || account.get().location().isPresent() || !clock.instant().isBefore(ourTurn)) {
                return account;
            }
            retries.pause(LOOK);
        }
    }

    private void requireAgreement() {
        if (!settings.acmeTermsAgreed()) {
            LOG.log(Level.ERROR, "No ACME account is made before setting certservice.acme.terms-agreed is true;"
                    + " the terms are linked in the directory {0}", configured.directory());
            throw Failure.noCertificate(Problem.acme(null, "userActionRequired",
                    "The operator has not agreed to the CA's terms of service",
                    "The operator of this service must set certservice.acme.terms-agreed to true"), null);
        }
    }

    /** The CA answers with the existing account if it knows the key already (RFC 8555 section 7.3.1). */
    private Login register(Session session, KeyPair keyPair) throws AcmeException {
        AccountBuilder account = new AccountBuilder().agreeToTermsOfService().useKeyPair(keyPair);
        settings.acmeContact().ifPresent(account::addContact);
        configured.externalAccountBinding()
                .ifPresent(binding -> account.withKeyIdentifier(binding.keyIdentifier(), binding.key()));
        return account.createLogin(session);
    }
}
