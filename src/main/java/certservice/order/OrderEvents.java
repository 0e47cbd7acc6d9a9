package certservice.order;

import certservice.audit.Action;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import certservice.audit.Origin;
import certservice.domain.DomainName;
import certservice.problem.Failure;
import certservice.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the audit trail says of requests and certificates. Each is called last in the transaction that makes it true:
 * of two that lock the chain first and a batch afterwards, and the other way round, both would wait for ever.
 */
@ApplicationScoped
public class OrderEvents {

    private static final String NOT_ISSUED = " and o.status <> certservice.order.OrderStatus.ISSUED";

    @Inject
    AuditTrail trail;

    @PersistenceContext
    EntityManager entityManager;

    /** The plan's request was taken. */
    void requested(BatchPlan plan, String batchId) {
        trail.record(AuditEvent.of(Action.CERTIFICATE_REQUESTED).by(plan.origin())
                .names(plan.names().stream().flatMap(Collection::stream).toList())
                .because(String.join(", ", "order " + batchId, "/" + plan.endpoint(), text(plan.environment()),
                        text(plan.profile()), plan.keyType())));
    }

    /** A new batch was made for a request. */
    void requested(OrderBatch batch, List<CertificateOrder> orders) {
        CertificateOrder first = orders.get(0);
        trail.record(AuditEvent.of(Action.CERTIFICATE_REQUESTED).by(batch.origin()).names(names(orders))
                .because(String.join(", ", "order " + batch.id(), "/" + batch.endpoint(), text(first.environment()),
                        text(first.profile()), first.keyType())));
    }

    void issued(CertificateOrder order) {
        trail.record(AuditEvent.of(Action.CERTIFICATE_ISSUED).by(batch(order.batchId()).origin())
                .names(order.names()).serial(order.serial())
                .because("order " + order.batchId() + ", " + text(order.environment()) + ", valid until "
                        + order.expiresAt()));
    }

    /** The batch has failed; names whose certificates are there all the same are not told. */
    void failed(String batchId, Failure failure) {
        String problems = failure.problems().stream().map(OrderEvents::text).distinct()
                .collect(Collectors.joining("; "));
        trail.record(AuditEvent.of(Action.CERTIFICATE_FAILED).by(batch(batchId).origin())
                .names(names(orders(batchId, NOT_ISSUED))).because("order " + batchId + ": "
                        + (problems.isEmpty() ? "status " + failure.status() : problems)));
    }

    /** An entry for each certificate: who asks who has a key asks by its serial. */
    void delivered(Receipt receipt) {
        delivered(receipt, "");
    }

    /** @param moment when it was; the entry's own moment is later */
    void deliveredLate(Receipt receipt, Instant moment) {
        delivered(receipt, ", delivered at " + moment + " while the database was away");
    }

    private void delivered(Receipt receipt, String when) {
        if (receipt.privateKeys()) {
            String how = "order " + receipt.batchId() + (receipt.fetched() ? ", fetched" : "") + when;
            trail.record(orders(receipt.batchId(), "").stream()
                    .map(order -> AuditEvent.of(Action.PRIVATE_KEY_DELIVERED).by(receipt.by()).names(order.names())
                            .serial(order.serial()).because(how))
                    .toList());
        }
    }

    void cancelled(String batchId, Origin by) {
        trail.record(AuditEvent.of(Action.ORDER_CANCELLED).by(by).names(names(orders(batchId, NOT_ISSUED)))
                .because("order " + batchId));
    }

    void retried(String batchId, Origin by) {
        trail.record(AuditEvent.of(Action.ORDER_RETRIED).by(by).names(names(orders(batchId, NOT_ISSUED)))
                .because("order " + batchId));
    }

    void revoked(CertificateOrder order, Origin by, String reason) {
        trail.record(AuditEvent.of(Action.CERTIFICATE_REVOKED).by(by).names(order.names()).serial(order.serial())
                .because(reason));
    }

    private OrderBatch batch(String id) {
        return entityManager.createQuery("select b from OrderBatch b where b.id = :id", OrderBatch.class)
                .setParameter("id", id).getSingleResult();
    }

    private List<CertificateOrder> orders(String batchId, String condition) {
        return entityManager.createQuery("select o from CertificateOrder o where o.batchId = :batch" + condition
                        + " order by o.numberInBatch", CertificateOrder.class)
                .setParameter("batch", batchId).getResultList();
    }

    private static List<DomainName> names(List<CertificateOrder> orders) {
        return orders.stream().flatMap(order -> order.names().stream()).distinct().toList();
    }

    /** Not what the CA has read somewhere: that is in the order. */
    private static String text(Problem problem) {
        return (problem.domain() == null ? "" : problem.domain() + " ") + problem.type();
    }

    private static String text(Object value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }
}
