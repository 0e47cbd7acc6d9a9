package certservice.order;

import jakarta.ejb.Stateless;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** The stored orders. Each method is one short transaction; none spans a call to the CA. */
@Stateless
public class Orders {

    @PersistenceContext
    EntityManager entityManager;

    public CertificateOrder add(CertificateOrder order) {
        entityManager.persist(order);
        return order;
    }

    /**
     * Saves what changed and returns the saved order.
     *
     * @throws jakarta.ejb.EJBException caused by an {@link jakarta.persistence.OptimisticLockException}, if somebody
     *                                  else changed the order meanwhile
     */
    public CertificateOrder save(CertificateOrder order) {
        return entityManager.merge(order);
    }
}
