package certservice.order;

import certservice.domain.DomainName;
import certservice.problem.DatabaseGuard;
import certservice.problem.Failure;
import certservice.settings.MasterKey;
import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The stored batches and their orders. Each method is one short transaction; none spans a call to the CA. What changes
 * a batch does so only if it is still as its caller believes: of two nodes that want the same, one gets it.
 *
 * <p>Rows are read by queries, since Hibernate writes a page about each find that the database fails.
 */
@Stateless
@Interceptors(DatabaseGuard.class)
public class Orders {

    /** How long other nodes may take to read a result that was delivered by one of them. */
    private static final Duration LAST_READERS = Duration.ofSeconds(30);

    /** Few enough for one transaction. */
    private static final int AT_ONCE = 100;

    private static final String HELD = " where b.id = :id and b.leaseOwner = :owner and b.status in"
            + " (certservice.order.BatchStatus.OPEN, certservice.order.BatchStatus.FINALIZING)";
    private static final String PARTLY_FAILED = " b.status = certservice.order.BatchStatus.FAILED,"
            + " b.leaseOwner = null, b.leaseUntil = null, b.sealedOptions = null, b.finished = :now,"
            + " b.failureStatus = :failure, b.problems = :problems";
    private static final String FAILED = PARTLY_FAILED + ", b.claim = null";

    @PersistenceContext
    EntityManager entityManager;

    // What callers want

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
                .setParameter("now", utc(now)).setMaxResults(1).getResultStream().findFirst()
                .map(this::withOrders)
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
        request.ifPresent(entityManager::persist);
        entityManager.flush();
    }

    /**
     * Joins a batch that another request has made.
     *
     * @param elsewhere whether the joining node will read the result from the database
     * @param request   to be kept with it
     * @return whether it can still be joined
     */
    public boolean join(String batchId, BatchPlan plan, boolean elsewhere, MasterKey masterKey,
                        Optional<IdempotentRequest> request) {
        int joined = entityManager.createQuery("update OrderBatch b set b.status = b.status"
                        + (elsewhere ? ", b.joined = true" : "") + " where b.id = :id and b.claim is not null")
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
            ordersOf(batchId).stream().filter(order -> order.status() == OrderStatus.ISSUED)
                    .map(CertificateOrder::expiresAt).min(Instant::compareTo)
                    .ifPresent(expiry -> keepUntil(batchId, expiry, "b.reusable = true"));
        }
        request.ifPresent(kept -> {
            entityManager.persist(kept);
            entityManager.flush();
            keepUntil(batchId, kept.expiresAt(), "b.kept = true");
        });
    }

    /** Nobody can use the result any more: the same request is a new one. */
    public void forget(String batchId) {
        entityManager.createQuery("update OrderBatch b set b.claim = null, b.kept = false, b.reusable = false"
                        + " where b.id = :id and b.status = certservice.order.BatchStatus.ISSUED")
                .setParameter("id", batchId).executeUpdate();
    }

    public Optional<StoredBatch> find(String batchId) {
        return entityManager.createQuery("select b from OrderBatch b where b.id = :id", OrderBatch.class)
                .setParameter("id", batchId).getResultStream().findFirst().map(this::withOrders);
    }

    private StoredBatch withOrders(OrderBatch batch) {
        return new StoredBatch(batch, ordersOf(batch.id()));
    }

    private List<CertificateOrder> ordersOf(String batchId) {
        return entityManager.createQuery("select o from CertificateOrder o where o.batchId = :batch"
                        + " order by o.numberInBatch", CertificateOrder.class)
                .setParameter("batch", batchId).getResultList();
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
     *
     * @param fetched whether it was fetched from the order; if not, and somebody was promised that it can be, it stays
     */
    public void delivered(String batchId, boolean fetched, Instant now) {
        int first = entityManager.createQuery("update OrderBatch b set b.claim = null, b.delivered = :now"
                        + " where b.id = :id and b.status = certservice.order.BatchStatus.ISSUED")
                .setParameter("now", utc(now)).setParameter("id", batchId).executeUpdate();
        if (first == 0) {
            return;
        }
        String unneeded = " where b.id = :id and b.kept = false and b.eraseAt is not null"
                + (fetched ? "" : " and b.sealedOptions is null");
        entityManager.createQuery("update OrderBatch b set b.eraseAt = :soon" + unneeded
                        + " and b.joined = true and b.eraseAt > :soon")
                .setParameter("soon", utc(now.plus(LAST_READERS))).setParameter("id", batchId).executeUpdate();
        int gone = entityManager.createQuery("update OrderBatch b set b.eraseAt = null, b.sealedOptions = null"
                        + unneeded + " and b.joined = false")
                .setParameter("id", batchId).executeUpdate();
        if (gone == 1) {
            erasePrivateKeys(List.of(batchId));
        }
    }

    /**
     * Cancels what can still be cancelled.
     *
     * @param why what the batch then says of itself
     * @return whether it is cancelled; not if the CA has got a CSR of it, or it has ended
     */
    public boolean cancel(String batchId, Failure why, Instant now) {
        int cancelled = entityManager.createQuery("update OrderBatch b set" + FAILED
                        + " where b.id = :id and b.status = certservice.order.BatchStatus.OPEN")
                .setParameter("failure", why.status()).setParameter("problems", Problems.write(why.problems()))
                .setParameter("now", utc(now)).setParameter("id", batchId).executeUpdate();
        if (cancelled == 1) {
            giveUpOrders(batchId);
            erasePrivateKeys(List.of(batchId));
        }
        return cancelled == 1;
    }

    // What the node that works on a batch does

    /**
     * Saves what changed and returns the saved order; renews the lease by it.
     *
     * @throws LeaseLost                if the batch is no longer this node's
     * @throws jakarta.ejb.EJBException caused by an {@link jakarta.persistence.OptimisticLockException}, if somebody
     *                                  else changed the order meanwhile
     */
    public CertificateOrder save(CertificateOrder order, Lease lease) {
        requireLease(order, lease);
        CertificateOrder saved = entityManager.merge(order);
        entityManager.flush();
        return saved;
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
        saved.replaces().ifPresent(old ->
                entityManager.createQuery("update CertificateOrder o set o.replaced = true where o.id = :id")
                        .setParameter("id", old).executeUpdate());
        if (count("o.status <> certservice.order.OrderStatus.ISSUED", order.batchId()) == 0) {
            entityManager.createQuery("update OrderBatch b set b.status = certservice.order.BatchStatus.ISSUED,"
                            + " b.leaseOwner = null, b.leaseUntil = null, b.finished = :now, b.eraseAt = :erasure"
                            + HELD)
                    .setParameter("now", utc(ending.now())).setParameter("erasure", utc(ending.retention()))
                    .setParameter("id", order.batchId()).setParameter("owner", lease.owner()).executeUpdate();
            keepUntil(order.batchId(), ending.expiry(), "b.reusable = true");
        }
        return saved;
    }

    /** As {@link #issued}, after an attempt of which nobody knows whether it was done. */
    public CertificateOrder issuedAgain(CertificateOrder order, Lease lease, Ending ending) {
        return alreadySaved(order).orElseGet(() -> issued(order, lease, ending));
    }

    private Optional<CertificateOrder> alreadySaved(CertificateOrder order) {
        Optional<CertificateOrder> stored = entityManager.createQuery("select o from CertificateOrder o"
                        + " where o.id = :id", CertificateOrder.class)
                .setParameter("id", order.id()).getResultStream().findFirst()
                .filter(found -> found.isAsFarAs(order));
        entityManager.clear();
        return stored;
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

    /** Puts the erasure off, if it would come earlier; not of what is erased already. */
    private void keepUntil(String batchId, Instant moment, String condition) {
        entityManager.createQuery("update OrderBatch b set b.eraseAt = :moment where b.id = :id and b.eraseAt < :moment"
                        + " and b.status = certservice.order.BatchStatus.ISSUED and " + condition)
                .setParameter("moment", utc(moment)).setParameter("id", batchId).executeUpdate();
    }

    /**
     * The batch has failed as a whole. If some of its certificates are there all the same, they stay for the next such
     * request, which {@link #revive} serves. A failure that is not about the request itself, but asks to come again
     * later, is not the result of an {@code Idempotency-Key}.
     *
     * @param erasure until when what is there stays
     * @throws LeaseLost if the batch is no longer this node's
     */
    public void failed(String batchId, Lease lease, Failure failure, Instant erasure, Instant now) {
        Instant retry = now.plus(failure.retryAfter().orElse(Duration.ZERO));
        boolean partly = count("o.status = certservice.order.OrderStatus.ISSUED", batchId) > 0;
        int held = entityManager.createQuery("update OrderBatch b set" + (partly ? PARTLY_FAILED : FAILED)
                        + ", b.retryAt = :retry, b.eraseAt = :erasure" + HELD)
                .setParameter("erasure", utc(erasure))
                .setParameter("failure", failure.status()).setParameter("problems", Problems.write(failure.problems()))
                .setParameter("now", utc(now)).setParameter("retry", utc(retry))
                .setParameter("id", batchId).setParameter("owner", lease.owner()).executeUpdate();
        if (held == 0) {
            throw new LeaseLost(batchId);
        }
        if (failure.retryAfter().isPresent()) {
            entityManager.createQuery("delete from IdempotentRequest r where r.batchId = :id")
                    .setParameter("id", batchId).executeUpdate();
        }
        giveUpOrders(batchId);
    }

    private void giveUpOrders(String batchId) {
        entityManager.createQuery("update CertificateOrder o set o.status = certservice.order.OrderStatus.FAILED"
                        + ", o.sealedPrivateKey = null"
                        + " where o.batchId = :id and o.status <> certservice.order.OrderStatus.ISSUED")
                .setParameter("id", batchId).executeUpdate();
    }

    /**
     * Takes up a batch that failed when some of its certificates were there already: only the others are ordered, anew.
     *
     * @param keys for all of the plan's certificates; its names may be in another sequence than the batch's
     * @return empty if there is none for the plan, or another request was quicker
     */
    public Optional<StoredBatch> revive(BatchPlan plan, List<KeyAndCsr> keys, MasterKey masterKey, Lease lease,
                                        Optional<IdempotentRequest> request, Instant now) {
        Optional<OrderBatch> failed = claimed(plan).filter(batch -> batch.status() == BatchStatus.FAILED);
        if (failed.isEmpty() || 0 == entityManager.createQuery("update OrderBatch b"
                        + " set b.status = certservice.order.BatchStatus.OPEN, b.leaseOwner = :owner,"
                        + " b.leaseUntil = :until, b.created = :now, b.finished = null, b.failureStatus = null,"
                        + " b.problems = null, b.eraseAt = null where b.id = :id and b.claim is not null"
                        + " and b.status = certservice.order.BatchStatus.FAILED")
                .setParameter("owner", lease.owner()).setParameter("until", lease.until())
                .setParameter("now", utc(now)).setParameter("id", failed.get().id()).executeUpdate()) {
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

    /** Gives the batch back, so that any node takes it up again at that moment. */
    public void release(String batchId, Lease lease, Instant moment) {
        entityManager.createQuery("update OrderBatch b set b.leaseUntil = :until" + HELD)
                .setParameter("until", utc(moment)).setParameter("id", batchId)
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
                .setParameter("now", utc(now))
                .setParameter("unfinished", List.of(BatchStatus.OPEN, BatchStatus.FINALIZING))
                .setMaxResults(AT_ONCE).getResultList();
        return ended.stream().filter(id -> 1 == entityManager.createQuery("update OrderBatch b"
                        + " set b.leaseOwner = :owner, b.leaseUntil = :until where b.id = :id and b.leaseUntil < :now"
                        + " and b.status in :unfinished")
                .setParameter("owner", lease.owner()).setParameter("until", lease.until()).setParameter("id", id)
                .setParameter("now", utc(now))
                .setParameter("unfinished", List.of(BatchStatus.OPEN, BatchStatus.FINALIZING)).executeUpdate())
                .toList();
    }

    // What time does

    /**
     * Erases what was not fetched in time, and forgets old values of {@code Idempotency-Key}.
     *
     * @param unclaimed since when an undelivered result has been there that the same request shall not get any more
     */
    public void erase(Instant unclaimed, Instant now) {
        List<String> due = entityManager.createQuery("select b.id from OrderBatch b where b.eraseAt < :now",
                        String.class)
                .setParameter("now", utc(now)).setMaxResults(AT_ONCE).getResultList();
        if (!due.isEmpty()) {
            erasePrivateKeys(due);
            entityManager.createQuery("update OrderBatch b set b.eraseAt = null, b.sealedOptions = null, b.claim = null"
                            + " where b.id in :ids")
                    .setParameter("ids", due).executeUpdate();
        }
        entityManager.createQuery("update OrderBatch b set b.claim = null where b.claim is not null"
                        + " and b.finished < :unclaimed and b.status = certservice.order.BatchStatus.ISSUED")
                .setParameter("unclaimed", utc(unclaimed)).executeUpdate();
        entityManager.createQuery("delete from IdempotentRequest r where r.expires < :now")
                .setParameter("now", utc(now)).executeUpdate();
    }

    private void erasePrivateKeys(List<String> batchIds) {
        entityManager.createQuery("update CertificateOrder o set o.sealedPrivateKey = null where o.batchId in :ids")
                .setParameter("ids", batchIds).executeUpdate();
    }

    private static OffsetDateTime utc(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
