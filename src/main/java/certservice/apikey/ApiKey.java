package certservice.apikey;

import certservice.domain.Domain;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.JoinTable;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** A caller's key. The key itself is not here, only its SHA-256: it has 122 random bits, which need no slow hash. */
@Entity
@Table(name = "api_key")
public class ApiKey {

    @Id
    private String id;

    @Column(nullable = false, unique = true)
    private String label;

    @Column(name = "key_hash", nullable = false, unique = true)
    private String keyHash;

    @Column(nullable = false)
    private boolean enabled;

    private OffsetDateTime expires;

    @ManyToMany
    @JoinTable(name = "api_key_domain", joinColumns = @JoinColumn(name = "api_key_id"),
            inverseJoinColumns = @JoinColumn(name = "domain_id"))
    private Set<Domain> domains = new HashSet<>();

    @Version
    private long version;

    protected ApiKey() {
        // for JPA
    }

    /** An enabled key without domains that never expires. */
    public ApiKey(String label, ApiKeyGuid guid) {
        this.id = UUID.randomUUID().toString();
        this.label = label;
        this.keyHash = guid.hash();
        this.enabled = true;
    }

    public void enable() {
        enabled = true;
    }

    public void disable() {
        enabled = false;
    }

    /** From the given moment on the key is refused; {@code null}: never. */
    public void expireAt(Instant moment) {
        expires = moment == null ? null : moment.atOffset(ZoneOffset.UTC);
    }

    /** Replaces the key itself; the old one is refused from now on. */
    public void replaceBy(ApiKeyGuid guid) {
        keyHash = guid.hash();
    }

    /** Replaces the associations. */
    public void associateExactly(Collection<Domain> associated) {
        domains.retainAll(Set.copyOf(associated));
        domains.addAll(associated);
    }

    /** Whether the key opens anything at that moment. */
    public boolean isUsableAt(Instant moment) {
        return enabled && (expires == null || moment.isBefore(expires.toInstant()));
    }

    public String id() {
        return id;
    }

    /** The name that people gave the key. */
    public String label() {
        return label;
    }
}
