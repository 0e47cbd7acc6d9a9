package certservice.acme;

import certservice.domain.Environment;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.MasterKey;
import certservice.settings.Settings;
import certservice.settings.Settings.AcmeEnvironment;
import jakarta.ejb.EJBException;
import jakarta.persistence.PersistenceException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URL;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Metadata;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.toolbox.JSONBuilder;

/** Our account at one CA (RFC 8555 section 7.3): made with the first order, whichever node comes first. */
public final class OurAccount {

    private static final Logger LOG = System.getLogger(OurAccount.class.getName());

    /** How long another node may take to register the account that it has made, if our order has so much time. */
    private static final Duration TURN_OF_ANOTHER_NODE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Environment environment;
    private final AcmeEnvironment configured;
    private final Settings settings;
    private final MasterKey masterKey;
    private final AcmeAccounts accounts;
    private final AcmeTransport transport;
    private final Clock clock;
    private final AtomicReference<AccountLogin> login = new AtomicReference<>();
    private final AtomicReference<URI> terms = new AtomicReference<>();
    private Instant ourTurn;

    OurAccount(Environment environment, AcmeEnvironment configured, Settings settings, MasterKey masterKey,
               AcmeAccounts accounts, AcmeTransport transport, Clock clock) {
        this.environment = environment;
        this.configured = configured;
        this.settings = settings;
        this.masterKey = masterKey;
        this.accounts = accounts;
        this.transport = transport;
        this.clock = clock;
    }

    /** The CA's directory URL. */
    public URI directory() {
        return configured.directory();
    }

    /** Where the CA's terms of service are; empty if it has none, or was not asked for its directory yet. */
    public Optional<URI> terms() {
        return Optional.ofNullable(terms.get());
    }

    /** What is stored of it; empty before the first order. */
    public Optional<AcmeAccount> stored() {
        return accounts.find(environment, configured.directory());
    }

    /**
     * Tells the CA another contact (RFC 8555 section 7.3.2).
     *
     * @param contact  a {@code mailto:} URI, or empty: none
     * @param deadline after which nothing is tried any more
     * @param also     done in the transaction that writes it down
     * @throws Failure 409 if there is no account yet; or what the CA has against it
     */
    public void changeContact(Optional<URI> contact, Instant deadline, Runnable also) {
        AcmeAccount account = registered();
        Retries retries = retries(deadline);
        Login ours = login(retries);
        retries.call(() -> {
            try (Connection connection = ours.getSession().connect()) {
                List<String> contacts = contact.map(URI::toString).stream().toList();
                return connection.sendSignedRequest(ours.getAccountLocation(),
                        new JSONBuilder().array("contact", contacts), ours);
            }
        });
        accounts.contactChanged(account, contact, also);
        LOG.log(Level.INFO, "The ACME account for {0} has another contact", environment);
    }

    /**
     * Gives the account another key (RFC 8555 section 7.3.5). The new one is stored before the CA hears of it; should
     * this node die then, whoever uses the account next finds out which of both the CA knows.
     *
     * @param deadline after which nothing is tried any more
     * @param also     done in the transaction that writes the change down
     * @throws Failure as {@link #changeContact}
     */
    public void rollOverKey(Instant deadline, Runnable also) {
        AcmeAccount account = accounts.prepareKey(registered(), masterKey);
        KeyPair next = account.nextKeyPair(masterKey).orElseThrow();
        Retries retries = retries(deadline);
        AccountLogin ours = login(retries);
        retries.call(() -> changeKey(account, ours, next));
        accounts.keyChanged(account, next.getPublic(), clock.instant(), also);
        ours.use(next);
        LOG.log(Level.INFO, "The ACME account for {0} has another key", environment);
    }

    /**
     * Whatever became of earlier attempts, of this node or another: what counts is which key the CA knows. The new one
     * is given up only if the CA refuses it and has said, too, that it is not the account's.
     */
    private Void changeKey(AcmeAccount account, AccountLogin ours, KeyPair next) throws AcmeException {
        Session session = ours.getSession();
        try {
            session.login(ours.getAccountLocation(), account.keyPair(masterKey)).getAccount().changeKey(next);
        } catch (AcmeServerException e) {
            if (!isKnown(session, ours.getAccountLocation(), next)) {
                accounts.forgetKey(account, next.getPublic());
                throw e;
            }
        }
        return null;
    }

    /** The CA's directory was read. */
    void offered(Metadata metadata) {
        terms.set(metadata.getTermsOfService().orElse(null));
    }

    private Retries retries(Instant deadline) {
        return new Retries(clock, deadline, new AcmeFailures(clock, List.of()));
    }

    private AcmeAccount registered() {
        return stored().filter(account -> account.location().isPresent()).orElseThrow(() ->
                Failure.conflict("There is no account at this CA yet; it is made with the first order"));
    }

    /** Whoever needs it first registers it while the others wait. */
    AccountLogin login(Retries retries) {
        AccountLogin known = login.get();
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

    private AccountLogin openAccount(Retries retries) {
        AcmeAccount account = storedAccount(retries);
        KeyPair keyPair = account.keyPair(masterKey);
        Session session = new Session(configured.directory(), transport);
        URL location = account.location().orElseGet(() -> {
            URL made = retries.call(() -> register(session, keyPair)).getAccountLocation();
            accounts.registered(account, made, settings.acmeContact());
            LOG.log(Level.INFO, "ACME account for {0}: {1}", environment, made);
            return made;
        });
        return new AccountLogin(location, keyPair, session, used -> successor(session, location, used));
    }

    /**
     * The key that took the used one's place: another node has rolled it over, or died when the CA had done so. Most
     * refusals have other reasons; so only the database is asked, and the CA too only while a key is being changed.
     */
    private Optional<KeyPair> successor(Session session, URL location, PublicKey used) {
        try {
            AcmeAccount account = stored().orElseThrow();
            KeyPair present = account.keyPair(masterKey);
            if (!present.getPublic().equals(used)) {
                LOG.log(Level.INFO, "The ACME account for {0} was given another key by another node", environment);
                return Optional.of(present);
            }
            Optional<KeyPair> next = account.nextKeyPair(masterKey);
            if (next.isEmpty() || !isKnown(session, location, next.get())) {
                return Optional.empty();
            }
            accounts.keyChanged(account, next.get().getPublic(), clock.instant(), () -> {
                // who rolled it over is not known any more
            });
            LOG.log(Level.INFO, "The ACME account for {0} has another key at the CA already", environment);
            return next;
        } catch (AcmeException | RuntimeException e) {
            LOG.log(Level.WARNING, "Whether the ACME account for {0} has another key is not known now: {1}",
                    environment, e.toString());
            return Optional.empty();
        }
    }

    /** @throws AcmeException if the CA says neither yes nor no */
    private static boolean isKnown(Session session, URL location, KeyPair pair) throws AcmeException {
        try {
            session.login(location, pair).getAccount().fetch();
            return true;
        } catch (AcmeServerException e) {
            if (AccountLogin.isAboutTheKey(e)) {
                return false;
            }
            throw e;
        }
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
