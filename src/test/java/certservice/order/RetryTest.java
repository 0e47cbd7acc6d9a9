package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What has failed is tried again, since an administrator wants it. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class RetryTest {

    private static final MasterKey MASTER_KEY = MasterKeys.of(1);
    private static final Instant NOW = OrdersOfTests.NOW;
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final Instant ERASURE = NOW.plus(Duration.ofDays(1));
    private static final Lease OURS = Lease.of("us", NOW);
    private static final Lease THEIRS = Lease.of("them", LATER.plusSeconds(1));
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

    @Test
    void beginsAnewWithTheSameKey() throws Exception {
        CertificateOrder order = batch.orders().get(0);
        order.placed(URI.create("https://ca.example/order/1").toURL(), Optional.empty(), NOW);
        CertificateOrder placed = database.transactionally(entityManager ->
                OrdersOfTests.heldOrders(entityManager).save(order, OURS));
        placed.failed(NO_RECORD.problems(), NOW);
        held(orders -> orders.save(placed, OURS));
        fail(batch);

        assertThat(retry(batch)).isTrue();
        StoredBatch again = read(batch);
        assertThat(again.batch().status()).isEqualTo(BatchStatus.OPEN);
        assertThat(again.batch().problems()).isEmpty();
        assertThat(again.batch().created()).as("it has all its time").isEqualTo(LATER);
        assertThat(again.batch().erasure()).isEmpty();
        assertThat(again.orders()).singleElement().satisfies(first -> {
            assertThat(first.status()).isEqualTo(OrderStatus.NEW);
            assertThat(first.url()).as("the old order at the CA").isEmpty();
            assertThat(first.csr()).isEqualTo(batch.orders().get(0).csr());
            assertThat(first.privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).contains(OrdersOfTests.PRIVATE_KEY);
            assertThat(first.progress()).extracting(NameProgress::status).containsExactly(NameProgress.PENDING);
        });
        assertThat(database.everythingIn("certificate_order")).doesNotContain(
                "www.example.com urn:ietf:params:acme:error:dns no valid A records");
    }

    @Test
    void isTakenUpByAnyNodeAndJoinedByTheSameRequestWhichGetsTheResult() {
        fail(batch);
        assertThat(ask((Orders orders) -> orders.claimed(plan))).isEmpty();
        assertThat(retry(batch)).isTrue();
        List<String> taken = database.transactionally(entityManager ->
                OrdersOfTests.heldOrders(entityManager).takeOver(THEIRS, LATER.plusMillis(1)));
        assertThat(taken).containsExactly(batch.batch().id());
        assertThat(ask((Orders orders) -> orders.claimed(plan))).map(OrderBatch::id).contains(batch.batch().id());
        assertThat(ask((Orders orders) -> orders.join(batch.batch().id(), plan, MASTER_KEY, Optional.empty())))
                .isTrue();
        CertificateOrder order = read(batch).orders().get(0);
        order.issued(List.of(new CertificateOfSize(3)), LATER, LATER);
        held(orders -> orders.issued(order, THEIRS, new Ending(LATER, ERASURE, ERASURE)));
        assertThat(read(batch).batch().status()).isEqualTo(BatchStatus.ISSUED);
        assertThat(read(batch).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isPresent();
    }

    @Test
    void happensOnce() {
        fail(batch);
        assertThat(retry(batch)).isTrue();
        assertThat(retry(batch)).isFalse();
    }

    @Test
    void leavesAloneWhatHasNotFailed() {
        assertThat(retry(batch)).isFalse();
        assertThat(ask((Orders orders) -> orders.retry("nothing", plan.origin(), LATER))).isFalse();
        issue(batch.orders().get(0));
        assertThat(retry(batch)).isFalse();
        assertThat(read(batch).batch().status()).isEqualTo(BatchStatus.ISSUED);
    }

    @Test
    void isImpossibleWithoutTheKeys() {
        fail(batch);
        assertThat(ask((Orders orders) -> orders.retry(batch.batch().id(), plan.origin(), ERASURE)))
                .as("in a moment").isFalse();
        erase(ERASURE.plusMillis(1));
        assertThat(retry(batch)).isFalse();
        assertThat(read(batch).batch().status()).isEqualTo(BatchStatus.FAILED);
    }

    @Test
    void keepsTheKeysOfWhatFailedUntilTheRetentionIsOver() {
        fail(batch);
        erase(ERASURE);
        assertThat(read(batch).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isPresent();
        erase(ERASURE.plusMillis(1));
        assertThat(read(batch).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isEmpty();
        assertThat(database.everythingIn("certificate_order")).as("the CSR").doesNotContain("AQID");
    }

    /** Between the look for what is due and the erasure. */
    @Test
    void keepsItsKeysThoughItWasDueAMomentAgo() {
        fail(batch);
        assertThat(retry(batch)).isTrue();
        boolean erased = database.transactionally(entityManager -> OrdersOfTests.retention(entityManager)
                .eraseIfDue(batch.batch().id(), ERASURE.plusMillis(1)));
        assertThat(erased).isFalse();
        assertThat(ask((Orders orders) -> orders.claimed(plan))).isPresent();
    }

    @Test
    void isImpossibleAfterACancellationWhichErasesAtOnce() {
        assertThat(ask((Orders orders) -> orders.cancel(batch.batch().id(), NO_RECORD, plan.origin(), NOW))).isTrue();
        assertThat(read(batch).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isEmpty();
        assertThat(database.everythingIn("certificate_order")).doesNotContain("AQID");
        assertThat(retry(batch)).isFalse();
    }

    @Test
    void makesNoSecondOrderForWhatWasOrderedAnew() {
        fail(batch);
        StoredBatch anew = stored(plan);
        assertThat(retry(batch)).isFalse();
        issue(anew.orders().get(0));
        assertThat(retry(batch)).as("not delivered").isFalse();
        with(orders -> orders.delivered(OrdersOfTests.receipt(anew, true), LATER));
        assertThat(retry(batch)).isTrue();
    }

    @Test
    void ordersOnlyWhatIsMissing() {
        StoredBatch two = stored(OrdersOfTests.plan(apiKeyId, "a.example.com", "b.example.com"));
        CertificateOrder issued = two.orders().get(0);
        issued.issued(List.of(new CertificateOfSize(3)), NOW, NOW);
        held(orders -> orders.issued(issued, OURS, new Ending(NOW, ERASURE, ERASURE)));
        fail(two);
        assertThat(retry(two)).isTrue();
        assertThat(read(two).orders()).extracting(CertificateOrder::status)
                .containsExactly(OrderStatus.ISSUED, OrderStatus.NEW);
    }

    /** Their keys would be erased, and somebody may have paid for them by a limit of the CA. */
    @Test
    void isNotCancelledWhenSomeOfItsCertificatesAreThere() {
        StoredBatch two = stored(OrdersOfTests.plan(apiKeyId, "a.example.com", "b.example.com"));
        issue(two.orders().get(0));
        fail(two);
        assertThat(retry(two)).isTrue();
        assertThat(ask((Orders orders) -> orders.cancel(two.batch().id(), NO_RECORD, plan.origin(), LATER))).isFalse();
        assertThat(read(two).batch().status()).isEqualTo(BatchStatus.OPEN);
        assertThat(read(two).orders().get(0).privateKey(MASTER_KEY, OrdersOfTests.CALLER_KEY)).isPresent();
    }

    @Test
    void keepsHowAResultThatIsFetchedLaterShallBeWritten() {
        BatchPlan later = new BatchPlan(plan.origin(), apiKeyId, plan.callerKey(), plan.endpoint(),
                plan.environment(), plan.profile(), plan.keyType(), plan.certificates(), NameSet.sha256("later"), false,
                Optional.empty(), Optional.of(new byte[] {7}));
        StoredBatch asynchronous = stored(later);
        fail(asynchronous);
        assertThat(retry(asynchronous)).isTrue();
        assertThat(read(asynchronous).batch().options(MASTER_KEY, OrdersOfTests.CALLER_KEY)).contains(new byte[] {7});
    }

    private boolean retry(StoredBatch made) {
        return ask((Orders orders) -> orders.retry(made.batch().id(), plan.origin(), LATER));
    }

    private void fail(StoredBatch made) {
        held(orders -> orders.failed(made.batch().id(), OURS, NO_RECORD, ERASURE, NOW));
    }

    private void erase(Instant now) {
        database.inTransaction(entityManager -> OrdersOfTests.retention(entityManager).erase(NOW.minusSeconds(1), now));
    }

    private void issue(CertificateOrder order) {
        order.issued(List.of(new CertificateOfSize(3)), NOW, NOW);
        held(orders -> orders.issued(order, OURS, new Ending(NOW, ERASURE, ERASURE)));
    }

    private StoredBatch stored(BatchPlan wanted) {
        StoredBatch made = OrdersOfTests.batch(wanted, MASTER_KEY, "us");
        with(orders -> orders.add(made.batch(), made.orders(), Optional.empty()));
        return made;
    }

    private StoredBatch read(StoredBatch made) {
        return ask((Orders orders) -> orders.find(made.batch().id())).orElseThrow();
    }

    private void held(Consumer<HeldOrders> work) {
        database.inTransaction(entityManager -> work.accept(OrdersOfTests.heldOrders(entityManager)));
    }

    private void with(Consumer<Orders> work) {
        database.inTransaction(entityManager -> work.accept(OrdersOfTests.orders(entityManager)));
    }

    private <T> T ask(Function<Orders, T> work) {
        return database.transactionally(entityManager -> work.apply(OrdersOfTests.orders(entityManager)));
    }
}
