package certservice.challenge;

import certservice.problem.DatabaseGuard;
import jakarta.ejb.Schedule;
import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The published http-01 proofs of all nodes. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class HttpChallenges {

    /** Longer than any CA keeps an authorization pending. */
    private static final Duration LIFE = Duration.ofDays(8);

    @PersistenceContext
    EntityManager entityManager;

    /** Publishes all proofs in one transaction; one that is there already, from an earlier try, stays. */
    public void publish(Collection<Proof> proofs) {
        Instant expires = Instant.now().plus(LIFE);
        proofs.forEach(proof -> entityManager.merge(new HttpChallenge(proof.token(), proof.value(), expires)));
        entityManager.flush();
    }

    public void withdraw(Collection<Proof> proofs) {
        if (proofs.isEmpty()) {
            return;
        }
        List<String> tokens = proofs.stream().map(Proof::token).toList();
        entityManager.createQuery("delete from HttpChallenge c where c.token in :tokens")
                .setParameter("tokens", tokens).executeUpdate();
    }

    /**
     * The published proof with that token. By a query, since Hibernate writes a page about each find that the database
     * fails.
     */
    public Optional<String> keyAuthorization(String token) {
        return entityManager.createQuery("select c from HttpChallenge c where c.token = :token", HttpChallenge.class)
                .setParameter("token", token)
                .getResultStream().findFirst()
                .map(HttpChallenge::keyAuthorization);
    }

    /** Every node does this; a row that another node removed first is simply not there any more. */
    @Schedule(hour = "*", minute = "17", persistent = false)
    public void removeExpired() {
        entityManager.createQuery("delete from HttpChallenge c where c.expires < :now")
                .setParameter("now", OffsetDateTime.now()).executeUpdate();
    }
}
