package certservice.admin;

import certservice.audit.Action;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import certservice.challenge.Change;
import certservice.challenge.DnsProvider;
import certservice.challenge.DnsProviders;
import certservice.problem.DatabaseGuard;
import certservice.problem.Duplicate;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import jakarta.json.JsonObject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What administrators do with DNS providers; changes and failures as in {@link ApiKeyAdministration}. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class DnsProviderAdministration {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final String WHERE = " from DnsProvider p where lower(p.name) like :text" + Text.ESCAPE
            + "or lower(p.type) like :text" + Text.ESCAPE;

    @PersistenceContext
    EntityManager entityManager;

    @Inject
    DnsProviders providers;

    @Inject
    AuditTrail audit;

    /** Sorted by name; the text is looked for in names and types. */
    public Page<DnsProviderDetails> list(Search search) {
        String text = Text.anywhere(search);
        long total = entityManager.createQuery("select count(p)" + WHERE, Long.class).setParameter("text", text)
                .getSingleResult();
        List<DnsProvider> found = entityManager.createQuery("select p" + WHERE + "order by p.name", DnsProvider.class)
                .setParameter("text", text).setFirstResult(search.first()).setMaxResults(search.limit())
                .getResultList();
        return new Page<>(details(found), total);
    }

    public DnsProviderDetails get(String name) {
        return details(required(name));
    }

    /** The kinds that can be chosen. */
    public List<String> types() {
        return providers.types();
    }

    /** What a new provider may be called, so that every face can name it; older ones keep the names that they have. */
    static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new WrongField("name", "is " + Quoted.of(text) + "; allowed are 1 to 100 letters, digits, dots,"
                    + " hyphens and underscores, of which the first is a letter or digit");
        }
        return text;
    }

    /** @param name 1 to 100 letters, digits, dots, hyphens or underscores; first a letter or digit */
    public DnsProviderDetails create(String name, String type, JsonObject settings, Administrator by) {
        try {
            name(name);
        } catch (WrongField wrong) {
            throw wrong.inRequest();
        }
        if (find(name).isPresent()) {
            throw Failure.conflict(isThere(name));
        }
        save(name, type, settings, by);
        return get(name);
    }

    /** Replaces type and settings as a whole. */
    public DnsProviderDetails change(String name, String type, JsonObject settings, Long version, Administrator by) {
        Saving.requireVersion(version, held(name).version());
        save(name, type, settings, by);
        return get(name);
    }

    /** 409 as long as a domain is proven by it. */
    public void delete(String name, Long version, Administrator by) {
        DnsProvider provider = held(name);
        Saving.requireVersion(version, provider.version());
        List<String> domains = entityManager.createQuery("select d.name from Domain d where d.provider = :name"
                        + " order by d.name", String.class)
                .setParameter("name", name).setMaxResults(1).getResultList();
        if (!domains.isEmpty()) {
            throw Failure.conflict("The DNS provider '" + name + "' proves domains, such as '" + domains.get(0)
                    + "'; give these another one before");
        }
        entityManager.remove(provider);
        Saving.flush(entityManager, isThere(name));
        audit.record(by.did(AuditEvent.of(Action.DNS_PROVIDER_DELETED).because(name + ", " + provider.type())));
    }

    private void save(String name, String type, JsonObject settings, Administrator by) {
        if (!types().contains(type)) {
            throw Failure.badRequest("Field 'type' is " + Quoted.of(type) + "; allowed are "
                    + String.join(", ", types()));
        }
        Change change = configure(name, type, settings);
        if (change != Change.NONE) {
            audit.record(by.did(AuditEvent.of(change == Change.CREATED ? Action.DNS_PROVIDER_CREATED
                    : Action.DNS_PROVIDER_CHANGED).because(name + ", " + type)));
        }
    }

    private Change configure(String name, String type, JsonObject settings) {
        try {
            return providers.configure(name, type, settings);
        } catch (IllegalArgumentException e) {
            throw Failure.badRequest("Field 'settings': " + e.getMessage());
        } catch (RuntimeException e) {
            throw Duplicate.isIn(e) ? Failure.conflict(isThere(name)) : e;
        }
    }

    private Optional<DnsProvider> find(String name) {
        return name.indexOf('\0') < 0 ? Optional.ofNullable(entityManager.find(DnsProvider.class, name))
                : Optional.empty();
    }

    private DnsProvider required(String name) {
        return find(name).orElseThrow(() -> isNotThere(name));
    }

    private static Failure isNotThere(String name) {
        return Failure.notFound("There is no DNS provider " + Quoted.of(name));
    }

    /** So that no domain begins to be proven by it meanwhile. */
    private DnsProvider held(String name) {
        required(name);
        return entityManager.createQuery("select p from DnsProvider p where p.name = :name", DnsProvider.class)
                .setParameter("name", name).setLockMode(LockModeType.PESSIMISTIC_WRITE).getResultStream().findFirst()
                .orElseThrow(() -> isNotThere(name));
    }

    private static String isThere(String name) {
        return "The DNS provider '" + name + "' is there already";
    }

    private DnsProviderDetails details(DnsProvider provider) {
        return details(List.of(provider)).get(0);
    }

    private List<DnsProviderDetails> details(List<DnsProvider> found) {
        if (found.isEmpty()) {
            return List.of();
        }
        Map<String, Long> domains = new HashMap<>();
        entityManager.createQuery("select d.provider, count(d) from Domain d where d.provider in :names"
                        + " group by d.provider", Object[].class)
                .setParameter("names", found.stream().map(DnsProvider::name).toList()).getResultList()
                .forEach(row -> domains.put((String) row[0], (Long) row[1]));
        return found.stream().map(provider -> new DnsProviderDetails(provider.name(), provider.type(),
                settings(provider), domains.getOrDefault(provider.name(), 0L), provider.version())).toList();
    }

    /** Settings that were sealed with another master key hide no provider: it can be given new ones. */
    private List<String> settings(DnsProvider provider) {
        try {
            return providers.settingsOf(provider);
        } catch (IllegalStateException sealedOtherwise) {
            return List.of();
        }
    }
}
