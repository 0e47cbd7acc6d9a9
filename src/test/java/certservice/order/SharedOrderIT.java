package certservice.order;

import static certservice.harness.AcmeResource.FINALIZE;
import static certservice.harness.AcmeResource.NEW_ORDER;
import static certservice.harness.Requests.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import certservice.acme.AcmeOrder;
import certservice.acme.OneAuthority;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.domain.Validations;
import certservice.harness.BuildDirectory;
import certservice.harness.ChallTestServer;
import certservice.harness.Fault.Answer;
import certservice.harness.FaultProxy;
import certservice.harness.LocalCa;
import certservice.harness.Pebble;
import certservice.harness.PebbleBinaries;
import certservice.harness.Ports;
import certservice.problem.Failure;
import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.shredzone.acme4j.util.CSRBuilder;

/**
 * Boulder gives an order that is not finalized yet to the next request of the account for the same names. Pebble does
 * not: a proxy repeats its answer.
 */
class SharedOrderIT {

    private static final Path DIRECTORY = BuildDirectory.fresh("shared-order");
    private static final MasterKey MASTER_KEY = MasterKeys.of(1);
    private static final int SECONDS = 60;

    private static ChallTestServer dns;
    private static Pebble pebble;
    private static FaultProxy proxy;
    private static OneAuthority authority;

    private final KeyPair ours = keyPair();
    private final KeyPair theirs = keyPair();
    private final Line line = new Line(2, Executors.defaultThreadFactory());
    private int mark;

    @BeforeAll
    static void start() throws IOException {
        PebbleBinaries binaries = PebbleBinaries.find();
        LocalCa listener = new LocalCa(DIRECTORY);
        dns = new ChallTestServer(binaries, DIRECTORY).start();
        pebble = new Pebble(binaries, Pebble.Options.forHttpPort(Ports.free()).dnsServer(dns.dnsAddress()),
                DIRECTORY, listener).start();
        proxy = FaultProxy.before(pebble.directoryUri(), listener);
        authority = new OneAuthority(proxy.directory(), pebble.httpPort(), listener);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable part : Stream.of(authority, proxy, pebble, dns).filter(each -> each != null).toList()) {
            part.close();
        }
    }

    @BeforeEach
    void mark() {
        mark = proxy.mark();
    }

    @AfterEach
    void calm() {
        proxy.calm();
        line.close();
    }

    @Test
    void isPlacedAnewWhenAnotherRequestHasFinalizedIt() throws Exception {
        String name = "quicker.example.com";
        AcmeOrder first = sharedOrder(name);
        proxy.on(to(FINALIZE).next(1), passage -> {
            first.authorize(plan(name).certificates().get(0));
            first.finalizeWith(csr(name, theirs));
            passage.give(passage.ask());
        });

        X509Certificate leaf = run(name);

        assertThat(leaf.getPublicKey()).isEqualTo(ours.getPublic());
        assertThat(first.download().get(0).getPublicKey()).isEqualTo(theirs.getPublic());
        assertThat(proxy.count(NEW_ORDER, mark)).isEqualTo(3);
    }

    @Test
    void isPlacedAnewWhenAnotherRequestHasSpoiltIt() throws Exception {
        String name = "spoilt.example.com";
        AcmeOrder first = sharedOrder(name);
        authority.visible(name, false);
        assertThat(catchThrowableOfType(Failure.class, () -> first.authorize(plan(name).certificates().get(0))))
                .isNotNull();
        authority.visible(name, true);

        assertThat(run(name).getPublicKey()).isEqualTo(ours.getPublic());
        assertThat(proxy.count(NEW_ORDER, mark)).isEqualTo(3);
    }

    /** An order of another request, which the next request gets too. */
    private AcmeOrder sharedOrder(String name) {
        AtomicReference<Answer> placed = new AtomicReference<>();
        proxy.on(to(NEW_ORDER).next(1), passage -> {
            placed.set(passage.ask());
            passage.give(placed.get());
        });
        AcmeOrder first = authority.of(Environment.STAGING).newOrder(List.of(DomainName.of(name)), Profile.CLASSIC,
                Optional.empty(), deadline(), deadline());
        proxy.calm();
        proxy.on(to(NEW_ORDER).next(1), passage ->
                passage.give(placed.get().withHeader("Replay-Nonce", passage.freshNonce())));
        return first;
    }

    private X509Certificate run(String name) throws Exception {
        BatchPlan plan = plan(name);
        Instant now = Instant.now();
        OrderBatch batch = new OrderBatch(plan, MASTER_KEY, Lease.of("us", now), now);
        KeyAndCsr key = new KeyAndCsr(csr(name, ours), ours.getPublic().getEncoded(), Optional.empty());
        CertificateOrder order = new CertificateOrder(plan, batch.id(), 0, key, MASTER_KEY, now);
        BatchRun run = new BatchRun(new StoredBatch(batch, List.of(order)), Duration.ofSeconds(SECONDS), deadline(),
                new NothingStored(), new AllShared(), new NothingCounted(), new NothingValidated(), authority, line,
                "us", Duration.ofDays(1), () -> false, Clock.systemUTC());
        return run.start().get(SECONDS, TimeUnit.SECONDS).orders().get(0).chain().get(0);
    }

    private static BatchPlan plan(String name) {
        return OrdersOfTests.plan("a key", name);
    }

    private static Instant deadline() {
        return Instant.now().plusSeconds(SECONDS);
    }

    private static byte[] csr(String name, KeyPair key) throws IOException {
        CSRBuilder csr = new CSRBuilder();
        csr.addDomain(name);
        csr.sign(key);
        return csr.getEncoded();
    }

    private static KeyPair keyPair() {
        try {
            return KeyPairGenerator.getInstance("EC").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class NothingStored extends HeldOrders {

        @Override
        public CertificateOrder save(CertificateOrder order, Lease lease) {
            return order;
        }

        @Override
        public CertificateOrder issued(CertificateOrder order, Lease lease, Ending ending) {
            return order;
        }

        @Override
        public CertificateOrder saveAgain(CertificateOrder order, Lease lease) {
            return order;
        }

        @Override
        public void failed(String batchId, Lease lease, Failure failure, Instant erasure, Instant now) {
            // the test sees it
        }
    }

    /** As if another row had the same order's URL. */
    private static final class AllShared extends Certificates {

        @Override
        public Optional<CertificateOrder> predecessor(Environment environment, Collection<DomainName> names,
                                                      Instant now) {
            return Optional.empty();
        }

        @Override
        public boolean isShared(CertificateOrder order) {
            return true;
        }
    }

    private static final class NothingCounted extends RateLimits {

        @Override
        public void issued(Environment environment, List<DomainName> names, boolean renewal, Instant now) {
            // nor limited
        }

        @Override
        public void failed(Environment environment, DomainName name, Instant now) {
            // nor limited
        }
    }

    private static final class NothingValidated extends Validations {

        @Override
        public void ended(Collection<Ended> names, Instant now) {
            // nobody looks
        }
    }
}
