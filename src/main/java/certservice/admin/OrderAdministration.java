package certservice.admin;

import certservice.audit.Origin;
import certservice.order.BatchStatus;
import certservice.order.CertificateOrder;
import certservice.order.NameProgress;
import certservice.order.OrderBatch;
import certservice.order.OrderEngine;
import certservice.order.StoredBatch;
import certservice.problem.DatabaseGuard;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.problem.Quoted;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What administrators see of requests for certificates, and do about them; fails as {@link ApiKeyAdministration}. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class OrderAdministration {

    private static final int MOST_RUNNING = 200;
    private static final int PORTION = 20;
    private static final Map<String, BatchStatus> STATUS = Map.of("pending", BatchStatus.OPEN,
            "processing", BatchStatus.FINALIZING, "valid", BatchStatus.ISSUED, "invalid", BatchStatus.FAILED);
    private static final String CONTAINING = " where (lower(b.id) like :text" + Text.ESCAPE
            + "or lower(b.requestId) like :text" + Text.ESCAPE + "or lower(b.callerName) like :text" + Text.ESCAPE
            + "or b.id in (select s.batchId from OrderSummary s where s.names like :text" + Text.ESCAPE + ")";

    @PersistenceContext
    EntityManager entityManager;

    @Inject
    OrderEngine engine;

    @Inject
    KeyLabels labels;

    /**
     * Newest first; the text is looked for in names, ids, request ids and key labels.
     *
     * @param status one of {@link OrderDetails#status()}, where {@code pending} is {@code ready} too; or {@code null}:
     *               all
     */
    public Page<OrderDetails> list(Search search, String status) {
        BatchStatus wanted = status == null ? null : required(status);
        StringBuilder where = new StringBuilder(" from OrderBatch b");
        Map<String, Object> parameters = new HashMap<>();
        if (search.text().isEmpty()) {
            where.append(" where 1 = 1");
        } else {
            where.append(CONTAINING);
            parameters.put("text", Text.anywhere(search));
            List<String> keys = labels.containing(search);
            if (!keys.isEmpty()) {
                where.append(" or b.apiKeyId in :keys");
                parameters.put("keys", keys);
            }
            where.append(')');
        }
        if (wanted != null) {
            where.append(" and b.status = :status");
            parameters.put("status", wanted);
        }
        List<OrderBatch> found = query("select b" + where + " order by b.created desc, b.id desc", OrderBatch.class,
                parameters).setFirstResult(search.first()).setMaxResults(search.limit()).getResultList();
        return new Page<>(details(found), search.total(found.size(),
                () -> query("select count(b)" + where, Long.class, parameters).getSingleResult()));
    }

    private static BatchStatus required(String status) {
        BatchStatus wanted = STATUS.get(status.toLowerCase(Locale.ROOT));
        if (wanted == null) {
            throw Failure.badRequest("status is " + Quoted.of(status) + "; allowed are "
                    + String.join(", ", STATUS.keySet().stream().sorted().toList()));
        }
        return wanted;
    }

    private <T> TypedQuery<T> query(String text, Class<T> type, Map<String, Object> parameters) {
        TypedQuery<T> query = entityManager.createQuery(text, type);
        parameters.forEach(query::setParameter);
        return query;
    }

    /** Those that are worked on now, oldest first, at most 200. */
    public List<OrderDetails> running() {
        return details(entityManager.createQuery("select b from OrderBatch b where b.status in :unfinished"
                        + " order by b.created, b.id", OrderBatch.class)
                .setParameter("unfinished", List.of(BatchStatus.OPEN, BatchStatus.FINALIZING))
                .setMaxResults(MOST_RUNNING).getResultList());
    }

    public OrderDetails get(String id) {
        return details(entityManager.createQuery("select b from OrderBatch b where b.id = :id", OrderBatch.class)
                .setParameter("id", id.replace('\0', ' ')).getResultList()).stream().findFirst()
                .orElseThrow(() -> Failure.notFound("There is no order " + Quoted.of(id)));
    }

    /** Has a failed request tried again; its caller gets the result for the next such request. 409 if it can't be. */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public OrderDetails retry(String id, Administrator by) {
        get(id);
        if (!engine.retry(id, by.origin())) {
            throw Failure.conflict("The order can't be tried again: it has not failed, was cancelled, its keys are"
                    + " erased by now, or its caller has ordered the same anew");
        }
        return get(id);
    }

    /** Stops what is worked on, if the CA has no CSR of it yet. 409 if it can't be stopped any more. */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public OrderDetails cancel(String id, Administrator by) {
        get(id);
        Origin origin = by.origin();
        Failure cancelled = Failure.noCertificate(List.of(Problem.own(null, "cancelled",
                "The order was cancelled by an administrator", "Ask the administrators of this service why")));
        if (!engine.cancel(id, cancelled, origin)) {
            throw Failure.conflict("The order can't be cancelled any more: the CA is issuing its certificates, or"
                    + " has issued at least one, or the order has failed");
        }
        return get(id);
    }

    /** In portions: a request can have a hundred orders, each with its chain and its CSR, of which nothing is shown. */
    private List<OrderDetails> details(List<OrderBatch> batches) {
        List<OrderDetails> details = new ArrayList<>();
        for (int from = 0; from < batches.size(); from += PORTION) {
            details.addAll(portion(batches.subList(from, Math.min(batches.size(), from + PORTION))));
            entityManager.clear();
        }
        return details;
    }

    private List<OrderDetails> portion(List<OrderBatch> batches) {
        Map<String, List<CertificateOrder>> orders = entityManager.createQuery("select o from CertificateOrder o"
                        + " where o.batchId in :ids order by o.numberInBatch", CertificateOrder.class)
                .setParameter("ids", batches.stream().map(OrderBatch::id).toList()).getResultStream()
                .collect(Collectors.groupingBy(CertificateOrder::batchId));
        Map<String, String> known = new HashMap<>(labels.of(batches.stream().map(OrderBatch::apiKeyId).toList()));
        Instant now = Instant.now();
        return batches.stream().filter(batch -> orders.containsKey(batch.id())).map(batch -> details(
                new StoredBatch(batch, orders.get(batch.id())),
                known.getOrDefault(batch.apiKeyId(), batch.callerName().orElse("")), now)).toList();
    }

    private static OrderDetails details(StoredBatch stored, String label, Instant now) {
        OrderBatch batch = stored.batch();
        CertificateOrder first = stored.orders().get(0);
        List<OrderDetails.Name> names = stored.orders().stream().map(CertificateOrder::progress)
                .flatMap(Collection::stream).map(OrderAdministration::name).toList();
        return new OrderDetails(batch.id(), batch.requestId(), label, batch.endpoint(),
                Environments.nameOf(first.environment()), first.profile().toString(), first.keyType(),
                stored.status(), names, batch.problems(), batch.created(), batch.finished().orElse(null),
                batch.delivered().orElse(null), stored.canBeTriedAgain(now), stored.canBeCancelled());
    }

    private static OrderDetails.Name name(NameProgress progress) {
        return new OrderDetails.Name(progress.name().name().toString(), progress.status(), progress.name().challenge(),
                progress.detail().isEmpty() ? null : progress.detail());
    }
}
