package certservice.order;

import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.NameToProve;
import certservice.domain.Profile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Orders that no CA ever sees. */
public final class OrdersOfTests {

    /** Any moment, as exact as a database keeps it. */
    public static final Instant NOW = Instant.parse("2026-11-01T12:34:56.789012Z");

    private OrdersOfTests() {
    }

    /** A plan for these names, proven by http-01, with an empty CSR. */
    public static OrderPlan plan(String apiKeyId, String... names) {
        List<NameToProve> toProve = Stream.of(names)
                .map(name -> new NameToProve(DomainName.of(name), "http-01", Optional.empty())).toList();
        return new OrderPlan("3a0d3c0e-request", apiKeyId, Environment.STAGING, Profile.CLASSIC, "RSA2048", toProve,
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
