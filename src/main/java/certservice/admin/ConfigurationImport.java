package certservice.admin;

import certservice.admin.ImportFile.ApiKeyEntry;
import certservice.admin.ImportFile.DnsProviderEntry;
import certservice.admin.ImportFile.DomainEntry;
import certservice.apikey.ApiKey;
import certservice.challenge.DnsProviders;
import certservice.challenge.Solvers;
import certservice.domain.Domain;
import certservice.domain.DomainName;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.Optional;

/**
 * Brings the database to what an import file says, in one transaction. Entries are found again by name or label, so
 * that applying a file twice does no harm; what the file does not name stays as it is.
 */
@Stateless
public class ConfigurationImport {

    private static final String DNS_01 = "dns-01";

    @PersistenceContext
    EntityManager entityManager;

    @Inject
    DnsProviders dnsProviders;

    @Inject
    Solvers solvers;

    /** @throws WrongImport if anything in it can't be applied; nothing is, then */
    public void apply(ImportFile file) {
        for (int i = 0; i < file.dnsProviders().size(); i++) {
            apply("dnsProviders[" + i + "]", file.dnsProviders().get(i));
        }
        for (int i = 0; i < file.domains().size(); i++) {
            apply("domains[" + i + "]", file.domains().get(i));
        }
        for (int i = 0; i < file.apiKeys().size(); i++) {
            apply("apiKeys[" + i + "]", file.apiKeys().get(i));
        }
    }

    private void apply(String place, DnsProviderEntry entry) {
        try {
            dnsProviders.configure(entry.name(), entry.type(), entry.settings());
        } catch (IllegalArgumentException e) {
            throw new WrongImport(place, "can't be used: " + e.getMessage());
        }
    }

    private void apply(String place, DomainEntry entry) {
        checkProof(place, entry);
        String provider = entry.provider().orElse(null);
        domain(entry.name()).ifPresentOrElse(
                domain -> domain.prove(entry.subdomains(), entry.challenge(), provider),
                () -> entityManager.persist(
                        new Domain(entry.name(), entry.subdomains(), entry.challenge(), provider)));
    }

    private void checkProof(String place, DomainEntry entry) {
        if (!solvers.types().contains(entry.challenge())) {
            throw new WrongImport(place + ".challenge", "is '" + entry.challenge() + "'; allowed are "
                    + String.join(", ", solvers.types()));
        }
        boolean dns = entry.challenge().equals(DNS_01);
        if (entry.name().isWildcard() && !dns) {
            throw new WrongImport(place + ".challenge", "is '" + entry.challenge()
                    + "'; a wildcard can be proven by dns-01 only");
        }
        if (dns != entry.provider().isPresent()) {
            throw new WrongImport(place + ".provider", dns ? "is missing; dns-01 needs one"
                    : "is given, but " + entry.challenge() + " uses none");
        }
        entry.provider().filter(provider -> !dnsProviders.exists(provider)).ifPresent(provider -> {
            throw new WrongImport(place + ".provider", "is '" + provider + "'; there is no such DNS provider");
        });
    }

    private void apply(String place, ApiKeyEntry entry) {
        List<Domain> domains = entry.domains().stream().map(name -> domain(name).orElseThrow(() ->
                new WrongImport(place + ".domains", "has '" + name + "'; there is no such domain"))).toList();
        ApiKey key = one("select k from ApiKey k where k.label = :value", ApiKey.class, entry.label())
                .orElseGet(() -> new ApiKey(entry.label(), entry.key()));
        one("select k from ApiKey k where k.keyHash = :value", ApiKey.class, entry.key().hash())
                .filter(other -> !other.id().equals(key.id())).ifPresent(other -> {
                    throw new WrongImport(place + ".key", "is the key of '" + other.label() + "' already");
                });
        key.replaceBy(entry.key());
        if (entry.enabled()) {
            key.enable();
        } else {
            key.disable();
        }
        key.expireAt(entry.expires().orElse(null));
        key.associateExactly(domains);
        entityManager.persist(key);
    }

    private Optional<Domain> domain(DomainName name) {
        return one("select d from Domain d where d.name = :value", Domain.class, name.toString());
    }

    private <T> Optional<T> one(String query, Class<T> type, String value) {
        return entityManager.createQuery(query, type).setParameter("value", value).getResultStream().findFirst();
    }
}
