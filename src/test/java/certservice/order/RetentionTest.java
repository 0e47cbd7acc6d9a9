package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import certservice.problem.Failure;
import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Which records are removed, and which stay. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class RetentionTest {

    private static final MasterKey MASTER_KEY = MasterKeys.of(1);
    private static final Instant NOW = OrdersOfTests.NOW;
    private static final Lease OURS = Lease.of("us", NOW);

    /** The end of every certificate of these tests, and long after it. */
    private static final Instant EXPIRY = new CertificateOfSize(3).getNotAfter().toInstant();
    private static final Instant LATER = EXPIRY.plus(Duration.ofDays(400));

    @Parameter
    TestDatabase database;

    private String apiKeyId;

    @BeforeEach
    void clear() {
        database.clear();
        ApiKey key = new ApiKey("portal", ApiKeyGuid.random());
        database.inTransaction(entityManager -> entityManager.persist(key));
        apiKeyId = key.id();
    }

    @Test
    void removesWhatEndedBeforeTheRetentionWithAllThatBelongsToIt() {
        StoredBatch issued = issued("a.example.com", LATER.minusSeconds(2));
        StoredBatch younger = issued("b.example.com", LATER);
        StoredBatch failed = stored("c.example.com");
        database.inTransaction(entityManager -> OrdersOfTests.heldOrders(entityManager).failed(failed.batch().id(),
                OURS, Failure.noCertificate(List.of()), LATER, LATER.minusSeconds(3)));
        assertThat(remove(LATER, LATER)).isEqualTo(2);
        assertThat(isThere(issued)).isFalse();
        assertThat(isThere(failed)).isFalse();
        assertThat(isThere(younger)).isTrue();
        assertThat(database.everythingIn("certificate_order")).contains("b.example.com")
                .doesNotContain("a.example.com", "c.example.com");
        assertThat(database.everythingIn("idempotent_request")).contains(younger.batch().id())
                .doesNotContain(issued.batch().id());
        assertThat(remove(LATER, LATER)).isZero();
    }

    @Test
    void leavesWhatIsWorkedOnHoweverOldItIs() {
        StoredBatch open = stored("a.example.com");
        assertThat(remove(LATER, LATER)).isZero();
        assertThat(isThere(open)).isTrue();
    }

    @Test
    void leavesACertificateThatIsStillValid() {
        StoredBatch issued = issued("a.example.com", NOW);
        assertThat(remove(EXPIRY, EXPIRY.minusSeconds(1))).isZero();
        assertThat(remove(EXPIRY, EXPIRY)).isEqualTo(1);
        assertThat(isThere(issued)).isFalse();
    }

    @Test
    void leavesWhatAnUnfinishedOrderReplaces() throws MalformedURLException {
        StoredBatch old = issued("a.example.com", NOW);
        StoredBatch next = stored("other.example.com");
        CertificateOrder order = next.orders().get(0);
        order.placed(URI.create("https://ca.example/order/1").toURL(), Optional.of(read(old).orders().get(0)), LATER);
        CertificateOrder placed = database.transactionally(entityManager ->
                OrdersOfTests.heldOrders(entityManager).save(order, OURS));
        assertThat(remove(LATER, LATER)).isZero();
        issue(placed, LATER);
        assertThat(remove(LATER, LATER)).isEqualTo(1);
        assertThat(isThere(old)).isFalse();
        assertThat(isThere(next)).isTrue();
    }

    @Test
    void removesAHundredAtOnceTheOldestFirst() {
        for (int i = 0; i < 102; i++) {
            issued("n" + i + ".example.com", LATER.minusSeconds(i));
        }
        assertThat(remove(LATER.plusSeconds(1), LATER)).isEqualTo(Retention.AT_ONCE);
        assertThat(database.everythingIn("certificate_order")).contains("n0.example.com", "n1.example.com")
                .doesNotContain("n2.example.com", "n101.example.com");
        assertThat(remove(LATER.plusSeconds(1), LATER)).isEqualTo(2);
    }

    private int remove(Instant finished, Instant now) {
        return database.transactionally(entityManager -> OrdersOfTests.retention(entityManager).remove(finished, now));
    }

    private StoredBatch stored(String name) {
        BatchPlan plan = OrdersOfTests.plan(apiKeyId, false,
                Optional.of(new Idempotency(name, name.getBytes(StandardCharsets.US_ASCII))), name);
        StoredBatch made = OrdersOfTests.batch(plan, MASTER_KEY, "us");
        database.inTransaction(entityManager -> OrdersOfTests.orders(entityManager).add(made.batch(), made.orders(),
                Optional.of(new IdempotentRequest(plan, made.batch().id(), NOW))));
        return made;
    }

    private StoredBatch issued(String name, Instant moment) {
        StoredBatch made = stored(name);
        issue(made.orders().get(0), moment);
        return made;
    }

    private void issue(CertificateOrder order, Instant moment) {
        order.issued(List.of(new CertificateOfSize(3)), moment, moment);
        database.inTransaction(entityManager -> OrdersOfTests.heldOrders(entityManager).issued(order, OURS,
                new Ending(moment, EXPIRY, moment)));
    }

    private StoredBatch read(StoredBatch made) {
        return database.transactionally(entityManager -> OrdersOfTests.orders(entityManager).find(made.batch().id()))
                .orElseThrow();
    }

    private boolean isThere(StoredBatch made) {
        return database.transactionally(entityManager ->
                OrdersOfTests.orders(entityManager).find(made.batch().id()).isPresent());
    }
}
