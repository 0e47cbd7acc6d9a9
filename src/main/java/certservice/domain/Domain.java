package certservice.domain;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** A name, or all names below it, that keys can be associated with, and how it is proven to the CA. */
@Entity
@Table(name = "domain")
public class Domain {

    @Id
    private String id;

    @Column(nullable = false, unique = true)
    private String name;

    @Column(nullable = false)
    private boolean subdomains;

    @Column(nullable = false)
    private String challenge;

    private String provider;

    @Version
    private long version;

    protected Domain() {
        // for JPA
    }

    /**
     * @param subdomains whether an association permits everything below the name too
     * @param challenge  the ACME challenge type, such as {@code http-01}
     * @param provider   the DNS provider's name, or {@code null} for challenges that need none
     */
    public Domain(DomainName name, boolean subdomains, String challenge, String provider) {
        this.id = UUID.randomUUID().toString();
        this.name = name.toString();
        prove(subdomains, challenge, provider);
    }

    /** Changes what an association permits and how names are proven from now on. */
    public final void prove(boolean subdomains, String challenge, String provider) {
        this.subdomains = subdomains;
        this.challenge = challenge;
        this.provider = provider;
    }

    /** Whether a key that is associated with this domain may request the name. */
    public boolean permits(DomainName requested) {
        return requested.isPermittedBy(name(), subdomains);
    }

    /** The requested name, to be proven as this domain says. */
    public NameToProve toProve(DomainName requested) {
        return new NameToProve(requested, challenge, provider());
    }

    /** Whether {@link #prove} would change nothing. */
    public boolean isProven(boolean withSubdomains, String otherChallenge, String otherProvider) {
        return subdomains == withSubdomains && challenge.equals(otherChallenge)
                && Objects.equals(provider, otherProvider);
    }

    public DomainName name() {
        return DomainName.of(name);
    }

    /** The challenge type that proves this domain, such as {@code dns-01}. */
    public String challenge() {
        return challenge;
    }

    /** Which DNS provider publishes the proofs. */
    public Optional<String> provider() {
        return Optional.ofNullable(provider);
    }

    public String id() {
        return id;
    }

    /** Whether an association permits everything below the name too. */
    public boolean subdomains() {
        return subdomains;
    }

    /** Changes with every change of the domain. */
    public long version() {
        return version;
    }
}
