package certservice.order;

import certservice.settings.SealingKey;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Which batch a caller's {@code Idempotency-Key} stands for. What the request said is kept as a keyed hash alone. */
@Entity
@Table(name = "idempotent_request")
public class IdempotentRequest {

    /** Of the caller and of its value: the same value of two callers is not the same. */
    @Id
    private String id;

    @Column(name = "body_hash", nullable = false)
    private String bodyHash;

    @Column(name = "batch_id", nullable = false)
    private String batchId;

    @Column(nullable = false)
    private OffsetDateTime expires;

    protected IdempotentRequest() {
        // for JPA
    }

    IdempotentRequest(BatchPlan plan, String batchId, Instant expires) {
        Idempotency idempotency = plan.idempotency().orElseThrow();
        this.id = id(plan);
        this.bodyHash = bodyHash(plan.callerKey(), idempotency);
        this.batchId = batchId;
        this.expires = expires.atOffset(ZoneOffset.UTC);
    }

    static String id(BatchPlan plan) {
        return plan.apiKeyId() + ":" + NameSet.sha256(plan.idempotency().orElseThrow().value());
    }

    private static String bodyHash(SealingKey callerKey, Idempotency idempotency) {
        return callerKey.tag("idempotent-request", idempotency.body());
    }

    /** Whether the request is the one that the value was first used for. */
    boolean isFor(BatchPlan plan) {
        return bodyHash.equals(bodyHash(plan.callerKey(), plan.idempotency().orElseThrow()));
    }

    Instant expiresAt() {
        return expires.toInstant();
    }

    String batchId() {
        return batchId;
    }
}
