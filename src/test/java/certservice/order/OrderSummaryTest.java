package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The short rows say the same as the long ones, whatever becomes of an order. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class OrderSummaryTest {

    private static final Instant NOW = OrdersOfTests.NOW;
    private static final String COLUMNS = "batch_id, environment, names, serial, issued, expires, revoked, replaced";

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
        plan = OrdersOfTests.plan(apiKeyId, "a.example.com", "b.example.com");
        batch = OrdersOfTests.stored(database, plan, NOW);
    }

    @Test
    void isThereFromTheBeginning() {
        assertThat(rows("order_summary")).hasSize(2).isEqualTo(rows("certificate_order"));
    }

    @Test
    void knowsTheCertificate() {
        OrdersOfTests.issue(database, batch, 3, NOW);
        assertThat(rows("order_summary")).isEqualTo(rows("certificate_order"));
        assertThat(database.everythingIn("order_summary")).contains("03", "04");
    }

    @Test
    void knowsThatItWasReplacedAndRevoked() throws MalformedURLException {
        OrdersOfTests.issue(database, batch, 3, NOW);
        StoredBatch next = OrdersOfTests.stored(database, OrdersOfTests.plan(apiKeyId, "a.example.com"), NOW);
        next.orders().get(0).placed(URI.create("https://ca.example/order/2").toURL(),
                Optional.of(batch.orders().get(0)), NOW);
        OrdersOfTests.issue(database, next, 5, NOW);
        database.inTransaction(entityManager -> OrdersOfTests.certificates(entityManager)
                .revoked(batch.orders().get(1), plan.origin(), "superseded", NOW));
        assertThat(rows("order_summary")).hasSize(3).isEqualTo(rows("certificate_order"));
        assertThat(rows("order_summary where replaced = true")).hasSize(1);
        assertThat(rows("order_summary where revoked is not null")).hasSize(1);
    }

    @Test
    void goesWithTheOrder() {
        OrdersOfTests.issue(database, batch, 3, NOW);
        Instant later = NOW.plus(Duration.ofDays(1000));
        int removed = database.transactionally(entityManager ->
                OrdersOfTests.retention(entityManager).remove(later, later));
        assertThat(removed).isOne();
        assertThat(rows("order_summary")).isEmpty();
    }

    private List<List<Object>> rows(String table) {
        String id = table.startsWith("order_summary") ? "order_id" : "id";
        return database.transactionally(entityManager -> {
            List<?> rows = entityManager.createNativeQuery("select " + id + ", " + COLUMNS + " from " + table
                    + (table.contains("where") ? "" : " order by " + id)).getResultList();
            return rows.stream().map(row -> Arrays.asList((Object[]) row)).toList();
        });
    }
}
