package certservice.admin;

import certservice.apikey.ApiKey;
import certservice.audit.Action;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import certservice.domain.Domain;
import certservice.domain.DomainName;
import certservice.domain.DomainValidation;
import certservice.domain.Validations;
import certservice.problem.DatabaseGuard;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What administrators do with domains; changes and failures as in {@link ApiKeyAdministration}. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class DomainAdministration {

    private static final String WHERE = " from Domain d where lower(d.name) like :text" + Text.ESCAPE
            + "or lower(d.provider) like :text" + Text.ESCAPE;
    private static final int LONGEST_NAME = 253;

    @PersistenceContext
    EntityManager entityManager;

    @Inject
    DomainProofs proofs;

    @Inject
    Validations validations;

    @Inject
    AuditTrail audit;

    /** Sorted by name; the text is looked for in names and providers. */
    public Page<DomainDetails> list(Search search) {
        String text = Text.anywhere(search);
        long total = entityManager.createQuery("select count(d)" + WHERE, Long.class).setParameter("text", text)
                .getSingleResult();
        List<Domain> found = entityManager.createQuery("select d" + WHERE + "order by d.name", Domain.class)
                .setParameter("text", text).setFirstResult(search.first()).setMaxResults(search.limit())
                .getResultList();
        return new Page<>(details(found), total);
    }

    public DomainDetails get(String name) {
        return details(required(name));
    }

    /** The challenge types that can be chosen. */
    public List<String> challenges() {
        return proofs.challenges();
    }

    public DomainDetails create(String name, DomainChange wanted, Administrator by) {
        DomainName parsed = parse(name);
        check(parsed, wanted);
        if (find(parsed).isPresent()) {
            throw Failure.conflict(isThere(parsed));
        }
        Domain domain = new Domain(parsed, wanted.subdomains(), wanted.challenge(), wanted.provider());
        entityManager.persist(domain);
        Saving.flush(entityManager, isThere(parsed));
        audit.record(by.did(changed(Action.DOMAIN_CREATED, domain)));
        return details(domain);
    }

    public DomainDetails change(String name, DomainChange wanted, Long version, Administrator by) {
        Domain domain = required(name);
        Saving.requireVersion(version, domain.version());
        check(domain.name(), wanted);
        if (!domain.isProven(wanted.subdomains(), wanted.challenge(), wanted.provider())) {
            domain.prove(wanted.subdomains(), wanted.challenge(), wanted.provider());
            Saving.flush(entityManager, isThere(domain.name()));
            audit.record(by.did(changed(Action.DOMAIN_CHANGED, domain)));
        }
        return details(domain);
    }

    /** Removes the domain, and its associations with keys. */
    public void delete(String name, Long version, Administrator by) {
        Domain domain = required(name);
        Saving.requireVersion(version, domain.version());
        List<ApiKey> keys = entityManager.createQuery("select k from ApiKey k where :domain member of k.domains"
                + " order by k.label", ApiKey.class).setParameter("domain", domain).getResultList();
        keys.forEach(key -> key.dissociate(domain));
        Saving.flush(entityManager, isThere(domain.name()));
        entityManager.remove(domain);
        validations.forget(domain.name());
        Saving.flush(entityManager, isThere(domain.name()));
        audit.record(by.did(AuditEvent.of(Action.DOMAIN_DELETED).names(List.of(domain.name()))
                .because(keys.isEmpty() ? null : "was associated with " + String.join(", ",
                        keys.stream().map(ApiKey::label).toList()))));
    }

    private static AuditEvent changed(Action action, Domain domain) {
        return AuditEvent.of(action).names(List.of(domain.name())).because(DomainProofs.text(domain));
    }

    private void check(DomainName name, DomainChange wanted) {
        try {
            proofs.check(name, wanted.subdomains(), wanted.challenge(), wanted.provider());
        } catch (WrongField wrong) {
            throw wrong.inRequest();
        }
    }

    private static DomainName parse(String name) {
        try {
            return DomainName.of(name);
        } catch (IllegalArgumentException e) {
            throw Failure.badRequest("Field 'name': " + e.getMessage());
        }
    }

    private Domain required(String name) {
        return nameOf(name).flatMap(this::find)
                .orElseThrow(() -> Failure.notFound("There is no domain " + Quoted.of(name)));
    }

    /** What is no name is the name of no domain. */
    private static Optional<DomainName> nameOf(String text) {
        try {
            return text.length() > LONGEST_NAME ? Optional.empty() : Optional.of(DomainName.of(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<Domain> find(DomainName name) {
        return entityManager.createQuery("select d from Domain d where d.name = :name", Domain.class)
                .setParameter("name", name.toString()).getResultStream().findFirst();
    }

    private static String isThere(DomainName name) {
        return "The domain '" + name + "' is there already";
    }

    private DomainDetails details(Domain domain) {
        return details(List.of(domain)).get(0);
    }

    private List<DomainDetails> details(List<Domain> domains) {
        if (domains.isEmpty()) {
            return List.of();
        }
        Map<String, List<String>> keys = new HashMap<>();
        entityManager.createQuery("select d.id, k.label from ApiKey k join k.domains d where d.id in :ids"
                        + " order by k.label", Object[].class)
                .setParameter("ids", domains.stream().map(Domain::id).toList()).getResultList()
                .forEach(row -> keys.computeIfAbsent((String) row[0], id -> new ArrayList<>()).add((String) row[1]));
        Map<String, DomainValidation> known = validations.of(domains.stream().map(each -> each.name().toString())
                .toList());
        return domains.stream().map(domain -> {
            Optional<DomainValidation> validation = Optional.ofNullable(known.get(domain.name().toString()));
            return new DomainDetails(domain.name().toString(), domain.subdomains(), domain.challenge(),
                    domain.provider().orElse(null), keys.getOrDefault(domain.id(), List.of()),
                    validation.flatMap(DomainValidation::lastValid).orElse(null),
                    validation.flatMap(DomainValidation::lastInvalid).orElse(null),
                    validation.flatMap(DomainValidation::detail).orElse(null), domain.version());
        }).toList();
    }
}
