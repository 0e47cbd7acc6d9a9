package certservice.audit;

import certservice.problem.DatabaseGuard;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.TypedQuery;
import java.io.IOException;
import java.io.Writer;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the chain; whether it is untouched is {@link AuditVerifier}'s question. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class AuditLog {

    private static final int PORTION = 500;
    private static final List<String> TEXTS = List.of("action", "actorName", "actorId", "address", "requestId", "names",
            "serial", "detail");

    @PersistenceContext
    EntityManager entityManager;

    /**
     * A page of entries, newest first.
     *
     * @param first how many to leave out
     */
    public List<AuditEntry> search(AuditFilter filter, int first, int limit) {
        return query("select e", filter, "", " order by e.number desc", AuditEntry.class, Map.of())
                .setFirstResult(first).setMaxResults(limit).getResultList();
    }

    /** How many entries {@link #search} finds in all. */
    public long count(AuditFilter filter) {
        return query("select count(e)", filter, "", "", Long.class, Map.of()).getSingleResult();
    }

    /**
     * Writes entries as JSON Lines, oldest first. They are read in portions, each in a moment of its own, so that
     * neither memory nor a transaction bounds how many they are.
     *
     * @return how many there were
     */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public long export(AuditFilter filter, Writer out) throws IOException {
        long count = 0;
        long last = 0;
        List<AuditEntry> portion;
        do {
            portion = query("select e", filter, " and e.number > :passed", " order by e.number", AuditEntry.class,
                    Map.of("passed", last)).setMaxResults(PORTION).getResultList();
            for (AuditEntry entry : portion) {
                out.write(JsonLine.of(entry));
                last = entry.number();
            }
            count += portion.size();
            entityManager.clear();
        } while (portion.size() == PORTION);
        return count;
    }

    private <T> TypedQuery<T> query(String select, AuditFilter filter, String more, String order, Class<T> type,
                                    Map<String, Object> moreParameters) {
        StringBuilder where = new StringBuilder(" from AuditEntry e where 1 = 1");
        Map<String, Object> parameters = new HashMap<>(moreParameters);
        if (filter.since() != null) {
            where.append(" and e.moment >= :since");
            parameters.put("since", filter.since().atOffset(ZoneOffset.UTC));
        }
        if (filter.until() != null) {
            where.append(" and e.moment < :until");
            parameters.put("until", filter.until().atOffset(ZoneOffset.UTC));
        }
        if (!filter.actions().isEmpty()) {
            where.append(" and e.action in :actions");
            parameters.put("actions", filter.actions().stream().map(Enum::name).toList());
        }
        equal(where, parameters, "e.serial", "serial", filter.serial());
        equal(where, parameters, "e.requestId", "request", filter.requestId());
        if (filter.actor() != null) {
            where.append(" and (e.actorId = :actor or e.actorName = :actor)");
            parameters.put("actor", filter.actor());
        }
        if (filter.name() != null) {
            where.append(" and concat(',', e.names, ',') like :name escape '!'");
            parameters.put("name", "%," + filter.name().replaceAll("[!_%]", "!$0") + ",%");
        }
        if (filter.text() != null && !filter.text().isEmpty()) {
            where.append(" and (").append(String.join(" or ", TEXTS.stream()
                    .map(each -> "lower(e." + each + ") like :text escape '!'").toList())).append(")");
            parameters.put("text", "%" + filter.text().toLowerCase(Locale.ROOT).replace("\0", "\u0001")
                    .replaceAll("[!_%]", "!$0") + "%");
        }
        TypedQuery<T> query = entityManager.createQuery(select + where + more + order, type);
        parameters.forEach(query::setParameter);
        return query;
    }

    private static void equal(StringBuilder where, Map<String, Object> parameters, String field, String parameter,
                              String value) {
        if (value != null) {
            where.append(" and ").append(field).append(" = :").append(parameter);
            parameters.put(parameter, value);
        }
    }
}
