package certservice.order;

import certservice.problem.DatabaseGuard;
import certservice.problem.Failure;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a node does to the batches that it holds by a lease, and how it comes by them. Each method is one short
 * transaction; none spans a call to the CA, and none changes what another node holds.
 */
@Stateless
@Interceptors(DatabaseGuard.class)
public class HeldOrders {

    /** Few enough for one transaction. */
    private static final int AT_ONCE = 100;

    private static final String HELD = " where b.id = :id and b.leaseOwner = :owner and b.status in"
            + " (certservice.order.BatchStatus.OPEN, certservice.order.BatchStatus.FINALIZING)";

    @PersistenceContext
    EntityManager entityManager;

    @Inject
    OrderEvents events;

    private BatchRows rows() {
        return new BatchRows(entityManager);
    }

    /**
     * Saves what changed and returns the saved order; renews the lease by it.
     *
     * @throws LeaseLost if the batch is no longer this node's, or another run of this node has changed the order
     */
    public CertificateOrder save(CertificateOrder order, Lease lease) {
        requireLease(order, lease);
        try {
            CertificateOrder saved = entityManager.merge(order);
            entityManager.flush();
            return saved;
        } catch (OptimisticLockException e) {
            throw new LeaseLost(order.batchId());
        }
    }

    /** As {@link #save}, after a save of which nobody knows whether it was done: the connection broke. */
    public CertificateOrder saveAgain(CertificateOrder order, Lease lease) {
        return alreadySaved(order).orElseGet(() -> save(order, lease));
    }

    /**
     * Saves an order that was issued. The last one of its batch makes the batch issued.
     *
     * @param ending what then becomes of the batch
     * @throws LeaseLost as {@link #save}
     */
    public CertificateOrder issued(CertificateOrder order, Lease lease, Ending ending) {
        CertificateOrder saved = save(order, lease);
        OrderSummary.issued(entityManager, saved);
        saved.replaces().ifPresent(old -> {
            entityManager.createQuery("update CertificateOrder o set o.replaced = true where o.id = :id")
                    .setParameter("id", old).executeUpdate();
            OrderSummary.replaced(entityManager, old);
        });
        endIfAllIssued(order.batchId(), lease, ending);
        events.issued(saved);
        return saved;
    }

    /**
     * Ends the batch of an order that was issued in an earlier run, if no other is missing. The order is not saved:
     * since this run has read it, its certificate may have been revoked or replaced.
     *
     * @return the order as it is now
     * @throws LeaseLost as {@link #save}
     */
    public CertificateOrder issuedEarlier(CertificateOrder order, Lease lease, Ending ending) {
        requireLease(order, lease);
        endIfAllIssued(order.batchId(), lease, ending);
        return stored(order).orElseThrow();
    }

    /** Nobody gets a result of which a certificate is revoked. */
    private void endIfAllIssued(String batchId, Lease lease, Ending ending) {
        if (count("(o.status <> certservice.order.OrderStatus.ISSUED or o.revoked is not null)", batchId) == 0) {
            entityManager.createQuery("update OrderBatch b set b.status = certservice.order.BatchStatus.ISSUED,"
                            + " b.leaseOwner = null, b.leaseUntil = null, b.finished = :now, b.eraseAt = :erasure"
                            + HELD)
                    .setParameter("now", BatchRows.utc(ending.now()))
                    .setParameter("erasure", BatchRows.utc(ending.retention()))
                    .setParameter("id", batchId).setParameter("owner", lease.owner()).executeUpdate();
            rows().keepUntil(batchId, ending.expiry(), "b.reusable = true");
        }
    }

    /** As {@link #issued}, after an attempt of which nobody knows whether it was done. */
    public CertificateOrder issuedAgain(CertificateOrder order, Lease lease, Ending ending) {
        return alreadySaved(order).orElseGet(() -> issued(order, lease, ending));
    }

    private Optional<CertificateOrder> alreadySaved(CertificateOrder order) {
        Optional<CertificateOrder> stored = stored(order).filter(found -> found.isAsFarAs(order));
        entityManager.clear();
        return stored;
    }

    private Optional<CertificateOrder> stored(CertificateOrder order) {
        return entityManager.createQuery("select o from CertificateOrder o where o.id = :id", CertificateOrder.class)
                .setParameter("id", order.id()).getResultStream().findFirst();
    }

    /** Locks the batch's row too: two orders of one batch that are issued at once see each other. */
    private void requireLease(CertificateOrder order, Lease lease) {
        String status = order.status() == OrderStatus.FINALIZING
                ? ", b.status = certservice.order.BatchStatus.FINALIZING" : "";
        int held = entityManager.createQuery("update OrderBatch b set b.leaseUntil = :until" + status + HELD)
                .setParameter("until", lease.until()).setParameter("id", order.batchId())
                .setParameter("owner", lease.owner()).executeUpdate();
        if (held == 0) {
            throw new LeaseLost(order.batchId());
        }
    }

    private long count(String condition, String batchId) {
        return entityManager.createQuery("select count(o) from CertificateOrder o where o.batchId = :id and "
                + condition, Long.class).setParameter("id", batchId).getSingleResult();
    }

    /**
     * The batch has failed as a whole. If some of its certificates are there all the same, they stay for the next such
     * request, which {@link Orders#revive} serves. A failure that is not about the request itself, but asks to come
     * again later, is not the result of an {@code Idempotency-Key}.
     *
     * @param erasure until when what is there stays, and everything that {@link Orders#retry} needs
     * @throws LeaseLost if the batch is no longer this node's
     */
    public void failed(String batchId, Lease lease, Failure failure, Instant erasure, Instant now) {
        Instant retry = now.plus(failure.retryAfter().orElse(Duration.ZERO));
        boolean partly = count("o.status = certservice.order.OrderStatus.ISSUED", batchId) > 0;
        int held = entityManager.createQuery("update OrderBatch b set" + BatchRows.FAILED
                        + (partly ? "" : ", b.claim = null") + ", b.retryAt = :retry, b.eraseAt = :erasure" + HELD)
                .setParameter("erasure", BatchRows.utc(erasure))
                .setParameter("failure", failure.status()).setParameter("problems", Problems.write(failure.problems()))
                .setParameter("now", BatchRows.utc(now)).setParameter("retry", BatchRows.utc(retry))
                .setParameter("id", batchId).setParameter("owner", lease.owner()).executeUpdate();
        if (held == 0) {
            throw new LeaseLost(batchId);
        }
        if (failure.retryAfter().isPresent()) {
            entityManager.createQuery("delete from IdempotentRequest r where r.batchId = :id")
                    .setParameter("id", batchId).executeUpdate();
        }
        rows().giveUpOrders(batchId);
        events.failed(batchId, failure);
    }

    /** Gives the batch back, so that any node takes it up again at that moment. */
    public void release(String batchId, Lease lease, Instant moment) {
        entityManager.createQuery("update OrderBatch b set b.leaseUntil = :until" + HELD)
                .setParameter("until", BatchRows.utc(moment)).setParameter("id", batchId)
                .setParameter("owner", lease.owner()).executeUpdate();
    }

    /** Renews the lease of all these batches. */
    public void renew(Collection<String> batchIds, Lease lease) {
        entityManager.createQuery("update OrderBatch b set b.leaseUntil = :until where b.id in :ids"
                        + " and b.leaseOwner = :owner and b.status in :unfinished")
                .setParameter("until", lease.until()).setParameter("ids", batchIds)
                .setParameter("owner", lease.owner())
                .setParameter("unfinished", List.of(BatchStatus.OPEN, BatchStatus.FINALIZING)).executeUpdate();
    }

    /** Takes batches over whose lease has ended, the oldest first, a hundred at most. */
    public List<String> takeOver(Lease lease, Instant now) {
        List<String> ended = entityManager.createQuery("select b.id from OrderBatch b where b.leaseUntil < :now"
                        + " and b.status in :unfinished order by b.created", String.class)
                .setParameter("now", BatchRows.utc(now))
                .setParameter("unfinished", List.of(BatchStatus.OPEN, BatchStatus.FINALIZING))
                .setMaxResults(AT_ONCE).getResultList();
        return ended.stream().filter(id -> 1 == entityManager.createQuery("update OrderBatch b"
                        + " set b.leaseOwner = :owner, b.leaseUntil = :until where b.id = :id and b.leaseUntil < :now"
                        + " and b.status in :unfinished")
                .setParameter("owner", lease.owner()).setParameter("until", lease.until()).setParameter("id", id)
                .setParameter("now", BatchRows.utc(now))
                .setParameter("unfinished", List.of(BatchStatus.OPEN, BatchStatus.FINALIZING)).executeUpdate())
                .toList();
    }
}
