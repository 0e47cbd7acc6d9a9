package certservice.apikey;

import certservice.problem.DatabaseGuard;
import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** The stored guesses of all nodes. {@link Guessing} decides what follows from them. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class Guesses {

    private static final int MOST_SHOWN = 1000;

    @PersistenceContext
    EntityManager entityManager;

    /** Adds to the count of the window that began then; empty if that one is not there any more. */
    public Optional<Guess> addTo(String address, Instant began, long number) {
        int changed = entityManager.createQuery("update Guess g set g.guesses = g.guesses + :number"
                        + " where g.address = :address and g.windowStart = :began")
                .setParameter("number", number).setParameter("address", address).setParameter("began", utc(began))
                .executeUpdate();
        return changed == 0 ? Optional.empty() : Optional.of(entityManager.find(Guess.class, address));
    }

    /**
     * Counts one guess from the address; a new window begins if the last one began at {@code over} or before. Throws a
     * duplicate if another node adds the same address: do it again.
     */
    public Guess add(String address, Instant over, Instant now) {
        int changed = entityManager.createQuery("update Guess g set g.guesses = g.guesses + 1"
                        + " where g.address = :address and g.windowStart > :over")
                .setParameter("address", address).setParameter("over", utc(over)).executeUpdate();
        if (changed == 0) {
            changed = entityManager.createQuery("update Guess g set g.guesses = :one, g.windowStart = :now"
                            + " where g.address = :address and g.windowStart <= :over")
                    .setParameter("one", 1L).setParameter("now", utc(now)).setParameter("address", address)
                    .setParameter("over", utc(over)).executeUpdate();
        }
        if (changed == 0) {
            entityManager.persist(new Guess(address, now));
            entityManager.flush();
        }
        return entityManager.find(Guess.class, address);
    }

    /** Those that have reached the limit in a window that began after {@code over}, the worst first; 1,000 at most. */
    public List<Guess> atLeast(int limit, Instant over) {
        return entityManager.createQuery("select g from Guess g where g.guesses >= :limit and g.windowStart > :over"
                        + " order by g.guesses desc, g.address", Guess.class)
                .setParameter("limit", (long) limit).setParameter("over", utc(over)).setMaxResults(MOST_SHOWN)
                .getResultList();
    }

    public boolean remove(String address) {
        return entityManager.createQuery("delete from Guess g where g.address = :address")
                .setParameter("address", address).executeUpdate() > 0;
    }

    public void forgetBefore(Instant moment) {
        entityManager.createQuery("delete from Guess g where g.windowStart < :moment")
                .setParameter("moment", utc(moment)).executeUpdate();
    }

    private static OffsetDateTime utc(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
