package certservice.admin;

import certservice.apikey.ApiKey;
import certservice.apikey.KeyPolicy;
import certservice.audit.Action;
import certservice.audit.AuditEvent;
import certservice.domain.Domain;
import certservice.domain.DomainName;
import certservice.domain.Profile;
import certservice.problem.Quoted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is changed in an API key, for the audit trail: between the moment when this is made, and {@link #since}. The
 * detail of each begins with the key's label and id.
 */
final class KeyChanges {

    private final String label;
    private final boolean enabled;
    private final Optional<Instant> expires;
    private final KeyPolicy policy;
    private final Set<DomainName> domains;

    /** What the key is now. */
    KeyChanges(ApiKey key) {
        this.label = key.label();
        this.enabled = key.enabled();
        this.expires = key.expires();
        this.policy = key.policy();
        this.domains = names(key);
    }

    static AuditEvent created(ApiKey key) {
        return AuditEvent.of(Action.KEY_CREATED).names(names(key).stream().sorted().toList()).because(subject(key)
                + (key.enabled() ? "" : ", disabled") + key.expires().map(KeyChanges::expiry).orElse("")
                + (key.policy().equals(KeyPolicy.NONE) ? "" : ", " + text(key.policy())));
    }

    /** The GUID itself is not compared. */
    static AuditEvent rotated(ApiKey key) {
        return AuditEvent.of(Action.KEY_ROTATED).because(subject(key) + key.previousUntil()
                .map(until -> ", the old one is accepted until " + until).orElse(""));
    }

    static AuditEvent deleted(ApiKey key) {
        return AuditEvent.of(Action.KEY_DELETED).names(names(key).stream().sorted().toList()).because(subject(key));
    }

    /** What is different now; empty if nothing is. */
    List<AuditEvent> since(ApiKey key, Instant now) {
        List<AuditEvent> changes = new ArrayList<>();
        if (key.enabled() != enabled) {
            changes.add(AuditEvent.of(key.enabled() ? Action.KEY_ENABLED : Action.KEY_DISABLED)
                    .because(subject(key)));
        }
        if (!key.expires().equals(expires)) {
            changes.add(AuditEvent.of(key.expires().filter(end -> !end.isAfter(now)).isPresent() ? Action.KEY_EXPIRED
                    : Action.KEY_CHANGED)
                    .because(subject(key) + key.expires().map(KeyChanges::expiry).orElse(", never expires")));
        }
        if (!key.label().equals(label)) {
            changes.add(AuditEvent.of(Action.KEY_CHANGED).because(subject(key) + ", was " + Quoted.of(label)));
        }
        if (!key.policy().equals(policy)) {
            changes.add(AuditEvent.of(Action.KEY_CHANGED).because(subject(key) + ", " + text(key.policy())));
        }
        Set<DomainName> after = names(key);
        addIfAny(changes, key, "for more domains", without(after, domains));
        addIfAny(changes, key, "not for these domains any more", without(domains, after));
        return changes;
    }

    private static void addIfAny(List<AuditEvent> changes, ApiKey key, String how, Set<DomainName> names) {
        if (!names.isEmpty()) {
            changes.add(AuditEvent.of(Action.KEY_CHANGED).names(names.stream().sorted().toList())
                    .because(subject(key) + ", " + how));
        }
    }

    private static Set<DomainName> names(ApiKey key) {
        return key.domains().stream().map(Domain::name).collect(Collectors.toSet());
    }

    private static Set<DomainName> without(Set<DomainName> all, Set<DomainName> others) {
        Set<DomainName> rest = new HashSet<>(all);
        rest.removeAll(others);
        return rest;
    }

    private static String subject(ApiKey key) {
        return key.label() + " (" + key.id() + ")";
    }

    private static String expiry(Instant end) {
        return ", expires " + end;
    }

    private static String text(KeyPolicy policy) {
        List<String> parts = new ArrayList<>();
        if (!policy.networks().isEmpty()) {
            parts.add("networks " + policy.networks());
        }
        if (!policy.environments().isEmpty()) {
            parts.add("environments " + policy.environments().stream().map(KeyPolicy::nameOf).sorted().toList());
        }
        if (!policy.profiles().isEmpty()) {
            parts.add("profiles " + policy.profiles().stream().map(Profile::toString).sorted().toList());
        }
        policy.requestsPerDay().ifPresent(number -> parts.add(number + " requests a day"));
        return parts.isEmpty() ? "not restricted" : "restricted to " + String.join(", ", parts);
    }
}
