package certservice.apikey;

import certservice.apikey.Refusal.Reason;
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

    /**
     * The caller behind a key that is enabled, not expired, and accepted from this address; or why there is none.
     *
     * @param address as {@link ClientAddress} tells
     */
    public Identification identify(ApiKeyGuid guid, String address) {
        List<ApiKey> found = entityManager.createQuery(
                        "select k from ApiKey k where k.keyHash = :hash or k.previousKeyHash = :hash", ApiKey.class)
                .setParameter("hash", guid.hash()).getResultList();
        return found.stream().findFirst().map(key -> identify(key, guid, address))
                .orElseGet(() -> new Refusal(Reason.UNKNOWN, "no key has this GUID"));
    }

    private static Identification identify(ApiKey key, ApiKeyGuid guid, String address) {
        Optional<Refusal> refusal = key.refusal(guid, address, Clock.systemUTC().instant());
        return refusal.isPresent() ? refusal.get()
                : new Caller(key.id(), key.label(), guid, address, key.policy());
    }

    /** Another key that has this GUID, or had it before its last rotation; there must not be two. */
    public Optional<ApiKey> other(ApiKey key, ApiKeyGuid guid) {
        return entityManager.createQuery("select k from ApiKey k where (k.keyHash = :hash or k.previousKeyHash = :hash)"
                        + " and k.id <> :id", ApiKey.class)
                .setParameter("hash", guid.hash()).setParameter("id", key.id()).getResultStream().findFirst();
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
