package certservice.order;

import certservice.problem.DatabaseGuard;
import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.List;

/** What time does to the stored batches. Every node may do it, at any moment; each method is one short transaction. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class Retention {

    /** Few enough for one transaction. */
    static final int AT_ONCE = 100;

    @PersistenceContext
    EntityManager entityManager;

    /**
     * Erases what was not fetched in time, or has failed and was not tried again, and forgets old values of
     * {@code Idempotency-Key}. A hundred batches at most, the longest due first.
     *
     * @param unclaimed since when an undelivered result has been there that the same request shall not get any more
     * @return how many batches were due; if these are {@link #AT_ONCE} there may be more
     */
    public int erase(Instant unclaimed, Instant now) {
        List<String> due = entityManager.createQuery("select b.id from OrderBatch b where b.eraseAt < :now"
                        + " order by b.eraseAt, b.id", String.class)
                .setParameter("now", BatchRows.utc(now)).setMaxResults(AT_ONCE).getResultList();
        List<String> erased = due.stream().filter(id -> eraseIfDue(id, now)).toList();
        if (!erased.isEmpty()) {
            BatchRows rows = new BatchRows(entityManager);
            rows.erasePrivateKeys(erased);
            rows.eraseCsrsOfFailed(erased);
        }
        // a range of the claims' index: few have one, and nearly all are issued and finished long ago
        entityManager.createQuery("update OrderBatch b set b.claim = null where b.claim > ''"
                        + " and b.finished < :unclaimed and b.status = certservice.order.BatchStatus.ISSUED")
                .setParameter("unclaimed", BatchRows.utc(unclaimed)).executeUpdate();
        entityManager.createQuery("delete from IdempotentRequest r where r.expires < :now")
                .setParameter("now", BatchRows.utc(now)).executeUpdate();
        return due.size();
    }

    /** Of the batch's row alone; a request may have joined or revived the batch since it was found due. */
    boolean eraseIfDue(String batchId, Instant now) {
        return 1 == entityManager.createQuery("update OrderBatch b set b.eraseAt = null, b.sealedOptions = null,"
                        + " b.claim = null where b.id = :id and b.eraseAt < :now")
                .setParameter("id", batchId).setParameter("now", BatchRows.utc(now)).executeUpdate();
    }

    /**
     * Removes batches with their orders whose end is long ago, the oldest first, a hundred at most. What is needed
     * stays: certificates that are not over, and those that an unfinished order has told the CA to replace.
     *
     * @param finished since when a batch must have had its end that it stays
     * @return how many were removed; if these are {@link #AT_ONCE} there may be more
     */
    public int remove(Instant finished, Instant now) {
        List<String> old = entityManager.createQuery("select b.id from OrderBatch b where b.finished < :old"
                        + " and b.status in :final and not exists (select o from CertificateOrder o"
                        + " where o.batchId = b.id and (o.expires > :now or exists (select r from CertificateOrder r"
                        + " where r.replaces = o.id and r.status not in :over))) order by b.finished", String.class)
                .setParameter("old", BatchRows.utc(finished)).setParameter("now", BatchRows.utc(now))
                .setParameter("final", List.of(BatchStatus.ISSUED, BatchStatus.FAILED))
                .setParameter("over", List.of(OrderStatus.ISSUED, OrderStatus.FAILED))
                .setMaxResults(AT_ONCE).getResultList();
        if (!old.isEmpty()) {
            for (String rows : List.of("IdempotentRequest r where r.batchId", "CertificateOrder r where r.batchId",
                    "OrderBatch r where r.id")) {
                entityManager.createQuery("delete from " + rows + " in :ids").setParameter("ids", old).executeUpdate();
            }
        }
        return old.size();
    }
}
