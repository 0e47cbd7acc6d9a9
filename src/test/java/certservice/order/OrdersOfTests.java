package certservice.order;

import certservice.TestDatabase;
import certservice.audit.Actor;
import certservice.audit.AuditTrails;
import certservice.audit.Origin;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.NameToProve;
import certservice.domain.Profile;
import certservice.problem.Failure;
import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import certservice.settings.SealingKey;
import certservice.settings.Settings;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
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

    private static final MasterKey MASTER_KEY = MasterKeys.of(1);
    private static final String OWNER = "a node that has stopped";

    private OrdersOfTests() {
    }

    /** A plan for one certificate for each name, proven by http-01. */
    public static BatchPlan plan(String apiKeyId, String... names) {
        return plan(apiKeyId, false, Optional.empty(), names);
    }

    static BatchPlan plan(String apiKeyId, boolean reuse, Optional<Idempotency> idempotency, String... names) {
        List<List<NameToProve>> certificates = Stream.of(names)
                .map(name -> List.of(new NameToProve(DomainName.of(name), "http-01", Optional.empty()))).toList();
        return new BatchPlan(new Origin(Actor.apiKey(apiKeyId, "portal"), "192.0.2.1", "3a0d3c0e-request"), apiKeyId,
                CALLER_KEY, "pem", Environment.STAGING, Profile.CLASSIC, "RSA2048", certificates,
                NameSet.sha256(Stream.of(names).sorted().collect(Collectors.joining(","))), reuse, idempotency,
                Optional.empty());
    }

    /** For an order whose key is {@link #PRIVATE_KEY}. */
    public static KeyAndCsr keyAndCsr() {
        return new KeyAndCsr(new byte[] {1, 2, 3}, new byte[] {4}, Optional.of(PRIVATE_KEY));
    }

    /** For an order whose CSR begins with this byte. */
    static KeyAndCsr keyAndCsr(int first) {
        return new KeyAndCsr(new byte[] {(byte) first}, new byte[] {4}, Optional.of(PRIVATE_KEY));
    }

    /** What its caller gives for the answer to the request. */
    static Receipt receipt(StoredBatch batch, boolean privateKeys) {
        return new Receipt(batch.batch().id(), false, batch.batch().origin(), privateKeys);
    }

    static OrderEvents events(EntityManager entityManager) {
        OrderEvents events = new OrderEvents();
        events.entityManager = entityManager;
        events.trail = AuditTrails.of(entityManager);
        return events;
    }

    /** A new batch with its orders, not stored yet, held by this owner. */
    static StoredBatch batch(BatchPlan plan, MasterKey masterKey, String owner) {
        OrderBatch batch = new OrderBatch(plan, masterKey, Lease.of(owner, NOW), NOW);
        return new StoredBatch(batch, IntStream.range(0, plan.certificates().size())
                .mapToObj(number -> new CertificateOrder(plan, batch.id(), number, keyAndCsr(), masterKey, NOW))
                .toList());
    }

    /** A batch that was asked for at that moment, stored, on which nobody works. */
    public static StoredBatch stored(TestDatabase database, BatchPlan plan, Instant now) {
        OrderBatch batch = new OrderBatch(plan, MASTER_KEY, Lease.of(OWNER, now), now);
        List<CertificateOrder> orders = IntStream.range(0, plan.certificates().size())
                .mapToObj(number -> new CertificateOrder(plan, batch.id(), number, keyAndCsr(), MASTER_KEY, now))
                .toList();
        database.inTransaction(entityManager -> orders(entityManager).add(batch, orders, Optional.empty()));
        return new StoredBatch(batch, orders);
    }

    /** The batch has failed now, and its keys stay for a day. */
    public static void fail(TestDatabase database, StoredBatch stored, Failure why, Instant now) {
        database.inTransaction(entityManager -> heldOrders(entityManager).failed(stored.batch().id(),
                Lease.of(OWNER, now), why, now.plus(Duration.ofDays(1)), now));
    }

    /** The CA is about to get the first CSR. */
    public static void finish(TestDatabase database, StoredBatch stored, Instant now) {
        stored.orders().get(0).finalizing(now);
        database.inTransaction(entityManager ->
                heldOrders(entityManager).save(stored.orders().get(0), Lease.of(OWNER, now)));
    }

    /** The CA has issued all its certificates, with serials from this one on, until 90 days after {@link #NOW}. */
    public static void issue(TestDatabase database, StoredBatch stored, int serial, Instant now) {
        Ending ending = new Ending(now, now.plus(Duration.ofDays(90)), now.plus(Duration.ofDays(1)));
        for (int number = 0; number < stored.orders().size(); number++) {
            CertificateOrder order = stored.orders().get(number);
            order.issued(List.of(new CertificateOfSize(serial + number)), now.plus(Duration.ofDays(60)), now);
            database.inTransaction(entityManager ->
                    heldOrders(entityManager).issued(order, Lease.of(OWNER, now), ending));
        }
    }

    /**
     * An engine that works on nothing, but cancels and retries in the database.
     *
     * @param changed told after each change
     */
    public static OrderEngine engine(TestDatabase database, Runnable changed) {
        return new OrderEngine() {
            @Override
            public boolean cancel(String batchId, Failure why, Origin by) {
                return changes(orders -> orders.cancel(batchId, why, by, NOW));
            }

            @Override
            public boolean retry(String batchId, Origin by) {
                return changes(orders -> orders.retry(batchId, by, NOW));
            }

            private boolean changes(Predicate<Orders> work) {
                boolean done = database.transactionally(entityManager -> work.test(orders(entityManager)));
                changed.run();
                return done;
            }
        };
    }

    public static Certificates certificates(EntityManager entityManager) {
        Certificates certificates = new Certificates();
        certificates.entityManager = entityManager;
        certificates.events = events(entityManager);
        return certificates;
    }

    public static RateLimits rateLimits(EntityManager entityManager, Settings settings) {
        RateLimits limits = new RateLimits();
        limits.entityManager = entityManager;
        limits.settings = settings;
        return limits;
    }

    static Orders orders(EntityManager entityManager) {
        Orders orders = new Orders();
        orders.entityManager = entityManager;
        orders.events = events(entityManager);
        return orders;
    }

    static HeldOrders heldOrders(EntityManager entityManager) {
        HeldOrders orders = new HeldOrders();
        orders.entityManager = entityManager;
        orders.events = events(entityManager);
        return orders;
    }

    static Retention retention(EntityManager entityManager) {
        Retention retention = new Retention();
        retention.entityManager = entityManager;
        return retention;
    }
}
