package certservice.admin;

import static certservice.admin.AdministrationOfTests.ALICE;
import static certservice.admin.AdministrationOfTests.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import certservice.order.OrderBatch;
import certservice.order.OrdersOfTests;
import certservice.order.StoredBatch;
import certservice.problem.Failure;
import certservice.problem.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Four requests: one is worked on, one can't be stopped any more, one was issued, and one, the newest, has failed. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class OrderAdministrationTest {

    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private static final Failure NO_RECORD = Failure.noCertificate(
            List.of(Problem.acme("www.example.net", "dns", "no valid A records", "Add one")));

    @Parameter
    TestDatabase database;

    private AdministrationOfTests admin;
    private String keyId;
    private String pending;
    private String processing;
    private String valid;
    private String invalid;

    @BeforeEach
    void storeRequests() {
        database.clear();
        admin = new AdministrationOfTests(database);
        ApiKey key = new ApiKey("Portal_1", ApiKeyGuid.random());
        database.inTransaction(entityManager -> entityManager.persist(key));
        keyId = key.id();
        pending = store(0, "a.example.com", "b.example.com").batch().id();
        StoredBatch second = store(1, "finishing.example.com");
        OrdersOfTests.finish(database, second, NOW);
        processing = second.batch().id();
        StoredBatch third = store(2, "*.example.org");
        OrdersOfTests.issue(database, third, 3, NOW);
        valid = third.batch().id();
        StoredBatch fourth = store(3, "www.example.net");
        OrdersOfTests.fail(database, fourth, NO_RECORD, NOW);
        invalid = fourth.batch().id();
    }

    @Test
    void showsARequestAsItIs() {
        OrderDetails details = get(invalid);
        assertThat(details.keyLabel()).isEqualTo("Portal_1");
        assertThat(details.requestId()).isEqualTo("3a0d3c0e-request");
        assertThat(details.endpoint()).isEqualTo("pem");
        assertThat(details.environment()).isEqualTo("staging");
        assertThat(details.profile()).isEqualTo("classic");
        assertThat(details.keyType()).isEqualTo("RSA2048");
        assertThat(details.status()).isEqualTo("invalid");
        assertThat(details.problems()).isEqualTo(NO_RECORD.problems());
        assertThat(details.created()).isEqualTo(NOW.plusSeconds(3));
        assertThat(details.finished()).isEqualTo(NOW);
        assertThat(details.delivered()).isNull();
        assertThat(get(pending).names()).containsExactly(
                new OrderDetails.Name("a.example.com", "pending", "http-01", null),
                new OrderDetails.Name("b.example.com", "pending", "http-01", null));
    }

    @Test
    void saysWhatCanBeDoneAboutIt() {
        assertThat(all()).extracting(OrderDetails::retriable).containsExactly(true, false, false, false);
        assertThat(all()).extracting(OrderDetails::cancellable).containsExactly(false, false, false, true);
    }

    @Test
    void listsTheNewestFirstPageAfterPage() {
        assertThat(all()).extracting(OrderDetails::id).containsExactly(invalid, valid, processing, pending);
        Page<OrderDetails> page = admin.orders(orders -> orders.list(new Search("", 1, 2), null));
        assertThat(page.items()).extracting(OrderDetails::id).containsExactly(valid, processing);
        assertThat(page.total()).isEqualTo(4);
    }

    @Test
    void listsMoreThanItReadsAtOnceAndKeepsNoneOfItsOrders() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 45; i++) {
            ids.add(0, store(10 + i, "n" + i + ".example").batch().id());
        }
        List<OrderDetails> listed = admin.orders(orders -> {
            OrderBatch kept = orders.entityManager.find(OrderBatch.class, ids.get(0));
            List<OrderDetails> items = orders.list(new Search("", 0, 45), null).items();
            assertThat(orders.entityManager.contains(kept)).isFalse();
            return items;
        });
        assertThat(listed).extracting(OrderDetails::id).containsExactlyElementsOf(ids);
    }

    @ParameterizedTest
    @ValueSource(strings = {"B.EXAMPLE", " b.example.com "})
    void findsPartsOfNames(String text) {
        assertThat(found(text)).containsExactly(pending);
    }

    @Test
    void findsIdsRequestIdsAndKeys() {
        assertThat(found(valid.substring(0, 30).toUpperCase(Locale.ROOT))).containsExactly(valid);
        assertThat(found("3a0d3c0e")).hasSize(4);
        assertThat(found("portal_")).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "portalx", "a_example", "\\", "'", "!", "nonesuch"})
    void findsNothingThatIsNotThere(String text) {
        assertThat(found(text)).isEmpty();
    }

    @Test
    void listsThoseOfAStatus() {
        assertThat(ofStatus("pending")).containsExactly(pending);
        assertThat(ofStatus("processing")).containsExactly(processing);
        assertThat(ofStatus("valid")).containsExactly(valid);
        assertThat(ofStatus("invalid")).containsExactly(invalid);
        assertFails(400, "status is 'lost'; allowed are invalid, pending, processing, valid", () -> ofStatus("lost"));
    }

    @Test
    void showsWhatIsWorkedOnOldestFirst() {
        assertThat(admin.orders(OrderAdministration::running)).extracting(OrderDetails::id)
                .containsExactly(pending, processing);
    }

    @Test
    void retriesWhatHasFailed() {
        OrderDetails again = admin.orders(orders -> orders.retry(invalid, ALICE));
        assertThat(again.status()).isEqualTo("pending");
        assertThat(again.problems()).isEmpty();
        assertThat(again.retriable()).isFalse();
        assertThat(admin.recorded()).last().asString()
                .isEqualTo("ORDER_RETRIED alice 192.0.2.1 www.example.net order " + invalid + ", via rest");
        assertFails(409, "can't be tried again", () -> admin.orders(orders -> orders.retry(invalid, ALICE)));
        assertFails(409, "can't be tried again", () -> admin.orders(orders -> orders.retry(valid, ALICE)));
    }

    @Test
    void cancelsWhatTheCaHasNoCsrOf() {
        OrderDetails cancelled = admin.orders(orders -> orders.cancel(pending, ALICE));
        assertThat(cancelled.status()).isEqualTo("invalid");
        assertThat(cancelled.problems()).extracting(Problem::detail)
                .containsExactly("The order was cancelled by an administrator");
        assertThat(cancelled.retriable()).isFalse();
        assertThat(admin.recorded()).last().asString().isEqualTo(
                "ORDER_CANCELLED alice 192.0.2.1 a.example.com,b.example.com order " + pending + ", via rest");
        for (String id : List.of(pending, processing, valid, invalid)) {
            assertFails(409, "can't be cancelled any more", () -> admin.orders(orders -> orders.cancel(id, ALICE)));
        }
    }

    @Test
    void knowsNoOtherRequests() {
        assertFails(404, "There is no order 'x'", () -> get("x"));
        assertFails(404, "There is no order ", () -> get("x\0"));
        assertFails(404, "There is no order 'x'", () -> admin.orders(orders -> orders.retry("x", ALICE)));
        assertFails(404, "There is no order 'x'", () -> admin.orders(orders -> orders.cancel("x", ALICE)));
    }

    private StoredBatch store(int seconds, String... names) {
        return OrdersOfTests.stored(database, OrdersOfTests.plan(keyId, names), NOW.plusSeconds(seconds));
    }

    private OrderDetails get(String id) {
        return admin.orders(orders -> orders.get(id));
    }

    private List<OrderDetails> all() {
        return admin.orders(orders -> orders.list(new Search(null, 0, 10), null)).items();
    }

    private List<String> found(String text) {
        return ids(admin.orders(orders -> orders.list(new Search(text, 0, 10), null)));
    }

    private List<String> ofStatus(String status) {
        return ids(admin.orders(orders -> orders.list(new Search("example", 0, 10), status)));
    }

    private static List<String> ids(Page<OrderDetails> page) {
        assertThat(page.total()).isEqualTo(page.items().size());
        return page.items().stream().map(OrderDetails::id).toList();
    }
}
