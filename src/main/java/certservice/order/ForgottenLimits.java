package certservice.order;

import certservice.problem.DatabaseGuard;
import jakarta.ejb.Schedule;
import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.OffsetDateTime;

/**
 * Removes what {@link RateLimits} need not know any more. A bean of its own, without settings: a timer may go off
 * before they are read.
 */
@Stateless
@Interceptors(DatabaseGuard.class)
public class ForgottenLimits {

    @PersistenceContext
    EntityManager entityManager;

    /** Every node does this, while nobody counts: a row that is about to be counted up must not go. */
    @Schedule(hour = "*", minute = "27", persistent = false)
    public void remove() {
        entityManager.createNativeQuery("select environment from rate_limit_lock order by environment for update")
                .getResultList();
        entityManager.createQuery("delete from RateLimit r where r.expires < :now")
                .setParameter("now", OffsetDateTime.now()).executeUpdate();
    }
}
