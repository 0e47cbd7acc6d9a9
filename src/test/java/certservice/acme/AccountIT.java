package certservice.acme;

import static certservice.harness.AcmeResource.ACCOUNT;
import static certservice.harness.AcmeResource.OTHER;
import static certservice.harness.Requests.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.TestDatabase;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.harness.AcmeResource;
import certservice.harness.BuildDirectory;
import certservice.harness.Fault;
import certservice.harness.FaultProxy;
import certservice.harness.LocalCa;
import certservice.harness.Pebble;
import certservice.harness.PebbleBinaries;
import certservice.harness.Ports;
import certservice.harness.Requests;
import certservice.problem.Failure;
import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import certservice.settings.Settings;
import certservice.settings.SettingsOfTests;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the account that two nodes share when one of them changes its contact or key, or dies over it. */
class AccountIT {

    private static final Path DIRECTORY_OF_TEST = BuildDirectory.fresh("account");
    private static final MasterKey MASTER_KEY = MasterKeys.of(1);
    private static final Requests KEY_CHANGE = to(OTHER).path("/rollover-account-key");
    private static final Fault REFUSED = Fault.problem(403, "unauthorized", "not today", Map.of());
    private static final Fault LOST = Fault.Passage::cut;
    private static final Runnable NOTHING_ELSE = () -> { };

    private static LocalCa listener;
    private static Pebble pebble;
    private static FaultProxy proxy;
    private static Port80 port80;

    private final TestDatabase database = TestDatabase.each().findFirst().orElseThrow();
    private CertificateAuthority node;
    private CertificateAuthority otherNode;
    private int mark;
    private int names;

    @BeforeAll
    static void start() throws IOException {
        listener = new LocalCa(DIRECTORY_OF_TEST);
        pebble = new Pebble(PebbleBinaries.find(), Pebble.Options.forHttpPort(Ports.free()), DIRECTORY_OF_TEST,
                listener).start();
        proxy = FaultProxy.before(pebble.directoryUri(), listener);
        port80 = new Port80(pebble.httpPort());
    }

    @AfterAll
    static void stop() {
        Stream.of(port80, proxy, pebble).filter(part -> part != null).forEach(part -> {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @BeforeEach
    void openNodesThatHaveOrdered() {
        database.clear();
        node = authority(accounts -> accounts);
        otherNode = authority(accounts -> accounts);
        order(node);
        order(otherNode);
        mark = proxy.mark();
    }

    @AfterEach
    void closeNodes() {
        proxy.calm();
        node.close();
        otherNode.close();
    }

    // The contact

    @Test
    void tellsTheCaAnotherContactOrNone() {
        node.account().changeContact(Optional.of(URI.create("mailto:pki@example.com")), deadline(), NOTHING_ELSE);
        assertThat(contactAtTheCa()).containsExactly("mailto:pki@example.com");
        assertThat(stored().contact(Optional.empty())).contains(URI.create("mailto:pki@example.com"));
        node.account().changeContact(Optional.empty(), deadline(), NOTHING_ELSE);
        assertThat(proxy.count(ACCOUNT, mark)).as("Pebble lets an account keep its contact, as it may").isEqualTo(3);
        assertThat(stored().contact(Optional.of(URI.create("mailto:setting@example.com")))).isEmpty();
    }

    @Test
    void keepsTheContactThatTheCaRefusesToChange() {
        AtomicInteger recorded = new AtomicInteger();
        proxy.on(to(ACCOUNT), Fault.problem(400, "invalidContact", "no such domain", Map.of()));
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> node.account().changeContact(
                        Optional.of(URI.create("mailto:pki@nowhere.example")), deadline(), recorded::incrementAndGet))
                .satisfies(failure -> assertThat(failure.problems().get(0).detail()).isEqualTo("no such domain"));
        assertThat(stored().contact(Optional.empty())).isEmpty();
        assertThat(recorded).hasValue(0);
    }

    @Test
    void hasNothingToChangeBeforeTheFirstOrder() {
        database.clear();
        CertificateAuthority fresh = authority(accounts -> accounts);
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> fresh.account().rollOverKey(deadline(), NOTHING_ELSE))
                .satisfies(failure -> assertThat(failure.status()).isEqualTo(409));
        assertThat(fresh.account().stored()).isEmpty();
        fresh.close();
    }

    // The key

    @Test
    void changesTheKeyForBothNodes() {
        PublicKey before = key();
        AtomicInteger recorded = new AtomicInteger();
        node.account().rollOverKey(deadline(), recorded::incrementAndGet);
        assertThat(key()).isNotEqualTo(before);
        assertThat(isPrepared()).isFalse();
        assertThat(recorded).hasValue(1);
        order(node);
        assertThat(newOrders()).isOne();
        order(otherNode);
        assertThat(newOrders()).as("refused once, then with the new key").isEqualTo(3);
        order(otherNode);
        assertThat(newOrders()).isEqualTo(4);
        order(authority(accounts -> accounts));
        assertThat(proxy.count(AcmeResource.NEW_ACCOUNT, mark)).isZero();
    }

    @Test
    void changesTheKeyOnANodeThatHasNotHeardOfTheLastChange() {
        node.account().rollOverKey(deadline(), NOTHING_ELSE);
        PublicKey between = key();
        otherNode.account().rollOverKey(deadline(), NOTHING_ELSE);
        assertThat(key()).isNotEqualTo(between);
        order(node);
        order(otherNode);
    }

    @Test
    void keepsTheKeyThatTheCaRefusesToChange() {
        PublicKey before = key();
        proxy.on(KEY_CHANGE, REFUSED);
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> node.account().rollOverKey(deadline(), NOTHING_ELSE));
        assertThat(key()).isEqualTo(before);
        assertThat(isPrepared()).isFalse();
        order(node);
    }

    @Test
    void noticesThatTheCaHasTakenTheKeyThoughItsAnswerWasLost() {
        PublicKey before = key();
        proxy.on(KEY_CHANGE.next(1), LOST.afterUpstream());
        node.account().rollOverKey(deadline(), NOTHING_ELSE);
        assertThat(key()).isNotEqualTo(before);
        order(node);
        order(otherNode);
    }

    @Test
    void anotherNodeGoesOnAfterADeathBetweenTheCaAndTheDatabase() {
        PublicKey before = key();
        dieAfterTheCaHasTakenTheKey();
        assertThat(key()).isEqualTo(before);
        assertThat(isPrepared()).isTrue();
        order(otherNode);
        assertThat(key()).isNotEqualTo(before);
        assertThat(isPrepared()).isFalse();
        order(node);
    }

    @Test
    void aNodeThatStartsAfterSuchADeathGoesOnToo() {
        dieAfterTheCaHasTakenTheKey();
        CertificateAuthority started = authority(accounts -> accounts);
        order(started);
        assertThat(isPrepared()).isFalse();
        started.close();
    }

    @Test
    void isRepeatedAfterADeathOnEitherSideOfTheCasAnswer() {
        dieAfterTheCaHasTakenTheKey();
        PublicKey taken = preparedKey();
        otherNode.account().rollOverKey(deadline(), NOTHING_ELSE);
        assertThat(key()).isEqualTo(taken);
        order(otherNode);

        dieBeforeTheCaHears();
        PublicKey prepared = preparedKey();
        order(otherNode);
        assertThat(key()).as("goes on with the old key").isEqualTo(taken);
        otherNode.account().rollOverKey(deadline(), NOTHING_ELSE);
        assertThat(key()).isEqualTo(prepared);
        order(otherNode);
    }

    @Test
    void losesNoKeyWhenTheCaCanNotBeAskedWhichOneItHas() {
        proxy.on(KEY_CHANGE.next(1), LOST.afterUpstream());
        proxy.on(to(ACCOUNT), LOST);
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> node.account().rollOverKey(deadline(), NOTHING_ELSE));
        assertThat(isPrepared()).isTrue();
        proxy.calm();
        order(otherNode);
        assertThat(isPrepared()).isFalse();
    }

    @Test
    void asksTheCaForNothingMoreWhenItRefusesForAnotherReason() {
        proxy.on(to(AcmeResource.NEW_ORDER).next(1), REFUSED);
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> order(node));
        assertThat(proxy.count(AcmeResource.NEW_ORDER, mark)).isOne();
        assertThat(proxy.count(ACCOUNT, mark)).isZero();
    }

    private void dieAfterTheCaHasTakenTheKey() {
        CertificateAuthority dying = authority(accounts -> new Dying(accounts, true));
        assertThatExceptionOfType(Death.class)
                .isThrownBy(() -> dying.account().rollOverKey(deadline(), NOTHING_ELSE));
        dying.close();
    }

    private void dieBeforeTheCaHears() {
        CertificateAuthority dying = authority(accounts -> new Dying(accounts, false));
        assertThatExceptionOfType(Death.class)
                .isThrownBy(() -> dying.account().rollOverKey(deadline(), NOTHING_ELSE));
        dying.close();
    }

    private void order(CertificateAuthority authority) {
        authority.newOrder(List.of(DomainName.of("name" + ++names + ".example.com")), Profile.CLASSIC,
                Optional.empty(), deadline(), deadline());
    }

    private long newOrders() {
        return proxy.count(AcmeResource.NEW_ORDER, mark);
    }

    private static Instant deadline() {
        return Instant.now().plusSeconds(60);
    }

    private AcmeAccount stored() {
        return node.account().stored().orElseThrow();
    }

    private PublicKey key() {
        return stored().keyPair(MASTER_KEY).getPublic();
    }

    private boolean isPrepared() {
        return stored().nextKeyPair(MASTER_KEY).isPresent();
    }

    private PublicKey preparedKey() {
        return stored().nextKeyPair(MASTER_KEY).orElseThrow().getPublic();
    }

    private List<String> contactAtTheCa() {
        Retries retries = new Retries(Clock.systemUTC(), deadline(), new AcmeFailures(Clock.systemUTC(), List.of()));
        return node.account().login(retries).getAccount().getContacts().stream().map(URI::toString).toList();
    }

    private CertificateAuthority authority(Function<StoredAccounts, AcmeAccounts> accounts) {
        String directory = proxy.directory().toString();
        Settings settings = SettingsOfTests.of(Map.of("certservice.acme.production", directory,
                "certservice.acme.staging", directory, "certservice.acme.terms-agreed", "true"));
        return new CertificateAuthority(Environment.STAGING, settings, listener.sslContext(), MASTER_KEY,
                accounts.apply(new StoredAccounts(database)), port80, Executors.defaultThreadFactory(),
                Clock.systemUTC());
    }

    private static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The accounts of a node that dies when it has prepared a key, or would write down that the CA has taken it. */
    private static final class Dying extends StoredAccounts {

        private final boolean late;

        Dying(StoredAccounts accounts, boolean late) {
            super(accounts.database());
            this.late = late;
        }

        @Override
        public AcmeAccount prepareKey(AcmeAccount account, MasterKey masterKey) {
            AcmeAccount prepared = super.prepareKey(account, masterKey);
            if (!late) {
                throw new Death();
            }
            return prepared;
        }

        @Override
        public void keyChanged(AcmeAccount account, PublicKey key, Instant now, Runnable also) {
            throw new Death();
        }
    }
}
