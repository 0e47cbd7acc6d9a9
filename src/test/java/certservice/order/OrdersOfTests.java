package certservice.order;

import certservice.domain.Domain;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.Profile;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Orders that no CA ever sees. */
public final class OrdersOfTests {

    /** Any moment, as exact as a database keeps it. */
    public static final Instant NOW = Instant.parse("2026-11-01T12:34:56.789012Z");

    private OrdersOfTests() {
    }

    /** A plan for these names, proven by http-01, with an empty CSR. */
    public static OrderPlan plan(String apiKeyId, String... names) {
        Map<DomainName, Domain> domains = new LinkedHashMap<>();
        for (String name : names) {
            domains.put(DomainName.of(name), new Domain(DomainName.of(name), false, "http-01", null));
        }
        return new OrderPlan("3a0d3c0e-request", apiKeyId, Environment.STAGING, Profile.CLASSIC, "RSA2048", domains,
                CompletableFuture.completedFuture(new byte[0]));
    }

    /** A new order, not stored yet. */
    public static CertificateOrder newOrder(String apiKeyId, String... names) {
        return new CertificateOrder(plan(apiKeyId, names), NOW);
    }

    /** Moves the order on by one state. */
    public static CertificateOrder authorized(CertificateOrder order) {
        order.authorized(NOW);
        return order;
    }
}
