package certservice.apikey;

import certservice.problem.DatabaseGuard;
import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is stored of the keys' use. Two nodes that add a key's first row of a day at the same moment get in each other's
 * way: one of them sees a duplicate, and does it again ({@link KeyUsage} does).
 */
@Stateless
@Interceptors(DatabaseGuard.class)
public class KeyUses {

    @PersistenceContext
    EntityManager entityManager;

    /**
     * Counts one request, unless the key has made so many on that day; exact, whichever nodes count at the same moment.
     *
     * @param limit 1 at least
     * @return whether it was counted
     */
    public boolean take(String keyId, LocalDate day, int limit, Instant now) {
        int taken = entityManager.createQuery("update KeyUse u set u.requests = u.requests + 1, u.lastUsed = :now"
                        + " where u.id = :id and u.requests < :limit")
                .setParameter("now", now.atOffset(ZoneOffset.UTC)).setParameter("id", KeyUse.id(keyId, day))
                .setParameter("limit", limit).executeUpdate();
        if (taken == 0 && entityManager.find(KeyUse.class, KeyUse.id(keyId, day)) == null) {
            entityManager.persist(new KeyUse(keyId, day, 1, now));
            entityManager.flush();
            return true;
        }
        return taken == 1;
    }

    /** Adds what was counted elsewhere. */
    public void add(String keyId, LocalDate day, int requests, Instant lastUsed) {
        int added = entityManager.createQuery("update KeyUse u set u.requests = u.requests + :requests,"
                        + " u.lastUsed = :used where u.id = :id")
                .setParameter("requests", requests).setParameter("used", lastUsed.atOffset(ZoneOffset.UTC))
                .setParameter("id", KeyUse.id(keyId, day)).executeUpdate();
        if (added == 0) {
            entityManager.persist(new KeyUse(keyId, day, requests, lastUsed));
            entityManager.flush();
        }
    }

    /** Each key's last use, by the key's id; those that were never used are not there. */
    public Map<String, KeyUse> last(Collection<String> keyIds) {
        if (keyIds.isEmpty()) {
            return Map.of();
        }
        return entityManager.createQuery("select u from KeyUse u where u.apiKeyId in :keys and not exists (select v"
                        + " from KeyUse v where v.apiKeyId = u.apiKeyId and v.usedOn > u.usedOn)", KeyUse.class)
                .setParameter("keys", keyIds).getResultStream()
                .collect(Collectors.toMap(KeyUse::apiKeyId, Function.identity()));
    }

    /** A key's last use; empty: never. */
    public Optional<KeyUse> last(String keyId) {
        return last(List.of(keyId)).values().stream().findFirst();
    }

    /** Removes the days before this one, but each key's last. */
    public void forgetBefore(LocalDate day) {
        entityManager.createQuery("delete from KeyUse u where u.usedOn < :day and exists (select v from KeyUse v"
                        + " where v.apiKeyId = u.apiKeyId and v.usedOn > u.usedOn)")
                .setParameter("day", day).executeUpdate();
    }
}
