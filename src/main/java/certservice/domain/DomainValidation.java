package certservice.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** How the CA took the proofs of a {@link Domain} lately. Without a version: it is updated past the domain. */
@Entity
@Table(name = "domain_validation")
public class DomainValidation {

    static final int LONGEST_DETAIL = 1000;

    @Id
    private String domain;

    @Column(name = "last_valid")
    private OffsetDateTime lastValid;

    @Column(name = "last_invalid")
    private OffsetDateTime lastInvalid;

    private String detail;

    protected DomainValidation() {
        // for JPA
    }

    DomainValidation(String domain) {
        this.domain = domain;
    }

    void valid(Instant moment) {
        lastValid = moment.atOffset(ZoneOffset.UTC);
    }

    void invalid(Instant moment, String why) {
        lastInvalid = moment.atOffset(ZoneOffset.UTC);
        detail = why;
    }

    /** The domain's name. */
    public String domain() {
        return domain;
    }

    /** When a proof for the domain or a name below it was accepted last; empty: never. */
    public Optional<Instant> lastValid() {
        return Optional.ofNullable(lastValid).map(OffsetDateTime::toInstant);
    }

    /** When one was refused last; empty: never. */
    public Optional<Instant> lastInvalid() {
        return Optional.ofNullable(lastInvalid).map(OffsetDateTime::toInstant);
    }

    /** What the CA said when it refused one. */
    public Optional<String> detail() {
        return Optional.ofNullable(detail);
    }
}
