package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.TestDatabase;
import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import certservice.problem.Problem;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceException;
import java.net.URI;
import java.util.List;
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

    @Parameter
    TestDatabase database;

    private String apiKeyId;

    @BeforeEach
    void storeAKey() {
        database.clear();
        ApiKey key = new ApiKey("portal", ApiKeyGuid.random());
        database.inTransaction(entityManager -> entityManager.persist(key));
        apiKeyId = key.id();
    }

    @Test
    void isSavedInEveryState() throws Exception {
        CertificateOrder order = with(orders -> orders.add(OrdersOfTests.newOrder(apiKeyId, "www.example.com")));
        assertThat(stored(order).status()).isEqualTo(OrderStatus.NEW);
        order.placed(URI.create("https://ca.example/order/1").toURL(), OrdersOfTests.NOW);
        order = save(order);
        assertThat(stored(order).status()).isEqualTo(OrderStatus.AUTHORIZING);
        order.authorized(OrdersOfTests.NOW);
        order = save(order);
        assertThat(stored(order).status()).isEqualTo(OrderStatus.READY);
        order.finalizing(new byte[] {1, 2, 3}, OrdersOfTests.NOW);
        order = save(order);
        assertThat(stored(order).status()).isEqualTo(OrderStatus.FINALIZING);
        order.issued(List.of(new CertificateOfSize(3)), OrdersOfTests.NOW);
        order = save(order);
        assertThat(stored(order).status()).isEqualTo(OrderStatus.ISSUED);
        assertThat(database.everythingIn("certificate_order"))
                .contains("https://ca.example/order/1", "www.example.com", "AQID", "AAAA", "ISSUED", "STAGING");
    }

    @Test
    void keepsWhyItFailed() {
        CertificateOrder order = with(orders -> orders.add(OrdersOfTests.newOrder(apiKeyId, "www.example.com")));
        order.failed(List.of(Problem.acme("www.example.com", "dns", "no valid A records", "Add one")),
                OrdersOfTests.NOW);
        assertThat(stored(save(order)).status()).isEqualTo(OrderStatus.FAILED);
        assertThat(database.everythingIn("certificate_order"))
                .contains("www.example.com urn:ietf:params:acme:error:dns no valid A records");
    }

    @Test
    void refusesToSaveWhatSomebodyElseChangedMeanwhile() {
        CertificateOrder mine = with(orders -> orders.add(OrdersOfTests.newOrder(apiKeyId, "www.example.com")));
        save(OrdersOfTests.authorized(stored(mine)));
        OrdersOfTests.authorized(mine);
        assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> save(mine))
                .satisfies(e -> assertThat(Stream.iterate((Throwable) e, next -> next != null, Throwable::getCause))
                        .hasAtLeastOneElementOfType(OptimisticLockException.class));
    }

    @Test
    void belongsToAKeyThatExists() {
        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> with(orders -> orders.add(OrdersOfTests.newOrder("nobody", "www.example.com"))));
    }

    /** 100 names of 253 characters; their CSR with a 4096-bit key; a chain of four such certificates. */
    @Test
    void storesTheLargestOrder() throws Exception {
        CertificateOrder order = with(orders -> orders.add(
                OrdersOfTests.newOrder(apiKeyId, longestNames().toArray(String[]::new))));
        order.placed(URI.create("https://ca.example/" + "o".repeat(981)).toURL(), OrdersOfTests.NOW);
        order.finalizing(new byte[100 * 260 + 1_500], OrdersOfTests.NOW);
        order.issued(List.of(new CertificateOfSize(100 * 260 + 3_000), new CertificateOfSize(2_500),
                new CertificateOfSize(2_500), new CertificateOfSize(2_500)), OrdersOfTests.NOW);
        assertThat(stored(save(order)).status()).isEqualTo(OrderStatus.ISSUED);
    }

    @Test
    void keepsTheProblemsOfTheLargestOrderHoweverMuchTheCaSaid() {
        CertificateOrder order = with(orders -> orders.add(
                OrdersOfTests.newOrder(apiKeyId, longestNames().toArray(String[]::new))));
        List<Problem> problems = longestNames().stream()
                .map(name -> Problem.acme(name, "unauthorized", "é".repeat(2_000), "Look")).toList();
        order.failed(problems, OrdersOfTests.NOW);
        assertThat(stored(save(order)).status()).isEqualTo(OrderStatus.FAILED);
    }

    /** A CA quotes what it found at a caller's server, and PostgreSQL takes every character but this one. */
    @Test
    void keepsAProblemWithANulCharacter() {
        CertificateOrder order = with(orders -> orders.add(OrdersOfTests.newOrder(apiKeyId, "www.example.com")));
        order.failed(List.of(Problem.acme("www.example.com", "unauthorized", "got \"\u0000\"", "Look")),
                OrdersOfTests.NOW);
        assertThat(stored(save(order)).status()).isEqualTo(OrderStatus.FAILED);
    }

    private static List<String> longestNames() {
        String end = ("." + "a".repeat(61)).repeat(3) + ".example";
        return IntStream.range(0, 100).mapToObj(i -> "n%058d".formatted(i) + end).toList();
    }

    private CertificateOrder save(CertificateOrder order) {
        return with(orders -> orders.save(order));
    }

    private CertificateOrder stored(CertificateOrder order) {
        return with(orders -> orders.entityManager.find(CertificateOrder.class, order.id()));
    }

    private <T> T with(Function<Orders, T> work) {
        return database.transactionally(entityManager -> {
            Orders orders = new Orders();
            orders.entityManager = entityManager;
            return work.apply(orders);
        });
    }
}
