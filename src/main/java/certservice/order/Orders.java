package certservice.order;

import certservice.audit.Origin;
import certservice.domain.DomainName;
import certservice.problem.DatabaseGuard;
import certservice.problem.Failure;
import certservice.settings.MasterKey;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What callers want of the stored batches: to make one, to join it, to have its result, to cancel it. Each method is
 * one short transaction. What changes a batch does so only if it is still as its caller believes: of two that want the
 * same, one gets it.
 */
@Stateless
@Interceptors(DatabaseGuard.class)
public class Orders {

    /** How long those who have joined may take to read a result that was delivered to one of them. */
    private static final Duration LAST_READERS = Duration.ofSeconds(30);

    /** By how much a node's clock may be ahead that erases. */
    static final Duration ERASERS = Duration.ofSeconds(10);

    @PersistenceContext
    EntityManager entityManager;

    @Inject
    OrderEvents events;

    private BatchRows rows() {
        return new BatchRows(entityManager);
    }

    /** The batch that a caller's {@code Idempotency-Key} stands for, if it is for the same request. */
    public Optional<IdempotentRequest> repeated(BatchPlan plan) {
        return entityManager.createQuery("select r from IdempotentRequest r where r.id = :id", IdempotentRequest.class)
                .setParameter("id", IdempotentRequest.id(plan)).getResultStream().findFirst();
    }

    /** The batch that the same request of the same key joins. */
    public Optional<OrderBatch> claimed(BatchPlan plan) {
        return entityManager.createQuery("select b from OrderBatch b where b.claim = :claim", OrderBatch.class)
                .setParameter("claim", plan.claim()).getResultStream().findFirst();
    }

    /**
     * A stored result for the same request that needs no renewal yet.
     *
     * @return empty also if it can't be opened with the caller's key any more
     */
    public Optional<StoredBatch> reusable(BatchPlan plan, Instant now) {
        return entityManager.createQuery("select b from OrderBatch b where b.apiKeyId = :key"
                        + " and b.fingerprint = :fingerprint and b.status = certservice.order.BatchStatus.ISSUED"
                        + " and b.kept = true and b.eraseAt > :now order by b.created desc", OrderBatch.class)
                .setParameter("key", plan.apiKeyId()).setParameter("fingerprint", plan.fingerprint())
                .setParameter("now", BatchRows.utc(now)).setMaxResults(1).getResultStream().findFirst()
                .map(rows()::withOrders)
                .filter(stored -> stored.orders().stream().allMatch(order -> order.isFreshAt(now)));
    }

    /**
     * Stores a new batch with all its orders.
     *
     * @throws jakarta.ejb.EJBException caused by the violation of a unique constraint, if another request for the same
     *                                  was quicker
     */
    public void add(OrderBatch batch, List<CertificateOrder> orders, Optional<IdempotentRequest> request) {
        entityManager.persist(batch);
        entityManager.flush();
        orders.forEach(entityManager::persist);
        orders.stream().map(CertificateOrder::summary).forEach(entityManager::persist);
        request.ifPresent(entityManager::persist);
        entityManager.flush();
        events.requested(batch, orders);
    }

    /**
     * Joins a batch that another request has made. Its result then stays a moment longer than its delivery, unless who
     * has joined fetches it later: who waits for it may have to read it from the database.
     *
     * @param request to be kept with it
     * @return whether it can still be joined
     */
    public boolean join(String batchId, BatchPlan plan, MasterKey masterKey, Optional<IdempotentRequest> request) {
        int joined = entityManager.createQuery("update OrderBatch b set b.joined = "
                        + (plan.options().isEmpty() ? "true" : "b.joined") + " where b.id = :id"
                        + " and b.claim is not null and b.status <> certservice.order.BatchStatus.FAILED")
                .setParameter("id", batchId).executeUpdate();
        if (joined == 1) {
            attach(batchId, plan, masterKey, request);
        }
        return joined == 1;
    }

    /**
     * Lets a batch serve one more request: it is kept as long as that one needs it, and written as that one says, if it
     * is fetched later.
     */
    public void attach(String batchId, BatchPlan plan, MasterKey masterKey, Optional<IdempotentRequest> request) {
        String set = (plan.isKept() ? ", b.kept = true" : "") + (plan.reuse() ? ", b.reusable = true" : "");
        if (!set.isEmpty()) {
            entityManager.createQuery("update OrderBatch b set b.status = b.status" + set + " where b.id = :id")
                    .setParameter("id", batchId).executeUpdate();
        }
        OrderBatch.sealedOptions(plan, batchId, masterKey).ifPresent(sealed ->
                entityManager.createQuery("update OrderBatch b set b.sealedOptions = :options where b.id = :id")
                        .setParameter("options", sealed).setParameter("id", batchId).executeUpdate());
        if (plan.reuse()) {
            rows().ordersOf(batchId).stream().filter(order -> order.status() == OrderStatus.ISSUED)
                    .map(CertificateOrder::expiresAt).min(Instant::compareTo)
                    .ifPresent(expiry -> rows().keepUntil(batchId, expiry, "b.reusable = true"));
        }
        request.ifPresent(kept -> {
            entityManager.persist(kept);
            entityManager.flush();
            rows().keepUntil(batchId, kept.expiresAt(), "b.kept = true");
        });
        events.requested(plan, batchId);
    }

    /** Nobody can use the result any more: the same request is a new one. */
    public void forget(String batchId) {
        entityManager.createQuery("update OrderBatch b set b.claim = null, b.kept = false, b.reusable = false"
                        + " where b.id = :id and b.status = certservice.order.BatchStatus.ISSUED")
                .setParameter("id", batchId).executeUpdate();
    }

    public Optional<StoredBatch> find(String batchId) {
        return rows().find(batchId);
    }

    /** Of these batches, the ones that nothing will change any more. */
    public List<String> finished(Collection<String> batchIds) {
        return entityManager.createQuery("select b.id from OrderBatch b where b.id in :ids and b.status in :final",
                        String.class)
                .setParameter("ids", batchIds)
                .setParameter("final", List.of(BatchStatus.ISSUED, BatchStatus.FAILED)).getResultList();
    }

    /**
     * The caller has the result: the same request is a new one from now on, and what nobody needs any more is erased.
     * What was not fetched from the order stays, if somebody was promised that it can be.
     */
    public void delivered(Receipt receipt, Instant now) {
        delivered(receipt.batchId(), receipt.fetched(), now);
        events.delivered(receipt);
    }

    /**
     * Notes a delivery that the database did not hear of at its moment.
     *
     * @return whether it is noted; not as long as the batch is worked on, since nothing is known of its certificates
     */
    public boolean deliveredLate(Receipt receipt, Instant moment, Instant now) {
        if (find(receipt.batchId()).filter(stored -> !stored.batch().status().isFinal()).isPresent()) {
            return false;
        }
        delivered(receipt.batchId(), receipt.fetched(), now);
        events.deliveredLate(receipt, moment);
        return true;
    }

    private void delivered(String batchId, boolean fetched, Instant now) {
        int first = entityManager.createQuery("update OrderBatch b set b.claim = null, b.delivered = :now"
                        + " where b.id = :id and b.status = certservice.order.BatchStatus.ISSUED")
                .setParameter("now", BatchRows.utc(now)).setParameter("id", batchId).executeUpdate();
        if (first == 0) {
            return;
        }
        String unneeded = " where b.id = :id and b.kept = false and b.eraseAt is not null"
                + (fetched ? "" : " and b.sealedOptions is null");
        entityManager.createQuery("update OrderBatch b set b.eraseAt = :soon" + unneeded
                        + " and b.joined = true and b.eraseAt > :soon")
                .setParameter("soon", BatchRows.utc(now.plus(LAST_READERS))).setParameter("id", batchId)
                .executeUpdate();
        int gone = entityManager.createQuery("update OrderBatch b set b.eraseAt = null, b.sealedOptions = null"
                        + unneeded + " and b.joined = false")
                .setParameter("id", batchId).executeUpdate();
        if (gone == 1) {
            rows().erasePrivateKeys(List.of(batchId));
        }
    }

    /**
     * Cancels what can still be cancelled, for its caller or an administrator. Its keys are erased at once.
     *
     * @param why what the batch then says of itself
     * @param by  who wants it
     * @return whether it is cancelled; not if the CA has got a CSR of it, at an earlier attempt too if a certificate
     *         came of that, or it has ended
     */
    public boolean cancel(String batchId, Failure why, Origin by, Instant now) {
        if (find(batchId).filter(StoredBatch::canBeCancelled).isEmpty()) {
            return false;
        }
        int cancelled = entityManager.createQuery("update OrderBatch b set" + BatchRows.FAILED
                        + ", b.claim = null, b.sealedOptions = null where b.id = :id"
                        + " and b.status = certservice.order.BatchStatus.OPEN")
                .setParameter("failure", why.status()).setParameter("problems", Problems.write(why.problems()))
                .setParameter("now", BatchRows.utc(now)).setParameter("id", batchId).executeUpdate();
        if (cancelled == 1) {
            rows().giveUpOrders(batchId);
            rows().erasePrivateKeys(List.of(batchId));
            rows().eraseCsrsOfFailed(List.of(batchId));
            events.cancelled(batchId, by);
        }
        return cancelled == 1;
    }

    /**
     * Lets a batch that has failed be tried again, with new orders at the CA, the same keys, and all its time: the next
     * node that looks for work takes it up. The same request of its caller joins it. What is issued already stays.
     *
     * @param by who wants it
     * @return whether it is tried again; not if it has not failed, or was cancelled, or its keys are erased by now or
     *         in a moment, or the same was ordered anew and is not delivered yet
     * @throws jakarta.ejb.EJBException caused by the violation of a unique constraint, if the same is being ordered
     *                                  anew at this moment
     */
    public boolean retry(String batchId, Origin by, Instant now) {
        Optional<OrderBatch> failed = find(batchId)
                .filter(stored -> stored.orders().stream().allMatch(CertificateOrder::canBeTriedAgain))
                .map(StoredBatch::batch).filter(batch -> !isClaimedByAnother(batch));
        if (failed.isEmpty() || 0 == entityManager.createQuery("update OrderBatch b"
                        + " set b.status = certservice.order.BatchStatus.OPEN, b.claim = :claim, b.leaseUntil = :now,"
                        + " b.created = :now, b.finished = null, b.failureStatus = null, b.problems = null,"
                        + " b.retryAt = null, b.eraseAt = null where b.id = :id and b.eraseAt > :soon"
                        + " and b.status = certservice.order.BatchStatus.FAILED")
                .setParameter("claim", failed.get().claimOfItsRequest()).setParameter("now", BatchRows.utc(now))
                .setParameter("soon", BatchRows.utc(now.plus(ERASERS))).setParameter("id", batchId).executeUpdate()) {
            return false;
        }
        entityManager.clear();
        rows().ordersOf(batchId).forEach(order -> order.tryAgain(now));
        entityManager.flush();
        events.retried(batchId, by);
        return true;
    }

    private boolean isClaimedByAnother(OrderBatch batch) {
        return !entityManager.createQuery("select b.id from OrderBatch b where b.claim = :claim and b.id <> :id",
                        String.class)
                .setParameter("claim", batch.claimOfItsRequest()).setParameter("id", batch.id())
                .getResultList().isEmpty();
    }

    /**
     * Takes up a batch that failed when some of its certificates were there already: only the others are ordered, anew.
     *
     * What is erased in a moment, or holds what its caller can't have any more, is left, and its claim free.
     *
     * @param keys for all of the plan's certificates; its names may be in another sequence than the batch's
     * @return empty if there is none for the plan, or another request was quicker
     */
    public Optional<StoredBatch> revive(BatchPlan plan, List<KeyAndCsr> keys, MasterKey masterKey, Lease lease,
                                        Optional<IdempotentRequest> request, Instant now) {
        Optional<OrderBatch> failed = claimed(plan).filter(batch -> batch.status() == BatchStatus.FAILED);
        Instant soon = now.plus(ERASERS);
        if (failed.isPresent() && (failed.get().erasure().filter(soon::isBefore).isEmpty()
                || rows().ordersOf(failed.get().id()).stream().anyMatch(order ->
                        order.status() == OrderStatus.ISSUED && !order.isFor(masterKey, plan.callerKey())))) {
            giveClaimUp(failed.get().id());
            return Optional.empty();
        }
        if (failed.isEmpty() || 0 == entityManager.createQuery("update OrderBatch b"
                        + " set b.status = certservice.order.BatchStatus.OPEN, b.leaseOwner = :owner,"
                        + " b.leaseUntil = :until, b.created = :now, b.finished = null, b.failureStatus = null,"
                        + " b.problems = null, b.eraseAt = null where b.id = :id and b.claim is not null"
                        + " and b.eraseAt > :soon and b.status = certservice.order.BatchStatus.FAILED")
                .setParameter("soon", BatchRows.utc(soon))
                .setParameter("owner", lease.owner()).setParameter("until", lease.until())
                .setParameter("now", BatchRows.utc(now)).setParameter("id", failed.get().id()).executeUpdate()) {
            return Optional.empty();
        }
        attach(failed.get().id(), plan, masterKey, request);
        entityManager.clear();
        StoredBatch revived = find(failed.get().id()).orElseThrow();
        List<Set<DomainName>> wanted = plan.names().stream().map(Set::copyOf).toList();
        for (CertificateOrder order : revived.orders()) {
            order.orderAnew(plan, keys.get(wanted.indexOf(Set.copyOf(order.names()))), masterKey, now);
        }
        entityManager.flush();
        return Optional.of(revived);
    }

    private void giveClaimUp(String failedId) {
        entityManager.createQuery("update OrderBatch b set b.claim = null where b.id = :id"
                        + " and b.status = certservice.order.BatchStatus.FAILED")
                .setParameter("id", failedId).executeUpdate();
    }
}
