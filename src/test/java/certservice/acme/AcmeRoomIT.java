package certservice.acme;

import static certservice.harness.AcmeResource.AUTHORIZATION;
import static certservice.harness.AcmeResource.CHALLENGE;
import static certservice.harness.AcmeResource.DIRECTORY;
import static certservice.harness.AcmeResource.FINALIZE;
import static certservice.harness.AcmeResource.NEW_ORDER;
import static certservice.harness.AcmeResource.ORDER;
import static certservice.harness.AcmeResource.RENEWAL_INFO;
import static certservice.harness.AcmeResource.REVOCATION;
import static certservice.harness.Requests.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.NameToProve;
import certservice.domain.Profile;
import certservice.harness.AcmeResource;
import certservice.harness.BuildDirectory;
import certservice.harness.ChallTestServer;
import certservice.harness.Fault;
import certservice.harness.FaultProxy;
import certservice.harness.LocalCa;
import certservice.harness.Pebble;
import certservice.harness.PebbleBinaries;
import certservice.harness.Ports;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.MasterKeys;
import certservice.settings.Settings;
import certservice.settings.SettingsOfTests;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shredzone.acme4j.util.CSRBuilder;

/** What two nodes and a CA make of an order, without a server around them. */
class AcmeRoomIT {

    private static final Path DIRECTORY_OF_TEST = BuildDirectory.fresh("acme-room");
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
    private static final Fault REFUSED = Fault.problem(403, "unauthorized", "not today", Map.of());

    private static LocalCa listener;
    private static ChallTestServer dns;
    private static Pebble pebble;
    private static FaultProxy proxy;
    private static Port80 port80;
    private static OneAccount accounts;

    private final KeyPair key = keyPair();
    private CertificateAuthority node;
    private CertificateAuthority otherNode;
    private int mark;

    @BeforeAll
    static void start() throws IOException {
        PebbleBinaries binaries = PebbleBinaries.find();
        listener = new LocalCa(DIRECTORY_OF_TEST);
        dns = new ChallTestServer(binaries, DIRECTORY_OF_TEST).start();
        pebble = new Pebble(binaries, Pebble.Options.forHttpPort(Ports.free()).dnsServer(dns.dnsAddress()),
                DIRECTORY_OF_TEST, listener).start();
        proxy = FaultProxy.before(pebble.directoryUri(), listener);
        port80 = new Port80(pebble.httpPort());
        accounts = new OneAccount();
    }

    @AfterAll
    static void stop() {
        Stream.of(port80, proxy, pebble, dns).filter(part -> part != null).forEach(part -> {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @BeforeEach
    void openNodes() {
        node = authority();
        otherNode = authority();
        mark = proxy.mark();
    }

    @AfterEach
    void closeNodes() throws IOException {
        proxy.up();
        proxy.calm();
        port80.anotherNodeTakesOver();
        node.close();
        otherNode.close();
    }

    /** Up to where a node has brought its order when it dies. */
    enum Death { PLACED, PUBLISHED, TRIGGERED, PROVEN, FINALIZED, ISSUED }

    @ParameterizedTest
    @EnumSource
    void anotherNodeBringsTheOrderToItsOneCertificate(Death death) {
        List<DomainName> names = names(death + "-a", death + "-b");
        long issued = issued();
        AcmeOrder placed = node.newOrder(names, Profile.CLASSIC, Optional.empty(), deadline(), deadline());
        port80.nodeDies();
        bring(placed, names, death);
        proxy.calm();
        port80.anotherNodeTakesOver();

        AcmeOrder resumed = otherNode.resume(placed.url(), names, deadline());
        resumed.authorize(toProve(names));
        resumed.finalizeWith(csr(names));
        List<X509Certificate> chain = resumed.download();
        resumed.withdrawLeftovers(toProve(names));

        assertThat(chain.get(0).getPublicKey()).isEqualTo(key.getPublic());
        assertThat(issued() - issued).as("certificates").isOne();
        assertThat(count(NEW_ORDER)).isOne();
        assertThat(count(FINALIZE)).isOne();
        assertThat(port80.published()).isEmpty();
    }

    private void bring(AcmeOrder order, List<DomainName> names, Death death) {
        switch (death) {
            case PUBLISHED -> proxy.on(to(CHALLENGE), REFUSED);
            case TRIGGERED -> {
                port80.slow(names.get(0).toString(), Duration.ofSeconds(2));
                proxy.on(to(CHALLENGE), REFUSED.afterUpstream());
            }
            case FINALIZED -> proxy.on(to(FINALIZE), REFUSED.afterUpstream());
            default -> {
                // the CA has nothing against it
            }
        }
        if (death == Death.PUBLISHED || death == Death.TRIGGERED) {
            failure(() -> order.authorize(toProve(names)));
        } else if (death != Death.PLACED) {
            order.authorize(toProve(names));
        }
        if (death == Death.FINALIZED) {
            failure(() -> order.finalizeWith(csr(names)));
        } else if (death == Death.ISSUED) {
            order.finalizeWith(csr(names));
        }
    }

    @Test
    void aChallengeThatIsTriggeredBehindOurBackIsNoError() {
        List<DomainName> names = names("behind");
        port80.slow("behind.example.com", Duration.ofSeconds(2));
        AcmeOrder placed = node.newOrder(names, Profile.CLASSIC, Optional.empty(), deadline(), deadline());
        port80.nodeDies();
        bring(placed, names, Death.TRIGGERED);
        proxy.calm();
        port80.anotherNodeTakesOver();
        proxy.on(to(AUTHORIZATION).next(1), rewriting(body -> body.replace("\"processing\"", "\"pending\"")));

        AcmeOrder resumed = otherNode.resume(placed.url(), names, deadline());
        mark = proxy.mark();
        resumed.authorize(toProve(names));

        assertThat(count(CHALLENGE)).as("refused, then looked at").isEqualTo(2);
    }

    @Test
    void anOrderThatIsProcessingIsOnlyWaitedFor() {
        List<DomainName> names = names("processing");
        AcmeOrder placed = node.newOrder(names, Profile.CLASSIC, Optional.empty(), deadline(), deadline());
        placed.authorize(toProve(names));
        placed.finalizeWith(csr(names));
        proxy.on(to(ORDER).next(2), rewriting(body -> body.replace("\"valid\"", "\"processing\"")));

        AcmeOrder resumed = otherNode.resume(placed.url(), names, deadline());
        resumed.authorize(toProve(names));
        resumed.finalizeWith(csr(names));

        assertThat(resumed.download().get(0).getPublicKey()).isEqualTo(key.getPublic());
        assertThat(count(FINALIZE)).isOne();
    }

    @Test
    void anOrderThatFailedTellsTheOtherNodeWhy() {
        List<DomainName> names = names("failed", "good");
        port80.hide("failed.example.com");
        AcmeOrder placed = node.newOrder(names, Profile.CLASSIC, Optional.empty(), deadline(), deadline());
        Failure first = failure(() -> placed.authorize(toProve(names)));

        AcmeOrder resumed = otherNode.resume(placed.url(), names, deadline());

        assertThat(first.problems()).extracting(Problem::domain).containsExactly("failed.example.com");
        assertThat(failure(() -> resumed.authorize(toProve(names))).problems()).isEqualTo(first.problems());
        assertThat(failure(() -> resumed.finalizeWith(csr(names))).problems()).isEqualTo(first.problems());
    }

    @Test
    void finalizingAnUnprovenOrderFailsAtOnce() {
        List<DomainName> names = names("unproven");
        AcmeOrder placed = node.newOrder(names, Profile.CLASSIC, Optional.empty(), deadline(), deadline());

        assertThat(failure(() -> placed.finalizeWith(csr(names))).problems()).extracting(Problem::type)
                .containsExactly("urn:ietf:params:acme:error:orderNotReady");
    }

    @Test
    void anOrderThatTheCaDoesNotKnowIsGone() throws IOException {
        List<DomainName> names = names("gone");
        URL url = node.newOrder(names, Profile.CLASSIC, Optional.empty(), deadline(), deadline()).url();
        URL unknown = URI.create(url.toString().replaceAll("[^/]+$", "unknown")).toURL();

        assertThat(failure(() -> otherNode.resume(unknown, names, deadline())).problems())
                .extracting(Problem::type).containsExactly("urn:certservice:error:orderGone");
        assertThat(count(ORDER)).isOne();
    }

    @Test
    void leftoversOfAnOrderThatFailedAreWithdrawn() {
        List<DomainName> names = names("leftover", "other-leftover");
        port80.hide("leftover.example.com");
        AcmeOrder placed = node.newOrder(names, Profile.CLASSIC, Optional.empty(), deadline(), deadline());
        port80.nodeDies();
        failure(() -> placed.authorize(toProve(names)));
        port80.anotherNodeTakesOver();
        assertThat(port80.published()).hasSize(2);

        otherNode.resume(placed.url(), names, deadline()).withdrawLeftovers(toProve(names));

        assertThat(port80.published()).isEmpty();
    }

    @Test
    void leftoversStayWhileTheCaIsAwayAndNothingIsThrown() throws IOException {
        List<DomainName> names = names("away");
        AcmeOrder placed = node.newOrder(names, Profile.CLASSIC, Optional.empty(), deadline(),
                Instant.now().plusSeconds(2));
        proxy.downNow();

        placed.withdrawLeftovers(toProve(names));

        proxy.up();
        otherNode.resume(placed.url(), names, deadline()).withdrawLeftovers(toProve(names));
        assertThat(count(AUTHORIZATION)).isOne();
    }

    @Test
    void progressIsToldForNothing() {
        List<DomainName> names = names("told-a", "told-b", "told-c");
        Told progress = new Told(false);
        AcmeOrder order = node.newOrder(names, Profile.CLASSIC, Optional.empty(), deadline(), deadline());
        order.authorize(toProve(names), progress);
        order.finalizeWith(csr(names));
        order.download();

        assertThat(progress.events).containsExactlyInAnyOrder(
                "told-a PROCESSING", "told-b PROCESSING", "told-c PROCESSING",
                "told-a VALID", "told-b VALID", "told-c VALID");
        assertThat(count(AUTHORIZATION)).isEqualTo(3);
        assertThat(count(CHALLENGE)).isEqualTo(3);
    }

    @Test
    void progressNamesTheProblemOfANameThatFails() {
        List<DomainName> names = names("told-good", "told-bad");
        port80.hide("told-bad.example.com");
        Told progress = new Told(false);
        AcmeOrder order = node.newOrder(names, Profile.CLASSIC, Optional.empty(), deadline(), deadline());

        Failure failure = failure(() -> order.authorize(toProve(names), progress));

        assertThat(progress.events).containsExactlyInAnyOrder("told-good PROCESSING", "told-bad PROCESSING",
                "told-bad INVALID", "told-good VALID");
        assertThat(progress.problems).isEqualTo(failure.problems());
    }

    @Test
    void whoWatchesSeesEachNameAsSoonAsItIsDecided() {
        List<DomainName> names = names("watched", "slow");
        port80.slow("slow.example.com", Duration.ofSeconds(2));
        Told progress = new Told(true);
        AcmeOrder order = node.newOrder(names, Profile.CLASSIC, Optional.empty(), deadline(), deadline());

        order.authorize(toProve(names), progress);

        assertThat(Duration.between(progress.at("watched VALID"), progress.at("slow VALID")))
                .isGreaterThan(Duration.ofMillis(500));
    }

    @Test
    void aCertificateIsReplacedOnceAndTheSecondTimeOrderedWithout() {
        List<DomainName> names = names("replaced");
        Optional<X509Certificate> old = Optional.of(certificate(names));
        mark = proxy.mark();

        complete(node.newOrder(names, Profile.CLASSIC, old, deadline(), deadline()), names);
        assertThat(count(NEW_ORDER)).isOne();

        complete(node.newOrder(names, Profile.CLASSIC, old, deadline(), deadline()), names);
        assertThat(count(NEW_ORDER)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alreadyReplaced,409", "unauthorized,403", "malformed,404", "malformed,400", "conflict,409",
            "serverInternal,500"})
    void whateverTheCaSaysAgainstReplacingItGetsTheOrderWithout(String refusal) {
        List<DomainName> names = names("refused");
        Optional<X509Certificate> old = Optional.of(certificate(names));
        mark = proxy.mark();
        String[] typeAndStatus = refusal.split(",");
        proxy.on(to(NEW_ORDER).next(1), Fault.problem(Integer.parseInt(typeAndStatus[1]), typeAndStatus[0],
                "not this certificate", Map.of()));

        node.newOrder(names, Profile.CLASSIC, old, deadline(), deadline());

        assertThat(count(NEW_ORDER)).isEqualTo(2);
    }

    @Test
    void aRateLimitIsNoRefusalToReplace() {
        List<DomainName> names = names("limited");
        Optional<X509Certificate> old = Optional.of(certificate(names));
        mark = proxy.mark();
        proxy.on(to(NEW_ORDER), Fault.rateLimited(Duration.ofMinutes(5)));

        Failure failure = failure(() -> node.newOrder(names, Profile.CLASSIC, old, deadline(), deadline()));

        assertThat(failure.status()).isEqualTo(429);
        assertThat(count(NEW_ORDER)).isOne();
    }

    @Test
    void aCaWithoutRenewalInfoIsNotAskedToReplaceNorWhenToRenew() {
        List<DomainName> names = names("without-ari");
        X509Certificate old = certificate(names);
        complete(node.newOrder(names, Profile.CLASSIC, Optional.of(old), deadline(), deadline()), names);
        proxy.on(to(DIRECTORY), rewriting(body -> body.replace("\"renewalInfo\"", "\"somethingElse\"")));
        mark = proxy.mark();

        otherNode.newOrder(names, Profile.CLASSIC, Optional.of(old), deadline(), deadline());

        assertThat(count(NEW_ORDER)).as("a second one would have been refused").isOne();
        assertThat(otherNode.renewalWindow(old)).isEmpty();
        assertThat(count(RENEWAL_INFO)).isZero();
    }

    @Test
    void theCaSaysWhenToRenew() {
        X509Certificate leaf = certificate(names("renewed"));
        mark = proxy.mark();

        RenewalWindow window = node.renewalWindow(leaf).orElseThrow();

        assertThat(window.start()).isAfter(leaf.getNotBefore().toInstant());
        assertThat(window.end()).isBefore(leaf.getNotAfter().toInstant());
        assertThat(count(RENEWAL_INFO)).isOne();
    }

    @Test
    void aCaThatDoesNotSayWhenToRenewHoldsNobodyUp() {
        X509Certificate leaf = certificate(names("hanging"));
        mark = proxy.mark();
        Instant begin = Instant.now();

        for (Fault fault : List.of(Fault.serverInternal(), Fault.html(), Fault.emptyBody(),
                Fault.answer(404, Map.of(), ""),
                rewriting(body -> "{\"suggestedWindow\":{\"start\":\"2026-11-02T00:00:00Z\","
                        + "\"end\":\"2026-11-01T00:00:00Z\"}}"), Fault.hang())) {
            proxy.calm();
            proxy.on(to(RENEWAL_INFO), fault);
            assertThat(node.renewalWindow(leaf)).isEmpty();
        }

        assertThat(count(RENEWAL_INFO)).isEqualTo(6);
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void revokingTwiceIsRevokingOnce() {
        X509Certificate leaf = certificate(names("revoked"));
        mark = proxy.mark();

        node.revoke(leaf, RevocationReason.SUPERSEDED, deadline());
        otherNode.revoke(leaf, RevocationReason.KEY_COMPROMISE, deadline());

        assertThat(count(REVOCATION)).isEqualTo(2);
        assertThat(pebble.status(leaf).getString("Status")).isEqualTo("Revoked");
        assertThat(pebble.status(leaf).getInt("Reason")).isEqualTo(4);
    }

    @Test
    void aRevocationWhoseAnswerIsLostIsRevoked() {
        X509Certificate leaf = certificate(names("revoked-unheard"));
        proxy.on(to(REVOCATION).next(1), Fault.answerLost());

        node.revoke(leaf, RevocationReason.UNSPECIFIED, deadline());

        assertThat(pebble.status(leaf).getString("Status")).isEqualTo("Revoked");
    }

    @Test
    void aCertificateOfAnotherCaIsNotRevoked() {
        X509Certificate foreign = pebble.root();

        assertThat(failure(() -> node.revoke(foreign, RevocationReason.UNSPECIFIED, deadline())).problems()).hasSize(1);
    }

    private X509Certificate certificate(List<DomainName> names) {
        return complete(node.newOrder(names, Profile.CLASSIC, Optional.empty(), deadline(), deadline()), names);
    }

    private X509Certificate complete(AcmeOrder order, List<DomainName> names) {
        order.authorize(toProve(names));
        order.finalizeWith(csr(names));
        return order.download().get(0);
    }

    private long count(AcmeResource resource) {
        return proxy.count(resource, mark);
    }

    private static long issued() {
        return pebble.logged("Issued certificate serial");
    }

    private static Failure failure(Runnable work) {
        return catchThrowableOfType(Failure.class, work::run);
    }

    private static Fault rewriting(UnaryOperator<String> change) {
        return passage -> {
            Fault.Answer answer = passage.ask();
            passage.give(answer.withBody(change.apply(answer.text()).getBytes(StandardCharsets.UTF_8)));
        };
    }

    private static List<DomainName> names(String... labels) {
        return Stream.of(labels).map(label -> DomainName.of(label.toLowerCase() + ".example.com")).toList();
    }

    private static List<NameToProve> toProve(List<DomainName> names) {
        return names.stream().map(name -> new NameToProve(name, "http-01", Optional.empty())).toList();
    }

    private static Instant deadline() {
        return Instant.now().plus(LONG_ENOUGH);
    }

    private byte[] csr(List<DomainName> names) {
        try {
            CSRBuilder csr = new CSRBuilder();
            names.forEach(name -> csr.addDomain(name.toString()));
            csr.sign(key);
            return csr.getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keyPair() {
        try {
            return KeyPairGenerator.getInstance("EC").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CertificateAuthority authority() {
        String directory = proxy.directory().toString();
        Settings settings = SettingsOfTests.of(Map.of("certservice.acme.production", directory,
                "certservice.acme.staging", directory, "certservice.acme.terms-agreed", "true"));
        return new CertificateAuthority(Environment.STAGING, settings, listener.sslContext(), MasterKeys.of(1),
                accounts, port80, Executors.defaultThreadFactory(), Clock.systemUTC());
    }

    /** Remembers what it was told. */
    private static final class Told implements Progress {

        private final boolean watched;
        private final List<String> events = new ArrayList<>();
        private final List<Instant> moments = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        Told(boolean watched) {
            this.watched = watched;
        }

        @Override
        public void reached(DomainName name, NameStatus status, List<Problem> found) {
            events.add(name.toString().split("\\.")[0] + " " + status);
            moments.add(Instant.now());
            problems.addAll(found);
        }

        @Override
        public boolean isWatched() {
            return watched;
        }

        Instant at(String event) {
            return moments.get(events.indexOf(event));
        }
    }
}
