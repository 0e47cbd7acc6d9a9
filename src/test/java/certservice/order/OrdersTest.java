package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.TestDatabase;
import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import certservice.problem.Duplicate;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import certservice.settings.SealingKey;
import jakarta.persistence.PersistenceException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class OrdersTest {

    private static final Instant NOW = OrdersOfTests.NOW;
    private static final MasterKey MASTER_KEY = MasterKeys.of(1);
    private static final Lease OURS = Lease.of("us", NOW);
    private static final Lease THEIRS = Lease.of("them", NOW.plus(Lease.LENGTH).plusMillis(1));
    private static final Ending ENDING = new Ending(NOW, NOW.plus(Duration.ofDays(90)), NOW.plus(Duration.ofDays(1)));
    private static final Failure NO_RECORD = Failure.noCertificate(
            List.of(Problem.acme("www.example.com", "dns", "no valid A records", "Add one")));

    @Parameter
    TestDatabase database;

    private String apiKeyId;
    private BatchPlan plan;
    private StoredBatch batch;

    @BeforeEach
    void storeABatch() {
        database.clear();
        ApiKey key = new ApiKey("portal", ApiKeyGuid.random());
        database.inTransaction(entityManager -> entityManager.persist(key));
        apiKeyId = key.id();
        plan = OrdersOfTests.plan(apiKeyId, "www.example.com");
        batch = stored(plan);
    }

    // The way of an order

    @Test
    void isSavedInEveryState() throws Exception {
        CertificateOrder order = batch.orders().get(0);
        assertThat(read(batch).orders().get(0).status()).isEqualTo(OrderStatus.NEW);
        order.placed(URI.create("https://ca.example/order/1").toURL(), Optional.empty(), NOW);
        order = save(order);
        assertThat(read(batch).orders().get(0).status()).isEqualTo(OrderStatus.AUTHORIZING);
        order.authorized(NOW);
        order = save(order);
        assertThat(read(batch).batch().status()).isEqualTo(BatchStatus.OPEN);
        order.finalizing(NOW);
        order = save(order);
        assertThat(read(batch).batch().status()).isEqualTo(BatchStatus.FINALIZING);
        order.issued(List.of(new CertificateOfSize(3)), NOW, NOW);
        saveLast(order);
        assertThat(read(batch).batch().status()).isEqualTo(BatchStatus.ISSUED);
        assertThat(read(batch).orders().get(0).status()).isEqualTo(OrderStatus.ISSUED);
        assertThat(database.everythingIn("certificate_order"))
                .contains("https://ca.example/order/1", "www.example.com", "AQID", "AAAA", "ISSUED", "STAGING");
    }

    @Test
    void remembersHowItsNamesAreProvenAndHowFarTheyAre() {
        CertificateOrder order = batch.orders().get(0);
        order.reached(order.names().get(0), "processing", "looked up\0");
        save(order);
        assertThat(read(batch).orders().get(0).progress()).singleElement().satisfies(name -> {
            assertThat(name.name()).isEqualTo(plan.certificates().get(0).get(0));
            assertThat(name.status()).isEqualTo("processing");
            assertThat(name.detail()).isEqualTo("looked up ");
        });
    }

    @Test
    void keepsWhyItFailed() {
        CertificateOrder order = batch.orders().get(0);
        order.failed(NO_RECORD.problems(), NOW);
        save(order);
        withHeld(orders -> orders.failed(batch.batch().id(), OURS, NO_RECORD, ENDING.retention(), NOW));
        assertThat(read(batch).batch().status()).isEqualTo(BatchStatus.FAILED);
        assertThat(read(batch).batch().problems()).isEqualTo(NO_RECORD.problems());
        assertThat(read(batch).batch().failure().status()).isEqualTo(500);
        assertThat(database.everythingIn("certificate_order"))
                .contains("www.example.com urn:ietf:params:acme:error:dns no valid A records");
    }

    @Test
    void belongsToAKeyThatExists() {
        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> stored(OrdersOfTests.plan("nobody", "www.example.com")));
    }

    // Sealed

    @Test
    void showsThePrivateKeyToItsCallerAlone() {
        CertificateOrder order = read(batch).orders().get(0);
        assertThat(order.privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).contains(OrdersOfTests.PRIVATE_KEY);
        assertThat(order.privateKey(MASTER_KEY, SealingKey.ofSecret("API key", "another"))).isEmpty();
        assertThat(order.privateKey(MasterKeys.of(2), OrdersOfTests.CALLER_KEY)).isEmpty();
        assertThat(database.everythingIn("certificate_order"))
                .doesNotContain("the private key", "dGhlIHByaXZhdGUga2V5");
    }

    @Test
    void erasesThePrivateKeyOnDelivery() {
        issue(batch);
        assertThat(read(batch).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isPresent();
        with(orders -> orders.delivered(OrdersOfTests.receipt(batch, true), NOW));
        assertThat(read(batch).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isEmpty();
    }

    @Test
    void erasesThePrivateKeyOfWhatNobodyFetched() {
        issue(batch);
        withRetention(retention -> retention.erase(NOW.minusSeconds(1), ENDING.retention()));
        assertThat(read(batch).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isPresent();
        withRetention(retention -> retention.erase(NOW.minusSeconds(1), ENDING.retention().plusMillis(1)));
        assertThat(read(batch).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isEmpty();
        assertThat(ask((Orders orders) -> orders.claimed(plan))).isEmpty();
    }

    /** They were told that they can read the result from the database, on this node too. */
    @Test
    void leavesThePrivateKeyAMomentForThoseWhoHaveJoined() {
        assertThat(ask((Orders orders) -> orders.join(batch.batch().id(), plan, MASTER_KEY, Optional.empty())))
                .isTrue();
        issue(batch);
        with(orders -> orders.delivered(OrdersOfTests.receipt(batch, true), NOW));
        assertThat(read(batch).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isPresent();
        withRetention(retention -> retention.erase(NOW.minusSeconds(1), NOW.plus(Duration.ofMinutes(1))));
        assertThat(read(batch).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isEmpty();
    }

    /** It is promised to be fetched once, and nobody else waits. */
    @Test
    void erasesThePrivateKeyAtOnceWhenWhoHasJoinedHasFetchedTheResult() {
        BatchPlan later = new BatchPlan(plan.origin(), apiKeyId, plan.callerKey(), plan.endpoint(),
                plan.environment(), plan.profile(), plan.keyType(), plan.certificates(), plan.fingerprint(), false,
                Optional.empty(), Optional.of(new byte[] {7}));
        assertThat(ask((Orders orders) -> orders.join(batch.batch().id(), later, MASTER_KEY, Optional.empty())))
                .isTrue();
        issue(batch);
        with(orders -> orders.delivered(new Receipt(batch.batch().id(), true, plan.origin(), true), NOW));
        assertThat(read(batch).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isEmpty();
    }

    // The same request again

    @Test
    void isJoinedByTheSameRequestUntilItIsDelivered() {
        assertThat(ask((Orders orders) -> orders.claimed(plan))).map(OrderBatch::id).contains(batch.batch().id());
        assertThat(ask((Orders orders) -> orders.claimed(OrdersOfTests.plan(apiKeyId, "other.example.com")))).isEmpty();
        issue(batch);
        assertThat(ask((Orders orders) -> orders.join(batch.batch().id(), plan, MASTER_KEY, Optional.empty())))
                .isTrue();
        with(orders -> orders.delivered(OrdersOfTests.receipt(batch, true), NOW));
        assertThat(ask((Orders orders) -> orders.claimed(plan))).isEmpty();
        assertThat(ask((Orders orders) -> orders.join(batch.batch().id(), plan, MASTER_KEY, Optional.empty())))
                .isFalse();
    }

    @Test
    void isNotJoinedAfterItFailed() {
        withHeld(orders -> orders.failed(batch.batch().id(), OURS, NO_RECORD, ENDING.retention(), NOW));
        assertThat(ask((Orders orders) -> orders.claimed(plan))).isEmpty();
        stored(plan);
    }

    /** Two of three certificates are there and paid for: the next such request orders the third alone. */
    @Test
    void keepsTheCertificatesOfABatchThatFailedForTheNextSuchRequest() {
        BatchPlan three = OrdersOfTests.plan(apiKeyId, "a.example.com", "b.example.com", "c.example.com");
        StoredBatch first = stored(three);
        CertificateOrder issued = first.orders().get(0);
        issued.issued(List.of(new CertificateOfSize(3)), NOW, NOW);
        save(issued);
        withHeld(orders -> orders.failed(first.batch().id(), OURS, NO_RECORD, ENDING.retention(), NOW));

        BatchPlan turned = OrdersOfTests.plan(apiKeyId, "c.example.com", "b.example.com", "a.example.com");
        List<KeyAndCsr> keys = Stream.of(30, 20, 10).map(OrdersOfTests::keyAndCsr).toList();
        StoredBatch revived = ask((Orders orders) ->
                orders.revive(turned, keys, MASTER_KEY, OURS, Optional.empty(), NOW)).orElseThrow();
        assertThat(revived.batch().id()).isEqualTo(first.batch().id());
        assertThat(read(first).batch().status()).isEqualTo(BatchStatus.OPEN);
        assertThat(read(first).orders()).extracting(CertificateOrder::status)
                .containsExactly(OrderStatus.ISSUED, OrderStatus.NEW, OrderStatus.NEW);
        assertThat(read(first).orders()).allSatisfy(order ->
                assertThat(order.privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isPresent());
        assertThat(read(first).orders()).as("the CSRs of their own names").extracting(order -> order.csr()[0])
                .containsExactly((byte) 1, (byte) 20, (byte) 30);
        assertThat(ask((Orders orders) -> orders.revive(turned, keys, MASTER_KEY, THEIRS,
                Optional.empty(), NOW))).isEmpty();
    }

    /** A node that erases may be just about to. */
    @Test
    void isNotRevivedWhenItIsErasedInAMomentButOrderedAnew() {
        BatchPlan two = OrdersOfTests.plan(apiKeyId, "a.example.com", "b.example.com");
        StoredBatch first = stored(two);
        issue(first);
        withHeld(orders -> orders.failed(first.batch().id(), OURS, NO_RECORD, ENDING.retention(), NOW));
        assertThat(revived(two, ENDING.retention().minusSeconds(1))).isEmpty();
        assertThat(ask((Orders orders) -> orders.claimed(two))).isEmpty();
        stored(two);
    }

    @Test
    void isNotRevivedWithACertificateThatWasRevokedButOrderedAnew() {
        BatchPlan two = OrdersOfTests.plan(apiKeyId, "a.example.com", "b.example.com");
        StoredBatch first = stored(two);
        issue(first);
        withHeld(orders -> orders.failed(first.batch().id(), OURS, NO_RECORD, ENDING.retention(), NOW));
        revoke(first);
        assertThat(revived(two, NOW)).isEmpty();
        stored(two);
    }

    /** A later run has read the order before its certificate was revoked. */
    @Test
    void staysRevokedThoughItsBatchIsWorkedOnAgain() {
        StoredBatch first = stored(OrdersOfTests.plan(apiKeyId, "a.example.com", "b.example.com"));
        issue(first);
        CertificateOrder known = read(first).orders().get(0);
        revoke(first);
        assertThat(askHeld(orders -> orders.issuedEarlier(known, OURS, ENDING)).isRevoked()).isTrue();
        CertificateOrder other = first.orders().get(1);
        other.issued(List.of(new CertificateOfSize(4)), NOW, NOW);
        saveLast(other);
        assertThat(read(first).orders().get(0).isRevoked()).isTrue();
        assertThat(read(first).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isEmpty();
        assertThat(read(first).batch().status()).as("nobody gets it").isEqualTo(BatchStatus.OPEN);
    }

    @Test
    void isToldOnceThoughItsBatchIsWorkedOnAgain() {
        StoredBatch first = stored(OrdersOfTests.plan(apiKeyId, "a.example.com", "b.example.com"));
        issue(first);
        withHeld(orders -> orders.issuedEarlier(read(first).orders().get(0), OURS, ENDING));
        assertThat(database.everythingIn("audit_entry")).filteredOn("CERTIFICATE_ISSUED"::equals).hasSize(1);
        assertThat(read(first).batch().status()).isEqualTo(BatchStatus.OPEN);
    }

    @Test
    void isNotJoinedOrReusedWhenItsCertificateIsRevoked() {
        BatchPlan again = OrdersOfTests.plan(apiKeyId, true, Optional.empty(), "reused.example.com");
        StoredBatch first = stored(again);
        issue(first);
        revoke(first);
        assertThat(ask((Orders orders) -> orders.claimed(again))).isEmpty();
        assertThat(ask((Orders orders) -> orders.reusable(again, NOW.minusSeconds(1)))).isEmpty();
        stored(again);
    }

    @Test
    void isForItsCallerAlone() {
        issue(batch);
        CertificateOrder issued = read(batch).orders().get(0);
        assertThat(issued.isFor(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isTrue();
        assertThat(issued.isFor(MASTER_KEY, SealingKey.ofSecret("API key", "the next"))).isFalse();
        revoke(batch);
        assertThat(read(batch).orders().get(0).isFor(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isFalse();
    }

    private void revoke(StoredBatch made) {
        CertificateOrder order = read(made).orders().get(0);
        database.inTransaction(entityManager -> OrdersOfTests.certificates(entityManager)
                .revoked(order, plan.origin(), "superseded", NOW));
    }

    private Optional<StoredBatch> revived(BatchPlan wanted, Instant now) {
        List<KeyAndCsr> keys = wanted.names().stream().map(each -> OrdersOfTests.keyAndCsr()).toList();
        return ask((Orders orders) -> orders.revive(wanted, keys, MASTER_KEY, OURS, Optional.empty(), now));
    }

    @Test
    void isThereOnceForTheSameRequest() {
        assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> stored(plan))
                .satisfies(e -> assertThat(Duplicate.isIn(e)).isTrue());
    }

    @Test
    void answersToTheValueOfItsIdempotencyKeyUntilThatExpires() {
        BatchPlan repeatable = idempotent("value", "body");
        StoredBatch first = stored(repeatable);
        issue(first);
        with(orders -> orders.delivered(OrdersOfTests.receipt(first, true), NOW));
        assertThat(ask((Orders orders) -> orders.repeated(repeatable))).map(IdempotentRequest::batchId)
                .contains(first.batch().id());
        assertThat(ask((Orders orders) -> orders.repeated(repeatable)).orElseThrow().isFor(repeatable)).isTrue();
        assertThat(ask((Orders orders) -> orders.repeated(repeatable)).orElseThrow()
                .isFor(idempotent("value", "other"))).isFalse();
        assertThat(ask((Orders orders) -> orders.repeated(idempotent("other", "body")))).isEmpty();
        assertThat(read(first).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isPresent();
        withRetention(retention -> retention.erase(NOW.minusSeconds(1), NOW.plus(Duration.ofDays(1)).plusMillis(1)));
        assertThat(ask((Orders orders) -> orders.repeated(repeatable))).isEmpty();
    }

    /** It asks to come again, so coming again must be possible. */
    @Test
    void forgetsTheIdempotencyKeyOfWhatShallBeTriedLater() {
        BatchPlan repeatable = idempotent("value", "body");
        StoredBatch first = stored(repeatable);
        withHeld(orders -> orders.failed(first.batch().id(), OURS,
                Failure.rateLimited(List.of(), Duration.ofHours(1), null), ENDING.retention(), NOW));
        assertThat(ask((Orders orders) -> orders.repeated(repeatable))).isEmpty();
    }

    @Test
    void keepsTheRequestsContentAsAKeyedHashAlone() {
        stored(idempotent("the value", "a password"));
        assertThat(database.everythingIn("idempotent_request")).doesNotContain("the value", "a password",
                NameSet.sha256("a password"));
    }

    @Test
    void isReusedUntilItShouldBeRenewed() {
        BatchPlan again = OrdersOfTests.plan(apiKeyId, true, Optional.empty(), "reused.example.com");
        StoredBatch first = stored(again);
        CertificateOrder order = first.orders().get(0);
        Instant renewal = NOW.plus(Duration.ofDays(60));
        order.issued(List.of(new CertificateOfSize(3)), renewal, NOW);
        saveLast(order);
        with(orders -> orders.delivered(OrdersOfTests.receipt(first, true), NOW));
        assertThat(ask((Orders orders) -> orders.reusable(again, renewal.minusSeconds(1)))).isPresent();
        assertThat(ask((Orders orders) -> orders.reusable(again, renewal))).isEmpty();
        assertThat(ask((Orders orders) -> orders.reusable(
                OrdersOfTests.plan(apiKeyId, true, Optional.empty(), "other.example.com"), NOW))).isEmpty();
    }

    // Leases

    @Test
    void isTakenOverByOneNodeWhenItsLeaseHasEnded() {
        Instant end = NOW.plus(Lease.LENGTH);
        assertThat(askHeld((HeldOrders orders) -> orders.takeOver(THEIRS, end))).isEmpty();
        assertThat(askHeld((HeldOrders orders) -> orders.takeOver(THEIRS, end.plusMillis(1))))
                .containsExactly(batch.batch().id());
        assertThat(askHeld((HeldOrders orders) -> orders.takeOver(Lease.of("third", end), end.plusMillis(1))))
                .isEmpty();
    }

    @Test
    void staysWithTheNodeThatRenewsItsLease() {
        withHeld(orders -> orders.renew(List.of(batch.batch().id()), Lease.of("us", NOW.plusSeconds(5))));
        assertThat(askHeld((HeldOrders orders) -> orders.takeOver(THEIRS, NOW.plus(Lease.LENGTH).plusMillis(1))))
                .isEmpty();
    }

    @Test
    void isChangedByNobodyButTheNodeThatHoldsIt() throws Exception {
        withHeld(orders -> orders.takeOver(THEIRS, NOW.plus(Lease.LENGTH).plusMillis(1)));
        CertificateOrder order = batch.orders().get(0);
        order.placed(URI.create("https://ca.example/order/1").toURL(), Optional.empty(), NOW);
        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> save(order));
        assertThatExceptionOfType(LeaseLost.class)
                .isThrownBy(() -> withHeld(orders ->
                        orders.failed(batch.batch().id(), OURS, NO_RECORD, ENDING.retention(), NOW)));
        assertThat(read(batch).orders().get(0).status()).isEqualTo(OrderStatus.NEW);
        assertThat(read(batch).batch().status()).isEqualTo(BatchStatus.OPEN);
    }

    /** The lease names the node, and an earlier run of it may still be at work. */
    @Test
    void isLostToALaterRunOfTheSameNode() throws Exception {
        CertificateOrder earlier = read(batch).orders().get(0);
        CertificateOrder later = read(batch).orders().get(0);
        later.placed(URI.create("https://ca.example/order/2").toURL(), Optional.empty(), NOW);
        save(later);
        earlier.failed(NO_RECORD.problems(), NOW);
        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> save(earlier));
        assertThat(read(batch).orders().get(0).status()).isEqualTo(OrderStatus.AUTHORIZING);
    }

    @Test
    void isNotTakenOverOnceItHasEnded() {
        issue(batch);
        assertThat(askHeld((HeldOrders orders) -> orders.takeOver(THEIRS, NOW.plus(Duration.ofDays(1))))).isEmpty();
    }

    @Test
    void isTakenUpAgainWhenItWasPutDown() {
        withHeld(orders -> orders.release(batch.batch().id(), OURS, NOW.plusSeconds(1)));
        assertThat(askHeld((HeldOrders orders) -> orders.takeOver(OURS, NOW.plusSeconds(2))))
                .containsExactly(batch.batch().id());
    }

    @Test
    void isCancelledBeforeTheCaHasACsr() {
        Failure cancelled = Failure.noCertificate(List.of(Problem.own(null, "cancelled", "It was cancelled", "Wait")));
        assertThat(ask((Orders orders) -> orders.cancel(batch.batch().id(), cancelled, plan.origin(), NOW))).isTrue();
        assertThat(read(batch).batch().problems()).isEqualTo(cancelled.problems());
        assertThat(read(batch).orders().get(0).status()).isEqualTo(OrderStatus.FAILED);
        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> save(batch.orders().get(0)));
    }

    @Test
    void isNotCancelledAfterThat() {
        CertificateOrder order = batch.orders().get(0);
        order.finalizing(NOW);
        save(order);
        assertThat(ask((Orders orders) -> orders.cancel(batch.batch().id(), NO_RECORD, plan.origin(),
                NOW))).isFalse();
    }

    // Sizes

    /** 100 names of 253 characters; their CSR with a 4096-bit key; a chain of four such certificates. */
    @Test
    void storesTheLargestOrder() throws Exception {
        StoredBatch large = stored(OrdersOfTests.plan(apiKeyId, longestNames().toArray(String[]::new)));
        CertificateOrder order = large.orders().get(99);
        order.placed(URI.create("https://ca.example/" + "o".repeat(981)).toURL(), Optional.empty(), NOW);
        order.issued(List.of(new CertificateOfSize(100 * 260 + 3_000), new CertificateOfSize(2_500),
                new CertificateOfSize(2_500), new CertificateOfSize(2_500)), NOW, NOW);
        saveLast(order);
        assertThat(read(large).orders().get(99).status()).isEqualTo(OrderStatus.ISSUED);
    }

    @Test
    void keepsTheProblemsOfTheLargestOrderHoweverMuchTheCaSaid() {
        StoredBatch large = stored(OrdersOfTests.plan(apiKeyId, longestNames().toArray(String[]::new)));
        List<Problem> problems = longestNames().stream()
                .map(name -> Problem.acme(name, "unauthorized", "é".repeat(2_000), "Look")).toList();
        CertificateOrder order = large.orders().get(0);
        order.failed(problems, NOW);
        save(order);
        withHeld(orders -> orders.failed(large.batch().id(), OURS, Failure.noCertificate(problems), ENDING.retention(),
                NOW));
        assertThat(read(large).batch().problems()).hasSize(100);
    }

    /** A CA quotes what it found at a caller's server, and PostgreSQL takes every character but this one. */
    @Test
    void keepsAProblemWithANulCharacter() {
        Failure failure = Failure.noCertificate(
                List.of(Problem.acme("www.example.com", "unauthorized", "got \"\u0000\"", "Look")));
        CertificateOrder order = batch.orders().get(0);
        order.failed(failure.problems(), NOW);
        save(order);
        withHeld(orders -> orders.failed(batch.batch().id(), OURS, failure, ENDING.retention(), NOW));
        assertThat(read(batch).batch().problems().get(0).detail()).isEqualTo("got \" \"");
    }

    private static List<String> longestNames() {
        String end = ("." + "a".repeat(61)).repeat(3) + ".example";
        return IntStream.range(0, 100).mapToObj(i -> "n%058d".formatted(i) + end).toList();
    }

    private BatchPlan idempotent(String value, String body) {
        return OrdersOfTests.plan(apiKeyId, false,
                Optional.of(new Idempotency(value, body.getBytes(StandardCharsets.US_ASCII))), "again.example.com");
    }

    private StoredBatch stored(BatchPlan wanted) {
        StoredBatch made = OrdersOfTests.batch(wanted, MASTER_KEY, "us");
        with(orders -> orders.add(made.batch(), made.orders(), wanted.idempotency().map(idempotency ->
                new IdempotentRequest(wanted, made.batch().id(), NOW.plus(Duration.ofDays(1))))));
        return made;
    }

    private void issue(StoredBatch made) {
        CertificateOrder order = made.orders().get(0);
        order.issued(List.of(new CertificateOfSize(3)), NOW, NOW);
        saveLast(order);
    }

    private StoredBatch read(StoredBatch made) {
        return ask(orders -> orders.find(made.batch().id())).orElseThrow();
    }

    private CertificateOrder save(CertificateOrder order) {
        return askHeld(orders -> order.status() == OrderStatus.ISSUED ? orders.issued(order, OURS, ENDING)
                : orders.save(order, OURS));
    }

    private void saveLast(CertificateOrder order) {
        withHeld(orders -> orders.issued(order, OURS, ENDING));
    }

    private void with(Consumer<Orders> work) {
        ask(orders -> {
            work.accept(orders);
            return null;
        });
    }

    private <T> T ask(Function<Orders, T> work) {
        return database.transactionally(entityManager -> work.apply(OrdersOfTests.orders(entityManager)));
    }

    private void withHeld(Consumer<HeldOrders> work) {
        askHeld(orders -> {
            work.accept(orders);
            return null;
        });
    }

    private <T> T askHeld(Function<HeldOrders, T> work) {
        return database.transactionally(entityManager -> work.apply(OrdersOfTests.heldOrders(entityManager)));
    }

    private void withRetention(Consumer<Retention> work) {
        database.inTransaction(entityManager -> work.accept(OrdersOfTests.retention(entityManager)));
    }
}
