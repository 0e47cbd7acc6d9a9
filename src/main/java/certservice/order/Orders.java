package certservice.order;

import certservice.problem.DatabaseGuard;
import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** The stored orders. Each method is one short transaction; none spans a call to the CA. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class Orders {

    @PersistenceContext
    EntityManager entityManager;

    public CertificateOrder add(CertificateOrder order) {
        entityManager.persist(order);
        entityManager.flush();
        return order;
    }

    /**
     * Saves what changed and returns the saved order.
     *
     * @throws jakarta.ejb.EJBException caused by an {@link jakarta.persistence.OptimisticLockException}, if somebody
     *                                  else changed the order meanwhile
     */
    public CertificateOrder save(CertificateOrder order) {
        CertificateOrder saved = entityManager.merge(order);
        entityManager.flush();
        return saved;
    }

    /**
     * As {@link #save}, after a save of which nobody knows whether it was done: the connection broke. Asks by a query,
     * since Hibernate writes a page about each find that the database fails.
     */
    public CertificateOrder saveAgain(CertificateOrder order) {
        return entityManager.createQuery("select o from CertificateOrder o where o.id = :id", CertificateOrder.class)
                .setParameter("id", order.id())
                .getResultStream().findFirst()
                .filter(stored -> stored.isAsFarAs(order))
                .orElseGet(() -> save(order));
    }
}
