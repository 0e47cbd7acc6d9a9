package certservice.order;

import certservice.audit.Actor;
import certservice.audit.Origin;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.MasterKey;
import certservice.settings.SealingKey;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The orders of one request: all of them become certificates, or the caller gets none. The node that works on them
 * holds them by a lease; another may take them over when it has ended. {@link Orders} and {@link HeldOrders} change it,
 * each time under the condition that nobody else has.
 */
@Entity
@Table(name = "order_batch")
public class OrderBatch {

    @Id
    private String id;

    @Column(name = "request_id", nullable = false)
    private String requestId;

    @Column(name = "api_key_id", nullable = false)
    private String apiKeyId;

    @Column(name = "caller_name")
    private String callerName;

    @Column(name = "caller_address")
    private String callerAddress;

    @Column(nullable = false)
    private String endpoint;

    @Column(nullable = false)
    private String fingerprint;

    private String claim;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private BatchStatus status;

    @Column(nullable = false)
    private boolean kept;

    @Column(nullable = false)
    private boolean reusable;

    @Column(nullable = false)
    private boolean joined;

    @Column(name = "sealed_options")
    private String sealedOptions;

    @Column(name = "failure_status")
    private Integer failureStatus;

    private String problems;

    @Column(name = "retry_at")
    private OffsetDateTime retryAt;

    @Column(name = "lease_owner")
    private String leaseOwner;

    @Column(name = "lease_until")
    private OffsetDateTime leaseUntil;

    @Column(nullable = false)
    private OffsetDateTime created;

    private OffsetDateTime finished;

    private OffsetDateTime delivered;

    @Column(name = "erase_at")
    private OffsetDateTime eraseAt;

    protected OrderBatch() {
        // for JPA
    }

    /** A new batch, held by the node that has made it. */
    OrderBatch(BatchPlan plan, MasterKey masterKey, Lease lease, Instant now) {
        this.id = UUID.randomUUID().toString();
        this.requestId = plan.requestId();
        this.apiKeyId = plan.apiKeyId();
        this.callerName = plan.origin().actor().name();
        this.callerAddress = plan.origin().address();
        this.endpoint = plan.endpoint();
        this.fingerprint = plan.fingerprint();
        this.claim = plan.claim();
        this.status = BatchStatus.OPEN;
        this.kept = plan.isKept();
        this.reusable = plan.reuse();
        this.sealedOptions = sealedOptions(plan, id, masterKey).orElse(null);
        this.leaseOwner = lease.owner();
        this.leaseUntil = lease.until();
        this.created = now.atOffset(ZoneOffset.UTC);
    }

    static Optional<String> sealedOptions(BatchPlan plan, String id, MasterKey masterKey) {
        return plan.options().map(options -> Sealing.seal(masterKey, plan.callerKey(), purpose(id), options));
    }

    private static String purpose(String id) {
        return "order-batch:" + id;
    }

    public String id() {
        return id;
    }

    /** Of the request that it was made for. */
    public String requestId() {
        return requestId;
    }

    /** Of the request that it was made for. */
    Origin origin() {
        return new Origin(Actor.apiKey(apiKeyId, callerName), callerAddress, requestId);
    }

    /** What it claims as long as the same request joins it. */
    String claimOfItsRequest() {
        return BatchPlan.claim(apiKeyId, fingerprint);
    }

    /** Of the key that asked for it. */
    public String apiKeyId() {
        return apiKeyId;
    }

    public boolean isOf(String keyId) {
        return apiKeyId.equals(keyId);
    }

    public String endpoint() {
        return endpoint;
    }

    public BatchStatus status() {
        return status;
    }

    public Instant created() {
        return created.toInstant();
    }

    /** When its private keys are erased if they are still there; empty as long as it is worked on, and afterwards. */
    public Optional<Instant> erasure() {
        return Optional.ofNullable(eraseAt).map(OffsetDateTime::toInstant);
    }

    /** The label of the API key at the time of the request; empty if that was not kept. */
    public Optional<String> callerName() {
        return Optional.ofNullable(callerName);
    }

    /** When all was issued, or it failed; empty as long as it is worked on. */
    public Optional<Instant> finished() {
        return Optional.ofNullable(finished).map(OffsetDateTime::toInstant);
    }

    /** When its caller had it; empty before. */
    public Optional<Instant> delivered() {
        return Optional.ofNullable(delivered).map(OffsetDateTime::toInstant);
    }

    public boolean isDelivered() {
        return delivered != null;
    }

    /** Whether its caller comes back for the result. */
    boolean isAsynchronous() {
        return sealedOptions != null;
    }

    /** How the result shall be written; empty if that was not kept. */
    public Optional<byte[]> options(MasterKey masterKey, SealingKey callerKey) {
        return Optional.ofNullable(sealedOptions)
                .flatMap(sealed -> Sealing.open(masterKey, callerKey, purpose(id), sealed));
    }

    /** Why it has failed, one problem for each name that is to blame. */
    public List<Problem> problems() {
        return Problems.read(problems);
    }

    /** The failure as its caller got it, or would have got it. */
    public Failure failure() {
        Instant now = Instant.now();
        Duration wait = retryAt == null || retryAt.toInstant().isBefore(now) ? Duration.ZERO
                : Duration.between(now, retryAt.toInstant());
        return failureStatus == 429 ? Failure.rateLimited(problems(), wait, null) : Failure.noCertificate(problems());
    }
}
