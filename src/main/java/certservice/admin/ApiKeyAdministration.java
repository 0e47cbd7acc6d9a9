package certservice.admin;

import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import certservice.apikey.KeyPolicy;
import certservice.apikey.KeyUse;
import certservice.apikey.KeyUses;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import certservice.domain.Domain;
import certservice.domain.DomainName;
import certservice.domain.Profile;
import certservice.problem.DatabaseGuard;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import certservice.settings.Network;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What administrators do with API keys. Every change is audited, and holds on all nodes at once.
 *
 * <p>Changes throw {@link Failure}: 400 for a value that can't be used, naming field, value and what is allowed; 404 if
 * there is no such key; 409 for a label that another key has, or if somebody else changes the same at this moment; 412
 * if {@code version} is given and the key has another one by now.
 */
@Stateless
@Interceptors(DatabaseGuard.class)
public class ApiKeyAdministration {

    private static final Duration LONGEST_OVERLAP = Duration.ofDays(90);
    private static final Instant LAST_MOMENT = Instant.parse("9999-12-31T23:59:59Z");
    private static final Instant FIRST_MOMENT = Instant.parse("2000-01-01T00:00:00Z");
    private static final int MOST_DOMAINS = 10_000;

    /** Well below every database's limit of parameters in one statement. */
    private static final int NAMES_IN_ONE_QUERY = 500;
    private static final String WHERE = " from ApiKey k where k.removed is null and (lower(k.label) like :text"
            + Text.ESCAPE + "or k.id like :text" + Text.ESCAPE
            + "or k.id in (select o.id from ApiKey o join o.domains d where d.name like :text" + Text.ESCAPE + "))";

    @PersistenceContext
    EntityManager entityManager;

    @Inject
    KeyUses uses;

    @Inject
    AuditTrail audit;

    /** Sorted by label; the text is looked for in labels, ids and domain names. */
    public Page<ApiKeyDetails> list(Search search) {
        String text = Text.anywhere(search);
        long total = entityManager.createQuery("select count(k)" + WHERE, Long.class).setParameter("text", text)
                .getSingleResult();
        List<ApiKey> found = entityManager.createQuery("select k" + WHERE + " order by k.label", ApiKey.class)
                .setParameter("text", text).setFirstResult(search.first()).setMaxResults(search.limit())
                .getResultList();
        return new Page<>(details(found), total);
    }

    public ApiKeyDetails get(String id) {
        return details(required(id));
    }

    public NewApiKey create(ApiKeyChange wanted, Administrator by) {
        ApiKeyGuid guid = ApiKeyGuid.random();
        ApiKey key = new ApiKey(label(wanted, null), guid);
        apply(wanted, key);
        entityManager.persist(key);
        save(key);
        audit.record(by.did(KeyChanges.created(key)));
        return new NewApiKey(details(key), guid.clearText());
    }

    /** @param version of the key that the change was made from, or {@code null}: whichever */
    public ApiKeyDetails change(String id, ApiKeyChange wanted, Long version, Administrator by) {
        return with(id, version, by, key -> {
            key.label(label(wanted, key));
            apply(wanted, key);
        });
    }

    public ApiKeyDetails enable(String id, Administrator by) {
        return with(id, null, by, ApiKey::enable);
    }

    public ApiKeyDetails disable(String id, Administrator by) {
        return with(id, null, by, ApiKey::disable);
    }

    /** @param moment from when on it is refused, or {@code null}: it never expires */
    public ApiKeyDetails expire(String id, Instant moment, Administrator by) {
        return with(id, null, by, key -> key.expireAt(checked(moment)));
    }

    /**
     * Gives the key another GUID.
     *
     * @param overlap how long the old one is accepted beside it; zero to 90 days
     * @param version of the key that the caller has seen, or {@code null}: whichever. With it the same rotation, sent
     *                again, does not replace the GUID that it has made
     */
    public NewApiKey rotate(String id, Duration overlap, Long version, Administrator by) {
        if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw Failure.badRequest("Field 'overlap' is " + overlap + "; allowed is PT0S to P90D");
        }
        ApiKeyGuid guid = ApiKeyGuid.random();
        ApiKey key = required(id);
        Saving.requireVersion(version, key.version());
        key.rotate(guid, Clock.systemUTC().instant().plus(overlap));
        save(key);
        audit.record(by.did(KeyChanges.rotated(key)));
        return new NewApiKey(details(key), guid.clearText());
    }

    public ApiKeyDetails associate(String id, String domain, Administrator by) {
        return with(id, null, by, key -> key.associate(domain(domain)));
    }

    public ApiKeyDetails dissociate(String id, String domain, Administrator by) {
        return with(id, null, by, key -> key.dissociate(domain(domain)));
    }

    /** Removes the key. What it ordered stays in the records, under its label. */
    public void delete(String id, Long version, Administrator by) {
        ApiKey key = required(id);
        Saving.requireVersion(version, key.version());
        AuditEvent deleted = KeyChanges.deleted(key);
        key.remove(Clock.systemUTC().instant());
        save(key);
        audit.record(by.did(deleted));
    }

    private ApiKeyDetails with(String id, Long version, Administrator by, Consumer<ApiKey> change) {
        ApiKey key = required(id);
        Saving.requireVersion(version, key.version());
        KeyChanges before = new KeyChanges(key);
        change.accept(key);
        save(key);
        audit.record(before.since(key, Clock.systemUTC().instant()).stream().map(by::did).toList());
        return details(key);
    }

    private void save(ApiKey key) {
        Saving.flush(entityManager, "Field 'label': another key has the label " + Quoted.of(key.label()));
    }

    /** @param key that shall have it, or {@code null}: a new one */
    private String label(ApiKeyChange wanted, ApiKey key) {
        String label;
        try {
            label = KeyTerms.label(wanted.label());
        } catch (WrongField wrong) {
            throw wrong.inRequest();
        }
        List<String> others = entityManager.createQuery("select k.id from ApiKey k where k.label = :label",
                String.class).setParameter("label", label).getResultList();
        if (others.stream().anyMatch(id -> key == null || !id.equals(key.id()))) {
            throw Failure.conflict("Field 'label': another key has the label " + Quoted.of(label));
        }
        return label;
    }

    private void apply(ApiKeyChange wanted, ApiKey key) {
        if (wanted.domains().size() > MOST_DOMAINS) {
            throw Failure.badRequest("Field 'domains' has more than " + MOST_DOMAINS + " names");
        }
        try {
            key.restrict(KeyTerms.policy(wanted.networks(), wanted.environments(), wanted.profiles(),
                    wanted.requestsPerDay()));
        } catch (WrongField wrong) {
            throw wrong.inRequest();
        }
        key.expireAt(checked(wanted.expires()));
        if (wanted.enabled()) {
            key.enable();
        } else {
            key.disable();
        }
        key.associateExactly(domains(wanted.domains(), "domains"));
    }

    /** The years that every database can store. */
    private static Instant checked(Instant moment) {
        if (moment != null && (moment.isBefore(FIRST_MOMENT) || moment.isAfter(LAST_MOMENT))) {
            throw Failure.badRequest("Field 'expires' is " + moment + "; allowed is a moment from " + FIRST_MOMENT
                    + " to " + LAST_MOMENT);
        }
        return moment;
    }

    private Domain domain(String text) {
        return domains(List.of(text), "domain").get(0);
    }

    private List<Domain> domains(List<String> texts, String field) {
        List<String> names = texts.stream().map(text -> name(text, field)).distinct().toList();
        List<Domain> found = new ArrayList<>();
        for (int from = 0; from < names.size(); from += NAMES_IN_ONE_QUERY) {
            found.addAll(entityManager.createQuery("select d from Domain d where d.name in :names", Domain.class)
                    .setParameter("names", names.subList(from, Math.min(names.size(), from + NAMES_IN_ONE_QUERY)))
                    .getResultList());
        }
        if (found.size() < names.size()) {
            Set<String> known = found.stream().map(each -> each.name().toString()).collect(Collectors.toSet());
            String unknown = names.stream().filter(name -> !known.contains(name)).findFirst().orElseThrow();
            throw Failure.badRequest("Field '" + field + "' has '" + unknown + "'; there is no such domain");
        }
        return found;
    }

    private static String name(String text, String field) {
        try {
            return DomainName.of(text).toString();
        } catch (IllegalArgumentException e) {
            throw Failure.badRequest("Field '" + field + "': " + e.getMessage());
        }
    }

    private ApiKey required(String id) {
        return entityManager.createQuery("select k from ApiKey k where k.id = :id and k.removed is null", ApiKey.class)
                .setParameter("id", id.replace('\0', ' ')).getResultStream().findFirst()
                .orElseThrow(() -> Failure.notFound("There is no API key with the id " + Quoted.of(id)));
    }

    private ApiKeyDetails details(ApiKey key) {
        return details(List.of(key)).get(0);
    }

    private List<ApiKeyDetails> details(List<ApiKey> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        List<String> ids = keys.stream().map(ApiKey::id).toList();
        Map<String, List<String>> domains = new HashMap<>();
        entityManager.createQuery("select k.id, d.name from ApiKey k join k.domains d where k.id in :ids"
                        + " order by d.name", Object[].class)
                .setParameter("ids", ids).getResultList()
                .forEach(row -> domains.computeIfAbsent((String) row[0], id -> new ArrayList<>()).add((String) row[1]));
        Map<String, KeyUse> used = uses.last(ids);
        return keys.stream().map(key -> details(key, domains.getOrDefault(key.id(), List.of()),
                Optional.ofNullable(used.get(key.id())))).toList();
    }

    private static ApiKeyDetails details(ApiKey key, List<String> domains, Optional<KeyUse> use) {
        KeyPolicy policy = key.policy();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return new ApiKeyDetails(key.id(), key.label(), key.enabled(), key.expires().orElse(null), domains,
                policy.networks().stream().map(Network::toString).toList(),
                policy.environments().stream().map(KeyPolicy::nameOf).sorted().toList(),
                policy.profiles().stream().map(Profile::toString).sorted().toList(),
                policy.requestsPerDay().orElse(null), use.map(last -> last.requestsOn(today)).orElse(0),
                key.created(), use.map(KeyUse::lastUsed).orElse(null),
                key.previousUntil().filter(until -> until.isAfter(Clock.systemUTC().instant())).orElse(null),
                key.version());
    }
}
