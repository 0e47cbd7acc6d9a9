package certservice.domain;

import certservice.problem.DatabaseGuard;
import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the CA said of the proofs of each domain. Two nodes that put down a domain's first one at the same moment get in
 * each other's way: one of them sees a {@link certservice.problem.Duplicate}, and may do it again.
 */
@Stateless
@Interceptors(DatabaseGuard.class)
public class Validations {

    /** Well below every database's limit of parameters in one statement. */
    private static final int NAMES_IN_ONE_QUERY = 500;

    @PersistenceContext
    EntityManager entityManager;

    /**
     * How a name's authorization has ended.
     *
     * @param refusal what the CA said if it refused the proof, else {@code null}
     */
    public record Ended(DomainName name, String refusal) {
        boolean isValid() {
            return refusal == null;
        }
    }

    /** Puts down how an order's authorizations have ended; one write for each domain that permits any of the names. */
    public void ended(Collection<Ended> names, Instant now) {
        OffsetDateTime moment = now.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
        for (Domain domain : domains(names)) {
            List<Ended> own = names.stream().filter(each -> domain.permits(each.name())).toList();
            boolean valid = own.stream().anyMatch(Ended::isValid);
            Optional<Ended> refused = own.stream().filter(each -> !each.isValid()).findFirst();
            if (valid || refused.isPresent()) {
                put(domain.name().toString(), valid, refused.map(Validations::text), moment);
            }
        }
    }

    /** In the same sequence on all nodes, so that they never wait for each other in a circle. */
    private List<Domain> domains(Collection<Ended> names) {
        List<String> candidates = names.stream().flatMap(each -> each.name().associations().stream())
                .map(DomainName::toString).distinct().sorted().toList();
        List<Domain> found = new ArrayList<>();
        for (int from = 0; from < candidates.size(); from += NAMES_IN_ONE_QUERY) {
            found.addAll(entityManager.createQuery("select d from Domain d where d.name in :names order by d.name",
                            Domain.class)
                    .setParameter("names", candidates.subList(from,
                            Math.min(candidates.size(), from + NAMES_IN_ONE_QUERY)))
                    .getResultList());
        }
        return found;
    }

    private void put(String domain, boolean valid, Optional<String> refusal, OffsetDateTime moment) {
        String set = (valid ? "v.lastValid = :now" : "") + (valid && refusal.isPresent() ? ", " : "")
                + (refusal.isPresent() ? "v.lastInvalid = :now, v.detail = :detail" : "");
        var update = entityManager.createQuery("update DomainValidation v set " + set + " where v.domain = :domain")
                .setParameter("now", moment).setParameter("domain", domain);
        refusal.ifPresent(detail -> update.setParameter("detail", detail));
        if (update.executeUpdate() == 0) {
            DomainValidation first = new DomainValidation(domain);
            if (valid) {
                first.valid(moment.toInstant());
            }
            refusal.ifPresent(detail -> first.invalid(moment.toInstant(), detail));
            entityManager.persist(first);
            entityManager.flush();
        }
    }

    private static String text(Ended refused) {
        String text = (refused.name() + ": " + refused.refusal()).replace('\0', ' ');
        return text.substring(0, Math.min(text.length(), DomainValidation.LONGEST_DETAIL));
    }

    /** By the domain's name; those that were never proven are not there. */
    public Map<String, DomainValidation> of(Collection<String> domains) {
        return domains.isEmpty() ? Map.of()
                : entityManager.createQuery("select v from DomainValidation v where v.domain in :domains",
                                DomainValidation.class)
                        .setParameter("domains", domains).getResultStream()
                        .collect(Collectors.toMap(DomainValidation::domain, Function.identity()));
    }

    /** The domain is no more. */
    public void forget(DomainName domain) {
        entityManager.createQuery("delete from DomainValidation v where v.domain = :domain")
                .setParameter("domain", domain.toString()).executeUpdate();
    }
}
