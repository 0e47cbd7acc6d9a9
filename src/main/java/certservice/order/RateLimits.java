package certservice.order;

import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.problem.DatabaseGuard;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.AcmeLimits;
import certservice.settings.AcmeLimits.Limit;
import certservice.settings.Settings;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The CA's limits, counted here for all nodes together, so that a request that the CA would refuse does not even reach
 * it. Which ones, and how many, is a setting for each environment; where they are off nothing here touches the
 * database.
 *
 * <p>Counted as <a href="https://letsencrypt.org/docs/rate-limits/">Let's Encrypt</a> does: in {@link TokenBucket}s;
 * certificates when they are issued, validations when they fail. A certificate for exactly the names of one of the last
 * 120 days is a renewal: it counts for its set of names, but not for its registered domains. What was issued elsewhere,
 * or before this was counted, is not known: then the CA refuses, and its 429 goes to the caller.
 *
 * <p>No count is lost, whoever counts at the same moment. But {@link #require} reserves nothing: what is under way, on
 * this node or another, is not counted yet, so requests at the same moment may together exceed a limit, by what they
 * have under way. The CA refuses the rest.
 */
@Stateless
@Interceptors(DatabaseGuard.class)
public class RateLimits {

    private static final int MOST_SHOWN = 1000;

    @Inject
    Settings settings;

    @PersistenceContext
    EntityManager entityManager;

    /**
     * How far a limit is used.
     *
     * @param limit    its name in the setting
     * @param subject  the names (cut after 300 characters), registered domain or name
     * @param used     how many of {@code allowed} are not free again yet
     * @param nextFree when there is one free: not after now, if there is one now
     */
    public record Usage(String limit, String subject, int used, int allowed, Duration period, Instant nextFree) {
    }

    /**
     * Refuses a request that the CA would refuse. One query, for any number of names.
     *
     * @param certificates the names of each certificate of the request, all of which together must be possible; without
     *                     those that say what they replace (RFC 9773 section 5), since these have no limits
     * @throws Failure 429 with a problem for every limit that is reached; {@code Retry-After} is when the last of them
     *                 is free
     */
    @TransactionAttribute(TransactionAttributeType.REQUIRED)
    public void require(Environment environment, List<List<DomainName>> certificates, Instant now) {
        AcmeLimits limits = limits(environment);
        if (limits.areOff() || certificates.isEmpty()) {
            return;
        }
        Instant moment = now.truncatedTo(ChronoUnit.MICROS);
        List<Wanted> wanted = certificates.stream().map(names -> Wanted.of(environment, names)).toList();
        Map<String, RateLimit> stored = stored(wanted.stream().flatMap(Wanted::all));
        List<Problem> problems = new ArrayList<>();
        Instant retryAt = moment;
        for (Demand demand : demands(wanted, stored, moment)) {
            Optional<Limit> limit = demand.limited().kind().in(limits);
            if (limit.isPresent()) {
                RateLimit row = stored.get(demand.limited().id());
                TokenBucket bucket = row == null ? new TokenBucket(limit.get(), moment) : row.bucket(limit.get());
                Instant free = demand.freeAt(bucket, moment);
                if (free.isAfter(moment)) {
                    problems.add(demand.problem(bucket, moment));
                    retryAt = free.isAfter(retryAt) ? free : retryAt;
                }
            }
        }
        if (!problems.isEmpty()) {
            throw Failure.rateLimited(problems, Duration.between(moment, retryAt), null);
        }
    }

    /**
     * Counts a certificate. To be called last in the transaction that saves its order: until that one ends, no other
     * node counts in this environment.
     *
     * @param renewal whether its order said what it replaces (RFC 9773 section 5): it is not counted, but its names are
     *                remembered
     */
    @TransactionAttribute(TransactionAttributeType.REQUIRED)
    public void issued(Environment environment, List<DomainName> names, boolean renewal, Instant now) {
        AcmeLimits limits = limits(environment);
        if (limits.exactSet().isEmpty() && limits.registeredDomain().isEmpty()) {
            return;
        }
        Instant moment = now.truncatedTo(ChronoUnit.MICROS);
        lock(environment);
        Wanted certificate = Wanted.of(environment, names);
        Map<String, RateLimit> stored = stored(Stream.concat(Stream.of(certificate.set()),
                certificate.domains().keySet().stream()));
        boolean known = certificate.isKnownIn(stored, moment);
        RateLimit set = row(certificate.set(), stored, moment);
        set.remember(moment);
        if (!renewal) {
            limits.exactSet().ifPresent(limit -> set.count(limit, moment));
        }
        if (!renewal && !known) {
            limits.registeredDomain().ifPresent(limit -> certificate.domains().keySet()
                    .forEach(domain -> row(domain, stored, moment).count(limit, moment)));
        }
        entityManager.flush();
    }

    /** Counts a validation that failed. To be called last in its transaction, as {@link #issued}. */
    @TransactionAttribute(TransactionAttributeType.REQUIRED)
    public void failed(Environment environment, DomainName name, Instant now) {
        limits(environment).failedValidation().ifPresent(limit -> {
            Instant moment = now.truncatedTo(ChronoUnit.MICROS);
            lock(environment);
            Limited failures = Limited.failures(environment, name);
            row(failures, stored(Stream.of(failures)), moment).count(limit, moment);
            entityManager.flush();
        });
    }

    /** Every limit that is used at all, the longest used up first; a thousand at most. */
    public List<Usage> usage(Environment environment, Instant now) {
        AcmeLimits limits = limits(environment);
        Instant moment = now.truncatedTo(ChronoUnit.MICROS);
        return entityManager.createQuery("select r from RateLimit r where r.environment = :environment"
                        + " and r.fullAt > :now order by r.fullAt desc, r.id", RateLimit.class)
                .setParameter("environment", environment).setParameter("now", moment.atOffset(ZoneOffset.UTC))
                .setMaxResults(MOST_SHOWN).getResultStream()
                .flatMap(row -> row.kind().in(limits).map(limit -> usage(row, limit, moment)).stream())
                .toList();
    }

    private static Usage usage(RateLimit row, Limit limit, Instant now) {
        TokenBucket bucket = row.bucket(limit);
        return new Usage(row.kind().setting(), row.subject(), bucket.used(now), limit.count(), limit.period(),
                bucket.freeAt(1, now));
    }

    private AcmeLimits limits(Environment environment) {
        return (environment == Environment.PRODUCTION ? settings.production() : settings.staging()).limits();
    }

    /** Without it two nodes that count at the same moment would overwrite each other's count, or add the same row. */
    private void lock(Environment environment) {
        entityManager.createNativeQuery("select environment from rate_limit_lock where environment = ? for update")
                .setParameter(1, environment.name()).getSingleResult();
    }

    /** All rows that there are of these, by id; one query. */
    private Map<String, RateLimit> stored(Stream<Limited> limited) {
        Set<String> ids = limited.map(Limited::id).collect(Collectors.toSet());
        return entityManager.createQuery("select r from RateLimit r where r.id in :ids", RateLimit.class)
                .setParameter("ids", ids).getResultStream()
                .collect(Collectors.toMap(RateLimit::id, Function.identity()));
    }

    private RateLimit row(Limited limited, Map<String, RateLimit> stored, Instant now) {
        RateLimit there = stored.get(limited.id());
        if (there != null) {
            return there;
        }
        RateLimit added = new RateLimit(limited, now);
        entityManager.persist(added);
        return added;
    }

    private static Collection<Demand> demands(List<Wanted> wanted, Map<String, RateLimit> stored, Instant now) {
        Map<Limited, Demand> demands = new LinkedHashMap<>();
        for (Wanted certificate : wanted) {
            demand(demands, certificate.set()).add(certificate.names());
            if (!certificate.isKnownIn(stored, now)) {
                certificate.domains().forEach((domain, names) -> demand(demands, domain).add(names));
            }
            certificate.failures().forEach((failures, name) -> demand(demands, failures).add(Set.of(name)));
        }
        return demands.values();
    }

    private static Demand demand(Map<Limited, Demand> demands, Limited limited) {
        return demands.computeIfAbsent(limited, Demand::new);
    }

    /** What limits one certificate: its set of names, their registered domains, and each name for itself. */
    private record Wanted(Limited set, Set<DomainName> names, Map<Limited, Set<DomainName>> domains,
                          Map<Limited, DomainName> failures) {

        static Wanted of(Environment environment, List<DomainName> list) {
            Set<DomainName> names = new LinkedHashSet<>(list);
            Map<Limited, Set<DomainName>> domains = new LinkedHashMap<>();
            Map<Limited, DomainName> failures = new LinkedHashMap<>();
            for (DomainName name : names) {
                domains.computeIfAbsent(Limited.registeredDomainOf(environment, name), domain -> new LinkedHashSet<>())
                        .add(name);
                failures.put(Limited.failures(environment, name), name);
            }
            return new Wanted(Limited.exactSet(environment, names), names, domains, failures);
        }

        Stream<Limited> all() {
            return Stream.of(Stream.of(set), domains.keySet().stream(), failures.keySet().stream())
                    .flatMap(Function.identity());
        }

        /** Whether a certificate for exactly these names was issued lately. */
        boolean isKnownIn(Map<String, RateLimit> stored, Instant now) {
            RateLimit row = stored.get(set.id());
            return row != null && row.wasWithin(LimitKind.EXACT_SET.memory(), now);
        }
    }
}
