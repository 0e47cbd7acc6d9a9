package certservice.order;

import certservice.audit.Origin;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.problem.DatabaseGuard;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The certificates that were issued: for their callers, and for what becomes of them later. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class Certificates {

    /** What the CA said of a renewal is old after this; RFC 9773 section 4.3.2 lets it say how long, up to a day. */
    private static final Duration FRESH = Duration.ofHours(6);

    @PersistenceContext
    EntityManager entityManager;

    @Inject
    OrderEvents events;

    /**
     * Where a page begins: behind this certificate.
     *
     * @param issued when it was issued
     * @param id     of its order
     */
    public record Position(Instant issued, String id) {
    }

    /** Certificates of one API key, newest first. */
    public List<CertificateOrder> page(String apiKeyId, Optional<Position> after, int limit) {
        var query = entityManager.createQuery("select o from CertificateOrder o where o.apiKeyId = :key"
                + " and o.status = certservice.order.OrderStatus.ISSUED and o.serial is not null"
                + (after.isEmpty() ? "" : " and (o.issued < :issued or o.issued = :issued and o.id < :id)")
                + " order by o.issued desc, o.id desc", CertificateOrder.class)
                .setParameter("key", apiKeyId);
        after.ifPresent(position -> query.setParameter("issued", utc(position.issued()))
                .setParameter("id", position.id()));
        return query.setMaxResults(limit).getResultList();
    }

    /** @param serial upper-case hexadecimal digits, two for each byte */
    public Optional<CertificateOrder> find(String apiKeyId, String serial) {
        return entityManager.createQuery("select o from CertificateOrder o where o.apiKeyId = :key"
                        + " and o.serial = :serial and o.status = certservice.order.OrderStatus.ISSUED",
                        CertificateOrder.class)
                .setParameter("key", apiKeyId).setParameter("serial", serial).getResultStream().findFirst();
    }

    /** As {@link #find(String, String)}, whoever's it is. */
    public Optional<CertificateOrder> find(String serial) {
        return entityManager.createQuery("select o from CertificateOrder o where o.serial = :serial"
                        + " and o.status = certservice.order.OrderStatus.ISSUED", CertificateOrder.class)
                .setParameter("serial", serial).getResultStream().findFirst();
    }

    /** The CA has revoked it: nobody is handed it any more, and the same request is a new one. */
    public void revoked(CertificateOrder order, Origin by, String reason, Instant now) {
        entityManager.createQuery("update OrderBatch b set b.claim = null, b.kept = false, b.reusable = false"
                        + " where b.id = :id and b.status = certservice.order.BatchStatus.ISSUED")
                .setParameter("id", order.batchId()).executeUpdate();
        int revoked = entityManager.createQuery("update CertificateOrder o set o.revoked = :now,"
                        + " o.sealedPrivateKey = null where o.id = :id and o.revoked is null")
                .setParameter("now", utc(now)).setParameter("id", order.id()).executeUpdate();
        if (revoked == 1) {
            OrderSummary.revoked(entityManager, order, now);
            events.revoked(order, by, reason);
        }
    }

    /** The newest certificate for exactly these names that no other has replaced yet, whoever's it is. */
    public Optional<CertificateOrder> predecessor(Environment environment, Collection<DomainName> names, Instant now) {
        return entityManager.createQuery("select o from CertificateOrder o where o.environment = :environment"
                        + " and o.nameSet = :names and o.status = certservice.order.OrderStatus.ISSUED"
                        + " and o.expires > :now and o.replaced = false and o.revoked is null"
                        + " order by o.issued desc", CertificateOrder.class)
                .setParameter("environment", environment).setParameter("names", NameSet.hash(names))
                .setParameter("now", utc(now)).setMaxResults(1).getResultStream().findFirst();
    }

    /** Whether the CA has given its order to another request of ours as well: Boulder does while it is unfinished. */
    public boolean isShared(CertificateOrder order) {
        return !entityManager.createQuery("select o.id from CertificateOrder o where o.environment = :environment"
                        + " and o.nameSet = :names and o.orderUrl = :url and o.id <> :id", String.class)
                .setParameter("environment", order.environment()).setParameter("names", order.nameSet())
                .setParameter("url", order.url().map(URL::toString).orElse("")).setParameter("id", order.id())
                .setMaxResults(1).getResultList().isEmpty();
    }

    /** Has the CA asked again about the renewal of those of which it was not asked lately. */
    public void refresh(Collection<CertificateOrder> shown, Instant now) {
        List<String> ids = shown.stream().map(CertificateOrder::id).toList();
        if (!ids.isEmpty()) {
            entityManager.createQuery("update CertificateOrder o set o.renewalCheck = :now where o.id in :ids"
                            + " and o.renewalCheck is null and o.renewalChecked < :old and o.expires > :now"
                            + " and o.revoked is null")
                    .setParameter("now", utc(now)).setParameter("old", utc(now.minus(FRESH)))
                    .setParameter("ids", ids).executeUpdate();
        }
    }

    /** Of which the CA is to be asked now when they should be renewed. */
    public List<CertificateOrder> unchecked(Instant now, int limit) {
        return entityManager.createQuery("select o from CertificateOrder o where o.renewalCheck < :now",
                        CertificateOrder.class)
                .setParameter("now", utc(now)).setMaxResults(limit).getResultList();
    }

    /** The CA was asked: the certificate should be renewed at this moment or, if that is empty, as known before. */
    public void checked(String orderId, Optional<Instant> renewal, Instant now) {
        var update = entityManager.createQuery("update CertificateOrder o set o.renewalCheck = null,"
                        + " o.renewalChecked = :now" + (renewal.isPresent() ? ", o.renewAt = :renewal" : "")
                        + " where o.id = :id")
                .setParameter("now", utc(now)).setParameter("id", orderId);
        renewal.ifPresent(moment -> update.setParameter("renewal", utc(moment)));
        update.executeUpdate();
    }

    private static OffsetDateTime utc(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
