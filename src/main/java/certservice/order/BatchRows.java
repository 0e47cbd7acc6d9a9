package certservice.order;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * What several beans read and change of batches and their orders in the same way, each in its own transaction.
 *
 * <p>Rows are read by queries, since Hibernate writes a page about each find that the database fails.
 */
final class BatchRows {

    /** Sets what every batch is that failed, for whatever reason. */
    static final String FAILED = " b.status = certservice.order.BatchStatus.FAILED, b.leaseOwner = null,"
            + " b.leaseUntil = null, b.finished = :now, b.failureStatus = :failure, b.problems = :problems";

    private final EntityManager entityManager;

    BatchRows(EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    static OffsetDateTime utc(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }

    Optional<StoredBatch> find(String batchId) {
        return entityManager.createQuery("select b from OrderBatch b where b.id = :id", OrderBatch.class)
                .setParameter("id", batchId).getResultStream().findFirst().map(this::withOrders);
    }

    StoredBatch withOrders(OrderBatch batch) {
        return new StoredBatch(batch, ordersOf(batch.id()));
    }

    List<CertificateOrder> ordersOf(String batchId) {
        return entityManager.createQuery("select o from CertificateOrder o where o.batchId = :batch"
                        + " order by o.numberInBatch", CertificateOrder.class)
                .setParameter("batch", batchId).getResultList();
    }

    /** Puts the erasure off, if it would come earlier; not of what is erased already. */
    void keepUntil(String batchId, Instant moment, String condition) {
        entityManager.createQuery("update OrderBatch b set b.eraseAt = :moment where b.id = :id and b.eraseAt < :moment"
                        + " and b.status = certservice.order.BatchStatus.ISSUED and " + condition)
                .setParameter("moment", utc(moment)).setParameter("id", batchId).executeUpdate();
    }

    void giveUpOrders(String batchId) {
        entityManager.createQuery("update CertificateOrder o set o.status = certservice.order.OrderStatus.FAILED"
                        + " where o.batchId = :id and o.status <> certservice.order.OrderStatus.ISSUED")
                .setParameter("id", batchId).executeUpdate();
    }

    void erasePrivateKeys(List<String> batchIds) {
        entityManager.createQuery("update CertificateOrder o set o.sealedPrivateKey = null where o.batchId in :ids")
                .setParameter("ids", batchIds).executeUpdate();
    }

    /** What failed can't be tried again without a CSR. */
    void eraseCsrsOfFailed(List<String> batchIds) {
        entityManager.createQuery("update CertificateOrder o set o.csr = null where o.batchId in :ids"
                        + " and o.status = certservice.order.OrderStatus.FAILED")
                .setParameter("ids", batchIds).executeUpdate();
    }
}
