package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What is known of earlier orders for the same names. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class CertificatesTest {

    private static final Instant NOW = OrdersOfTests.NOW;
    private static final List<DomainName> NAMES = List.of(DomainName.of("a.example.com"));

    @Parameter
    TestDatabase database;

    @BeforeEach
    void clear() {
        database.clear();
    }

    @Test
    void knowsThatAnotherRequestHasTheSameOrderOfTheCa() {
        CertificateOrder one = placed("a.example.com", 7);
        assertThat(isShared(one)).isFalse();
        CertificateOrder other = placed("a.example.com", 7);
        assertThat(isShared(one)).isTrue();
        assertThat(isShared(other)).isTrue();
    }

    @Test
    void takesNeitherOtherOrdersNorOtherNamesForTheSame() {
        CertificateOrder one = placed("a.example.com", 7);
        placed("a.example.com", 8);
        placed("b.example.com", 7);
        stored("a.example.com", NOW);
        assertThat(isShared(one)).isFalse();
    }

    @Test
    void replacesTheNewestCertificateForTheSameNames() {
        issued("a.example.com", 3, NOW.minusSeconds(20));
        issued("a.example.com", 4, NOW.minusSeconds(10));
        issued("b.example.com", 5, NOW);
        assertThat(predecessor(Environment.STAGING, NOW)).isEqualTo("04");
    }

    @Test
    void replacesNothingThatHasExpiredOrIsOfTheOtherEnvironment() {
        issued("a.example.com", 3, NOW);
        assertThat(predecessor(Environment.PRODUCTION, NOW)).isEqualTo("none");
        Instant expiry = new CertificateOfSize(3).getNotAfter().toInstant();
        assertThat(predecessor(Environment.STAGING, expiry.minusSeconds(1))).isEqualTo("03");
        assertThat(predecessor(Environment.STAGING, expiry)).isEqualTo("none");
    }

    @Test
    void replacesNothingThatIsRevoked() {
        StoredBatch issued = issued("a.example.com", 3, NOW);
        database.inTransaction(entityManager -> OrdersOfTests.certificates(entityManager)
                .revoked(issued.orders().get(0), issued.batch().origin(), "superseded", NOW));
        assertThat(predecessor(Environment.STAGING, NOW)).isEqualTo("none");
    }

    private StoredBatch issued(String name, int serial, Instant when) {
        StoredBatch batch = stored(name, when);
        OrdersOfTests.issue(database, batch, serial, when);
        return batch;
    }

    /** An order that the CA has given this number. */
    private CertificateOrder placed(String name, int number) {
        StoredBatch batch = stored(name, NOW);
        try {
            batch.orders().get(0).placed(URI.create("https://ca.example/order/" + number).toURL(), Optional.empty(),
                    NOW);
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
        OrdersOfTests.finish(database, batch, NOW.plus(Duration.ofSeconds(1)));
        return batch.orders().get(0);
    }

    /** Each is asked for with a key of its own, since equal requests of one key are one. */
    private StoredBatch stored(String name, Instant when) {
        ApiKey key = new ApiKey("portal " + UUID.randomUUID(), ApiKeyGuid.random());
        database.inTransaction(entityManager -> entityManager.persist(key));
        return OrdersOfTests.stored(database, OrdersOfTests.plan(key.id(), name), when);
    }

    private boolean isShared(CertificateOrder order) {
        return ask(certificates -> certificates.isShared(order));
    }

    /** Its serial. */
    private String predecessor(Environment environment, Instant when) {
        return ask(certificates -> certificates.predecessor(environment, NAMES, when)
                .map(CertificateOrder::serial).orElse("none"));
    }

    private <T> T ask(Function<Certificates, T> question) {
        return database.transactionally(entityManager -> question.apply(OrdersOfTests.certificates(entityManager)));
    }
}
