package certservice.admin;

import certservice.admin.ImportFile.ApiKeyEntry;
import certservice.admin.ImportFile.DnsProviderEntry;
import certservice.admin.ImportFile.DomainEntry;
import certservice.apikey.ApiKey;
import certservice.audit.Action;
import certservice.audit.Actor;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import certservice.challenge.Change;
import certservice.challenge.DnsProviders;
import certservice.domain.Domain;
import certservice.domain.DomainName;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings the database to what an import file says, in one transaction. Entries are found again by name or label, a key
 * also by its GUID, so that applying a file twice does no harm; what the file does not name stays as it is.
 */
@Stateless
public class ConfigurationImport {

    @PersistenceContext
    EntityManager entityManager;

    @Inject
    DnsProviders dnsProviders;

    @Inject
    DomainProofs proofs;

    @Inject
    AuditTrail audit;

    /**
     * What it changes is in the audit trail too.
     *
     * @throws WrongImport if anything in it can't be applied; nothing is, then
     */
    public void apply(ImportFile file) {
        List<AuditEvent> changes = new ArrayList<>();
        for (int i = 0; i < file.dnsProviders().size(); i++) {
            changes.addAll(apply("dnsProviders[" + i + "]", file.dnsProviders().get(i)));
        }
        for (int i = 0; i < file.domains().size(); i++) {
            changes.addAll(apply("domains[" + i + "]", file.domains().get(i)));
        }
        for (int i = 0; i < file.apiKeys().size(); i++) {
            changes.addAll(apply("apiKeys[" + i + "]", file.apiKeys().get(i)));
        }
        if (!changes.isEmpty()) {
            changes.add(AuditEvent.of(Action.CONFIGURATION_IMPORTED).because(changes.size() + " changes"));
            audit.record(changes.stream().map(change -> change.by(Actor.service("import file"))).toList());
        }
    }

    private List<AuditEvent> apply(String place, DnsProviderEntry entry) {
        try {
            Change change = dnsProviders.configure(entry.name(), entry.type(), entry.settings());
            return change == Change.NONE ? List.of() : List.of(AuditEvent.of(change == Change.CREATED
                    ? Action.DNS_PROVIDER_CREATED : Action.DNS_PROVIDER_CHANGED)
                    .because(entry.name() + ", " + entry.type()));
        } catch (IllegalArgumentException e) {
            throw new WrongImport(place, "can't be used: " + e.getMessage());
        }
    }

    private List<AuditEvent> apply(String place, DomainEntry entry) {
        String provider = entry.provider().orElse(null);
        try {
            proofs.check(entry.name(), entry.subdomains(), entry.challenge(), provider);
        } catch (WrongField wrong) {
            throw wrong.inImport(place);
        }
        Optional<Domain> there = domain(entry.name());
        if (there.isPresent() && there.get().isProven(entry.subdomains(), entry.challenge(), provider)) {
            return List.of();
        }
        Domain domain = there.orElseGet(() -> new Domain(entry.name(), entry.subdomains(), entry.challenge(),
                provider));
        domain.prove(entry.subdomains(), entry.challenge(), provider);
        entityManager.persist(domain);
        return List.of(AuditEvent.of(there.isPresent() ? Action.DOMAIN_CHANGED : Action.DOMAIN_CREATED)
                .names(List.of(entry.name())).because(DomainProofs.text(domain)));
    }

    private List<AuditEvent> apply(String place, ApiKeyEntry entry) {
        List<Domain> domains = entry.domains().stream().map(name -> domain(name).orElseThrow(() ->
                new WrongImport(place + ".domains", "has '" + name + "'; there is no such domain"))).toList();
        Optional<ApiKey> there = find(place, entry);
        ApiKey key = there.orElseGet(() -> new ApiKey(entry.label(), entry.key()));
        KeyChanges before = new KeyChanges(key);
        key.label(entry.label());
        boolean rotated = !key.isOpenedBy(entry.key());
        key.replaceBy(entry.key());
        if (entry.enabled()) {
            key.enable();
        } else {
            key.disable();
        }
        key.expireAt(entry.expires().orElse(null));
        key.restrict(entry.policy());
        key.associateExactly(domains);
        entityManager.persist(key);
        if (there.isEmpty()) {
            return List.of(KeyChanges.created(key));
        }
        List<AuditEvent> changes = new ArrayList<>();
        if (rotated) {
            changes.add(KeyChanges.rotated(key));
        }
        changes.addAll(before.since(key, Clock.systemUTC().instant()));
        return changes;
    }

    /** By its label; if that was changed, by the GUID that it has or had before it was rotated. */
    private Optional<ApiKey> find(String place, ApiKeyEntry entry) {
        Optional<ApiKey> labelled = one("select k from ApiKey k where k.label = :value", ApiKey.class, entry.label());
        Optional<ApiKey> opened = one("select k from ApiKey k where k.keyHash = :value or k.previousKeyHash = :value",
                ApiKey.class, entry.key().hash());
        if (labelled.isPresent() && opened.isPresent() && !labelled.get().id().equals(opened.get().id())) {
            throw new WrongImport(place + ".key", "is the key of '" + opened.get().label() + "' already");
        }
        return labelled.or(() -> opened);
    }

    private Optional<Domain> domain(DomainName name) {
        return one("select d from Domain d where d.name = :value", Domain.class, name.toString());
    }

    private <T> Optional<T> one(String query, Class<T> type, String value) {
        return entityManager.createQuery(query, type).setParameter("value", value).getResultStream().findFirst();
    }
}
