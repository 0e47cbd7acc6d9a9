package certservice.order;

import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.NameToProve;
import certservice.domain.Profile;
import certservice.settings.MasterKey;
import certservice.settings.SealingKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Orders that no CA ever sees. */
public final class OrdersOfTests {

    /** Any moment, as exact as a database keeps it. */
    public static final Instant NOW = Instant.parse("2026-11-01T12:34:56.789012Z");

    /** What every order of {@link #batch} has as its private key. */
    public static final byte[] PRIVATE_KEY = "the private key".getBytes(StandardCharsets.US_ASCII);

    /** What the caller of {@link #plan} opens results with. */
    public static final SealingKey CALLER_KEY = SealingKey.ofSecret("API key", "0f8fad5b-d9cb-469f-a165-70867728950e");

    private OrdersOfTests() {
    }

    /** A plan for one certificate for each name, proven by http-01. */
    public static BatchPlan plan(String apiKeyId, String... names) {
        return plan(apiKeyId, false, Optional.empty(), names);
    }

    static BatchPlan plan(String apiKeyId, boolean reuse, Optional<Idempotency> idempotency, String... names) {
        List<List<NameToProve>> certificates = Stream.of(names)
                .map(name -> List.of(new NameToProve(DomainName.of(name), "http-01", Optional.empty()))).toList();
        return new BatchPlan("3a0d3c0e-request", apiKeyId, CALLER_KEY, "pem", Environment.STAGING, Profile.CLASSIC,
                "RSA2048", certificates, NameSet.sha256(Stream.of(names).sorted().collect(Collectors.joining(","))), reuse,
                idempotency, Optional.empty());
    }

    /** For an order whose key is {@link #PRIVATE_KEY}. */
    public static KeyAndCsr keyAndCsr() {
        return new KeyAndCsr(new byte[] {1, 2, 3}, new byte[] {4}, Optional.of(PRIVATE_KEY));
    }

    /** For an order whose CSR begins with this byte. */
    static KeyAndCsr keyAndCsr(int first) {
        return new KeyAndCsr(new byte[] {(byte) first}, new byte[] {4}, Optional.of(PRIVATE_KEY));
    }

    /** A new batch with its orders, not stored yet, held by this owner. */
    static StoredBatch batch(BatchPlan plan, MasterKey masterKey, String owner) {
        OrderBatch batch = new OrderBatch(plan, masterKey, Lease.of(owner, NOW), NOW);
        return new StoredBatch(batch, IntStream.range(0, plan.certificates().size())
                .mapToObj(number -> new CertificateOrder(plan, batch.id(), number, keyAndCsr(), masterKey, NOW))
                .toList());
    }
}
