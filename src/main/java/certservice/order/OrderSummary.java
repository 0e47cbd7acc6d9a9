package certservice.order;

import certservice.domain.Environment;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * What lists of orders and certificates are searched, filtered, sorted and counted by, once more: these rows are short,
 * and those of {@link CertificateOrder}, with their chains and CSRs, are not. It is written together with the order, in
 * the same transaction, and removed with it by the database.
 */
@Entity
@Table(name = "order_summary")
public class OrderSummary {

    @Id
    @Column(name = "order_id")
    private String orderId;

    @Column(name = "batch_id")
    private String batchId;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private Environment environment;

    @Column(nullable = false)
    private String names;

    private String serial;

    private OffsetDateTime issued;

    private OffsetDateTime expires;

    private OffsetDateTime revoked;

    @Column(nullable = false)
    private boolean replaced;

    protected OrderSummary() {
        // for JPA
    }

    /** Of an order without a certificate. */
    OrderSummary(String orderId, String batchId, Environment environment, String names) {
        this.orderId = orderId;
        this.batchId = batchId;
        this.environment = environment;
        this.names = names;
    }

    /** The order has its certificate. */
    static void issued(EntityManager entityManager, CertificateOrder order) {
        entityManager.createQuery("update OrderSummary s set s.serial = :serial, s.issued = :issued,"
                        + " s.expires = :expires where s.orderId = :id")
                .setParameter("serial", order.serial()).setParameter("issued", BatchRows.utc(order.issuedAt()))
                .setParameter("expires", BatchRows.utc(order.expiresAt())).setParameter("id", order.id())
                .executeUpdate();
    }

    /** Another certificate has taken its certificate's place. */
    static void replaced(EntityManager entityManager, String orderId) {
        entityManager.createQuery("update OrderSummary s set s.replaced = true where s.orderId = :id")
                .setParameter("id", orderId).executeUpdate();
    }

    /** Its certificate was revoked. */
    static void revoked(EntityManager entityManager, CertificateOrder order, Instant now) {
        entityManager.createQuery("update OrderSummary s set s.revoked = :now where s.orderId = :id")
                .setParameter("now", BatchRows.utc(now)).setParameter("id", order.id()).executeUpdate();
    }
}
