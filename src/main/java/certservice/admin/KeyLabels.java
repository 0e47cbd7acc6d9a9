package certservice.admin;

import jakarta.ejb.Stateless;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What people call the API keys that records only know by id. */
@Stateless
public class KeyLabels {

    private static final int MOST = 1000;

    @PersistenceContext
    EntityManager entityManager;

    /** The labels by id; a key that was deleted is missing. */
    public Map<String, String> of(Collection<String> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return entityManager.createQuery("select k.id, k.label from ApiKey k where k.id in :ids", Object[].class)
                .setParameter("ids", Set.copyOf(ids)).getResultStream()
                .collect(Collectors.toMap(row -> (String) row[0], row -> (String) row[1]));
    }

    /** The ids of the keys whose labels contain the text; of a thousand at most, since each is a parameter. */
    public List<String> containing(Search search) {
        return entityManager.createQuery("select k.id from ApiKey k where lower(k.label) like :text" + Text.ESCAPE
                        + "order by k.label", String.class)
                .setParameter("text", Text.anywhere(search)).setMaxResults(MOST).getResultList();
    }
}
