package certservice.apikey;

import certservice.apikey.Refusal.Reason;
import certservice.audit.Actor;
import certservice.domain.Domain;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.settings.Network;
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
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A caller's key. The key itself is not here, only its SHA-256: it has 122 random bits, which need no slow hash. */
@Entity
@Table(name = "api_key")
public class ApiKey {

    public static final int LONGEST_LABEL = 100;

    @Id
    private String id;

    @Column(nullable = false, unique = true)
    private String label;

    @Column(name = "key_hash", nullable = false, unique = true)
    private String keyHash;

    @Column(name = "previous_key_hash", unique = true)
    private String previousKeyHash;

    @Column(name = "previous_until")
    private OffsetDateTime previousUntil;

    @Column(nullable = false)
    private boolean enabled;

    private OffsetDateTime expires;

    @Column(nullable = false)
    private OffsetDateTime created;

    private String networks;

    private String environments;

    private String profiles;

    @Column(name = "requests_per_day")
    private Integer requestsPerDay;

    private OffsetDateTime removed;

    @ManyToMany
    @JoinTable(name = "api_key_domain", joinColumns = @JoinColumn(name = "api_key_id"),
            inverseJoinColumns = @JoinColumn(name = "domain_id"))
    private Set<Domain> domains = new HashSet<>();

    @Version
    private long version;

    protected ApiKey() {
        // for JPA
    }

    /** An enabled key without domains and restrictions that never expires. */
    public ApiKey(String label, ApiKeyGuid guid) {
        this.id = UUID.randomUUID().toString();
        this.keyHash = guid.hash();
        this.enabled = true;
        this.created = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
        label(label);
    }

    public void enable() {
        enabled = true;
    }

    public void disable() {
        enabled = false;
    }

    /** From the given moment on the key is refused; {@code null}: never. */
    public void expireAt(Instant moment) {
        expires = utc(moment);
    }

    /** Replaces the key itself; the old one, and one that was rotated away, are refused from now on. */
    public void replaceBy(ApiKeyGuid guid) {
        if (!keyHash.equals(guid.hash())) {
            keyHash = guid.hash();
            previousKeyHash = null;
            previousUntil = null;
        }
    }

    /**
     * Replaces the key itself, and accepts the old one beside it for a while. What was sealed for the old one is opened
     * by the old one only. One that was rotated away before is refused from now on.
     *
     * @param overlapUntil from this moment on the old one is refused
     */
    public void rotate(ApiKeyGuid next, Instant overlapUntil) {
        if (keyHash.equals(next.hash())) {
            throw new IllegalArgumentException("this is the key already");
        }
        previousKeyHash = keyHash;
        previousUntil = utc(overlapUntil);
        keyHash = next.hash();
    }

    /** @throws IllegalArgumentException if it is blank, or longer than {@link #LONGEST_LABEL} */
    public final void label(String newLabel) {
        if (newLabel.isBlank() || newLabel.length() > LONGEST_LABEL) {
            throw new IllegalArgumentException("a label has 1 to " + LONGEST_LABEL + " characters");
        }
        label = newLabel;
    }

    /** Replaces what the key is restricted to. */
    public void restrict(KeyPolicy policy) {
        networks = list(policy.networks().stream().map(Network::toString).toList());
        environments = list(policy.environments().stream().sorted().map(Environment::name).toList());
        profiles = list(policy.profiles().stream().sorted().map(Profile::toString).toList());
        requestsPerDay = policy.requestsPerDay().orElse(null);
    }

    /** Whether this is the key itself. */
    public boolean isOpenedBy(ApiKeyGuid guid) {
        return keyHash.equals(guid.hash());
    }

    /** Replaces the associations. */
    public void associateExactly(Collection<Domain> associated) {
        domains.retainAll(Set.copyOf(associated));
        domains.addAll(associated);
    }

    /** @return whether it was not associated before */
    public boolean associate(Domain domain) {
        return domains.stream().noneMatch(known -> known.name().equals(domain.name())) && domains.add(domain);
    }

    /** @return whether it was associated */
    public boolean dissociate(Domain domain) {
        return domains.removeIf(known -> known.name().equals(domain.name()));
    }

    /**
     * From now on it opens nothing and is gone, but for what was ordered with it, which is shown under its label. That
     * another key may have, so when it was removed is added to it.
     */
    public void remove(Instant now) {
        String when = " (removed " + now.truncatedTo(ChronoUnit.SECONDS) + " " + id.substring(0, 4) + ")";
        label = label.substring(0, Math.min(label.length(), LONGEST_LABEL - when.length())) + when;
        removed = utc(now);
        enabled = false;
        keyHash = ApiKeyGuid.random().hash();
        previousKeyHash = null;
        previousUntil = null;
        domains.clear();
    }

    public boolean isRemoved() {
        return removed != null;
    }

    /** Whether the key opens anything at that moment. */
    public boolean isUsableAt(Instant moment) {
        return enabled && (expires == null || moment.isBefore(expires.toInstant()));
    }

    /** Why a request with this GUID, which is this key's now or was before, is refused; empty if it is not. */
    Optional<Refusal> refusal(ApiKeyGuid guid, String address, Instant moment) {
        return whyRefused(guid, address, moment).map(refusal -> refusal.of(Actor.apiKey(id, label)));
    }

    private Optional<Refusal> whyRefused(ApiKeyGuid guid, String address, Instant moment) {
        if (!enabled) {
            return Optional.of(new Refusal(Reason.DISABLED, "the key is disabled"));
        }
        if (!isUsableAt(moment)) {
            return Optional.of(new Refusal(Reason.EXPIRED, "the key has expired, at " + expires.toInstant()));
        }
        if (!keyHash.equals(guid.hash()) && !moment.isBefore(previousUntil.toInstant())) {
            return Optional.of(new Refusal(Reason.ROTATED,
                    "the key was replaced, and the old one was accepted until " + previousUntil.toInstant()));
        }
        return policy().refusalFrom(address)
                .map(refusal -> new Refusal(refusal.reason(), "the key is not for this address: " + refusal.text()));
    }

    public String id() {
        return id;
    }

    /** The name that people gave the key. */
    public String label() {
        return label;
    }

    public boolean enabled() {
        return enabled;
    }

    /** From when on the key is refused; empty: never. */
    public Optional<Instant> expires() {
        return Optional.ofNullable(expires).map(OffsetDateTime::toInstant);
    }

    public Instant created() {
        return created.toInstant();
    }

    /** Until when the key before the last rotation is accepted too; may be over. */
    public Optional<Instant> previousUntil() {
        return Optional.ofNullable(previousUntil).map(OffsetDateTime::toInstant);
    }

    /** What it is restricted to; {@link KeyPolicy#NONE} if to nothing. */
    public KeyPolicy policy() {
        return new KeyPolicy(items(networks, Network::parse), Set.copyOf(items(environments, Environment::valueOf)),
                Set.copyOf(items(profiles, name -> Profile.named(name).orElseThrow())),
                Optional.ofNullable(requestsPerDay));
    }

    /** The associated domains, in no order. */
    public Set<Domain> domains() {
        return Set.copyOf(domains);
    }

    /** Changes with every change of the key. */
    public long version() {
        return version;
    }

    private static OffsetDateTime utc(Instant moment) {
        return moment == null ? null : moment.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static String list(List<String> items) {
        return items.isEmpty() ? null : items.stream().collect(Collectors.joining(","));
    }

    private static <T> List<T> items(String list, Function<String, T> parse) {
        return list == null ? List.of() : Arrays.stream(list.split(",")).map(parse).toList();
    }
}
