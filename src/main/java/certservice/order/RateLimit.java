package certservice.order;

import certservice.domain.Environment;
import certservice.settings.AcmeLimits.Limit;
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

/** The stored bucket of what is limited. Without a row the bucket is full. */
@Entity
@Table(name = "rate_limit")
public class RateLimit {

    @Id
    private String id;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private Environment environment;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private LimitKind kind;

    @Column(nullable = false)
    private String subject;

    @Column(name = "full_at", nullable = false)
    private OffsetDateTime fullAt;

    @Column(nullable = false)
    private OffsetDateTime counted;

    @Column(nullable = false)
    private OffsetDateTime expires;

    protected RateLimit() {
        // for JPA
    }

    /** Full, and seen now. */
    RateLimit(Limited limited, Instant now) {
        this.id = limited.id();
        this.environment = limited.environment();
        this.kind = limited.kind();
        this.subject = limited.subject();
        this.fullAt = utc(now);
        remember(now);
    }

    /** Counts one. */
    void count(Limit limit, Instant now) {
        fullAt = utc(bucket(limit).take(now).fullAt());
        remember(now);
    }

    /** Keeps in mind that there was one, without counting it. */
    final void remember(Instant now) {
        counted = utc(now);
        Instant forgotten = now.plus(kind.memory());
        expires = utc(fullAt.toInstant().isAfter(forgotten) ? fullAt.toInstant() : forgotten);
    }

    /** Whether there was one as long ago at most, counted or not. */
    boolean wasWithin(Duration time, Instant now) {
        return counted.toInstant().plus(time).isAfter(now);
    }

    TokenBucket bucket(Limit limit) {
        return new TokenBucket(limit, fullAt.toInstant());
    }

    String id() {
        return id;
    }

    LimitKind kind() {
        return kind;
    }

    String subject() {
        return subject;
    }

    private static OffsetDateTime utc(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
