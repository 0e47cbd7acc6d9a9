package certservice.apikey;

import certservice.domain.Domain;
import certservice.domain.DomainName;
import certservice.problem.DatabaseGuard;
import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The stored API keys. Every question goes to the database: a key changed on one node holds on all at once. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class ApiKeys {

    /** Well below every database's limit of parameters in one statement. */
    private static final int NAMES_IN_ONE_QUERY = 500;

    @PersistenceContext
    EntityManager entityManager;

    /** The caller behind a key that is enabled and not expired. */
    public Optional<Caller> authenticate(ApiKeyGuid guid) {
        return entityManager.createQuery("select k from ApiKey k where k.keyHash = :hash", ApiKey.class)
                .setParameter("hash", guid.hash())
                .getResultStream().findFirst()
                .filter(key -> key.isUsableAt(Clock.systemUTC().instant()))
                .map(key -> new Caller(key.id(), key.label(), guid));
    }

    /**
     * The domains of the key that can have to do with the names; which of them permits which name is
     * {@link Domain#permits}. The cost grows with the number of names and their labels, not with the key's domains.
     */
    public List<Domain> associated(Caller caller, Collection<DomainName> names) {
        List<String> candidates = names.stream()
                .flatMap(name -> name.associations().stream()).map(DomainName::toString).distinct().toList();
        List<Domain> found = new ArrayList<>();
        for (int from = 0; from < candidates.size(); from += NAMES_IN_ONE_QUERY) {
            int to = Math.min(candidates.size(), from + NAMES_IN_ONE_QUERY);
            found.addAll(entityManager.createQuery(
                            "select d from ApiKey k join k.domains d where k.id = :key and d.name in :names",
                            Domain.class)
                    .setParameter("key", caller.keyId())
                    .setParameter("names", candidates.subList(from, to))
                    .getResultList());
        }
        return found;
    }
}
