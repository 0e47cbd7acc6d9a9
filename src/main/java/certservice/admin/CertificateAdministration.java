package certservice.admin;

import certservice.domain.Environment;
import certservice.order.CertificateOrder;
import certservice.order.Certificates;
import certservice.order.Revocations;
import certservice.problem.DatabaseGuard;
import certservice.problem.Failure;
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
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What administrators see of certificates, and do about them; failures as in {@link ApiKeyAdministration}. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class CertificateAdministration {

    private static final int MOST_DAYS = 400;
    private static final String ISSUED = " from OrderSummary s where s.issued is not null";
    private static final String CONTAINING = " and (s.names like :name" + Text.ESCAPE + "or s.serial like :serial"
            + Text.ESCAPE + ")";
    private static final Map<String, String> STATUS = Map.of(
            "valid", " and s.revoked is null and s.expires > :now",
            "expired", " and s.revoked is null and s.expires <= :now",
            "revoked", " and s.revoked is not null");

    /** Which certificates are wanted: those of one status, in one environment, that expire before a moment; or null. */
    public record Filter(String status, String environment, Instant expiresBefore) {
        public static final Filter ALL = new Filter(null, null, null);

        /** @throws Failure 400 for a moment that not every database knows */
        public Filter {
            Moments.requireComparable("expiresBefore", expiresBefore);
        }
    }

    /**
     * How many valid certificates expire on a day (UTC).
     *
     * @param production of Let's Encrypt's production, or what is configured for it
     * @param renewed    of all these, how many have been replaced by a newer certificate already
     */
    public record Expiries(LocalDate day, long production, long staging, long renewed) {
    }

    @PersistenceContext
    EntityManager entityManager;

    @Inject
    Certificates certificates;

    @Inject
    Revocations revocations;

    @Inject
    KeyLabels labels;

    /** Newest first; the text is looked for in names and serials. */
    public Page<CertificateDetails> list(Search search, Filter filter) {
        StringBuilder where = new StringBuilder(ISSUED);
        Map<String, Object> parameters = new HashMap<>();
        if (!search.text().isEmpty()) {
            where.append(CONTAINING);
            parameters.put("name", Text.anywhere(search));
            parameters.put("serial", Text.anywhere(search).toUpperCase(Locale.ROOT));
        }
        if (filter.status() != null) {
            where.append(condition(filter.status()));
            if (!filter.status().equals("revoked")) {
                parameters.put("now", Instant.now().atOffset(ZoneOffset.UTC));
            }
        }
        if (filter.environment() != null) {
            where.append(" and s.environment = :environment");
            parameters.put("environment", Environments.named(filter.environment()));
        }
        if (filter.expiresBefore() != null) {
            where.append(" and s.expires < :before");
            parameters.put("before", filter.expiresBefore().atOffset(ZoneOffset.UTC));
        }
        List<String> found = query("select s.orderId" + where + " order by s.issued desc, s.orderId desc",
                String.class, parameters).setFirstResult(search.first()).setMaxResults(search.limit()).getResultList();
        return new Page<>(details(orders(found)), search.total(found.size(),
                () -> query("select count(s)" + where, Long.class, parameters).getSingleResult()));
    }

    private List<CertificateOrder> orders(List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return entityManager.createQuery("select o from CertificateOrder o where o.id in :ids"
                        + " order by o.issued desc, o.id desc", CertificateOrder.class)
                .setParameter("ids", ids).getResultList();
    }

    private static String condition(String status) {
        String condition = STATUS.get(status);
        if (condition == null) {
            throw Failure.badRequest("status is " + Quoted.of(status) + "; allowed are expired, revoked, valid");
        }
        return condition;
    }

    private <T> TypedQuery<T> query(String text, Class<T> type, Map<String, Object> parameters) {
        TypedQuery<T> query = entityManager.createQuery(text, type);
        parameters.forEach(query::setParameter);
        return query;
    }

    public CertificateDetails get(String serial) {
        return details(List.of(required(serial))).get(0);
    }

    private CertificateOrder required(String serial) {
        return certificates.find(serial.toUpperCase(Locale.ROOT).replace('\0', ' '))
                .orElseThrow(() -> Failure.notFound("There is no certificate with the serial " + Quoted.of(serial)));
    }

    /**
     * For each of the coming days, today first; days without any are there too.
     *
     * @param days 1 to 400
     */
    public List<Expiries> timeline(int days) {
        if (days < 1 || days > MOST_DAYS) {
            throw Failure.badRequest("days is " + days + "; allowed is 1 to " + MOST_DAYS);
        }
        Instant now = Instant.now();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        long[][] counts = new long[days][3];
        entityManager.createQuery("select s.expires, s.environment, s.replaced from OrderSummary s"
                        + " where s.expires > :now and s.expires < :end and s.revoked is null", Object[].class)
                .setParameter("now", now.atOffset(ZoneOffset.UTC))
                .setParameter("end", today.plusDays(days).atStartOfDay().atOffset(ZoneOffset.UTC))
                .getResultStream().forEach(row -> {
                    LocalDate day = ((OffsetDateTime) row[0]).withOffsetSameInstant(ZoneOffset.UTC).toLocalDate();
                    long[] count = counts[(int) (day.toEpochDay() - today.toEpochDay())];
                    count[row[1] == Environment.PRODUCTION ? 0 : 1]++;
                    count[2] += (boolean) row[2] ? 1 : 0;
                });
        List<Expiries> timeline = new ArrayList<>();
        for (int day = 0; day < days; day++) {
            timeline.add(new Expiries(today.plusDays(day), counts[day][0], counts[day][1], counts[day][2]));
        }
        return timeline;
    }

    /** @param reason as in the public API's revocation, such as {@code keyCompromise}, or {@code null} */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public CertificateDetails revoke(String serial, String reason, Administrator by) {
        String why = reason == null ? "unspecified" : reason;
        if (!Revocations.reasons().contains(why)) {
            throw Failure.badRequest("reason is " + Quoted.of(why) + "; allowed are "
                    + String.join(", ", Revocations.reasons()));
        }
        CertificateOrder order = required(serial);
        AskedCa.outcome(() -> revocations.revoke(order, why, by.origin()).join());
        return get(serial);
    }

    private List<CertificateDetails> details(List<CertificateOrder> orders) {
        Map<String, String> known = labels.of(orders.stream().map(CertificateOrder::apiKeyId).toList());
        Instant now = Instant.now();
        return orders.stream().map(order -> new CertificateDetails(order.serial(),
                order.names().stream().map(Object::toString).toList(), Environments.nameOf(order.environment()),
                order.profile().toString(), order.keyType(), order.issuedAt(), order.expiresAt(),
                order.isReplaced() ? null : order.renewAt(), order.certificateStatus(now), order.isReplaced(),
                known.getOrDefault(order.apiKeyId(), ""), order.batchId())).toList();
    }
}
