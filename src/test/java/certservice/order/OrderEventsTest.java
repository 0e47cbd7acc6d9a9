package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.TestDatabase;
import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What the audit trail has after what happens to orders. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class OrderEventsTest {

    private static final Instant NOW = OrdersOfTests.NOW;
    private static final MasterKey MASTER_KEY = MasterKeys.of(1);
    private static final Lease OURS = Lease.of("us", NOW);
    private static final Ending ENDING = new Ending(NOW, NOW.plus(Duration.ofDays(90)), NOW.plus(Duration.ofDays(1)));
    private static final Failure NO_RECORD = Failure.noCertificate(
            List.of(Problem.acme("www.example.com", "dns", "no valid A records", "Add one")));

    @Parameter
    TestDatabase database;

    private BatchPlan plan;
    private StoredBatch batch;
    private String order;
    private CertificateOrder saved;

    @BeforeEach
    void order() {
        database.clear();
        ApiKey key = new ApiKey("portal", ApiKeyGuid.random());
        database.inTransaction(entityManager -> entityManager.persist(key));
        plan = OrdersOfTests.plan(key.id(), "www.example.com", "example.org");
        batch = OrdersOfTests.batch(plan, MASTER_KEY, "us");
        order = "order " + batch.batch().id();
        with(orders -> orders.add(batch.batch(), batch.orders(), Optional.empty()));
    }

    @Test
    void tellWhatWasRequestedAndByWhom() {
        assertThat(recorded()).containsExactly("CERTIFICATE_REQUESTED www.example.com,example.org null " + order
                + ", /pem, staging, classic, RSA2048");
        assertThat(database.everythingIn("audit_entry")).contains("API_KEY", "portal", "192.0.2.1", "3a0d3c0e-request",
                plan.apiKeyId(), "SUCCEEDED");
    }

    @Test
    void tellOfARequestThatJoins() {
        with(orders -> orders.join(batch.batch().id(), plan, MASTER_KEY, Optional.empty()));
        assertThat(recorded()).hasSize(2).allSatisfy(entry -> assertThat(entry).startsWith("CERTIFICATE_REQUESTED"));
    }

    @Test
    void tellOfEachCertificateAndEachPrivateKey() {
        issue();
        with(orders -> orders.delivered(OrdersOfTests.receipt(batch, true), NOW));
        assertThat(recorded().subList(1, 5)).map(entry -> entry.replaceAll("valid until .*", "")).containsExactly(
                "CERTIFICATE_ISSUED www.example.com 03 " + order + ", staging, ",
                "CERTIFICATE_ISSUED example.org 03 " + order + ", staging, ",
                "PRIVATE_KEY_DELIVERED www.example.com 03 " + order,
                "PRIVATE_KEY_DELIVERED example.org 03 " + order);
    }

    @Test
    void tellOfADeliveryAlsoWhenTheKeyIsErasedAlready() {
        issue();
        with(orders -> orders.delivered(OrdersOfTests.receipt(batch, true), NOW));
        with(orders -> orders.delivered(OrdersOfTests.receipt(batch, true), NOW));
        assertThat(recorded()).filteredOn(entry -> entry.startsWith("PRIVATE_KEY_DELIVERED")).hasSize(4);
    }

    @Test
    void tellOfADeliveryOfWhichTheDatabaseHeardLater() {
        Receipt receipt = OrdersOfTests.receipt(batch, true);
        with(orders -> assertThat(orders.deliveredLate(receipt, NOW, NOW.plusSeconds(60))).isFalse());
        assertThat(recorded()).noneMatch(entry -> entry.startsWith("PRIVATE_KEY_DELIVERED"));
        issue();
        with(orders -> assertThat(orders.deliveredLate(receipt, NOW, NOW.plusSeconds(60))).isTrue());
        assertThat(recorded().subList(3, 5)).containsExactly(
                "PRIVATE_KEY_DELIVERED www.example.com 03 " + order + ", delivered at " + NOW
                        + " while the database was away",
                "PRIVATE_KEY_DELIVERED example.org 03 " + order + ", delivered at " + NOW
                        + " while the database was away");
    }

    @Test
    void tellOfNoDeliveryOfKeysThatStayWithTheCaller() {
        issue();
        with(orders -> orders.delivered(OrdersOfTests.receipt(batch, false), NOW));
        assertThat(recorded()).noneMatch(entry -> entry.startsWith("PRIVATE_KEY_DELIVERED"));
    }

    @Test
    void tellTheTypesOfProblemsOfWhatFailed() {
        held(orders -> orders.failed(batch.batch().id(), OURS, NO_RECORD, ENDING.retention(), NOW));
        assertThat(recorded().get(1)).isEqualTo("CERTIFICATE_FAILED www.example.com,example.org null " + order
                + ": www.example.com urn:ietf:params:acme:error:dns");
    }

    @Test
    void tellOfACancellationOnce() {
        with(orders -> orders.cancel(batch.batch().id(), NO_RECORD, plan.origin(), NOW));
        with(orders -> orders.cancel(batch.batch().id(), NO_RECORD, plan.origin(), NOW));
        assertThat(recorded().subList(1, 2)).containsExactly("ORDER_CANCELLED www.example.com,example.org null "
                + order);
    }

    @Test
    void tellOfARevocationOnce() {
        issue();
        for (int i = 0; i < 2; i++) {
            database.inTransaction(entityManager -> {
                Certificates certificates = new Certificates();
                certificates.entityManager = entityManager;
                certificates.events = OrdersOfTests.events(entityManager);
                certificates.revoked(saved, plan.origin(), "keyCompromise", NOW);
            });
        }
        assertThat(recorded().subList(3, recorded().size())).containsExactly(
                "CERTIFICATE_REVOKED www.example.com 03 keyCompromise");
    }

    @Test
    void tellNothingOfWhatWasNotDone() {
        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> held(orders -> orders.failed(batch.batch().id(),
                Lease.of("them", NOW), NO_RECORD, ENDING.retention(), NOW)));
        assertThat(recorded()).hasSize(1);
    }

    private void issue() {
        List<CertificateOrder> all = batch.orders();
        for (int i = 0; i < all.size(); i++) {
            CertificateOrder each = all.get(i);
            each.issued(List.of(new CertificateOfSize(3)), NOW, NOW);
            boolean first = i == 0;
            held(orders -> {
                CertificateOrder issued = orders.issued(each, OURS, ENDING);
                saved = first ? issued : saved;
            });
        }
    }

    private List<String> recorded() {
        return database.transactionally(entityManager -> {
            List<?> rows = entityManager.createNativeQuery("select action, names, serial, detail from audit_entry"
                    + " order by entry_number").getResultList();
            return rows.stream().map(row -> String.join(" ", Stream.of((Object[]) row).map(String::valueOf).toList()))
                    .toList();
        });
    }

    private void with(Consumer<Orders> work) {
        database.inTransaction(entityManager -> work.accept(OrdersOfTests.orders(entityManager)));
    }

    private void held(Consumer<HeldOrders> work) {
        database.inTransaction(entityManager -> work.accept(OrdersOfTests.heldOrders(entityManager)));
    }
}
