package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import certservice.TestDatabase;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.SettingsOfTests;
import jakarta.persistence.EntityManager;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class RateLimitsTest {

    private static final Instant NOW = OrdersOfTests.NOW;
    private static final Environment PRODUCTION = Environment.PRODUCTION;
    private static final String OFF = "off";
    private static final String LETS_ENCRYPT = "exact-set=5/P7D, registered-domain=50/P7D, failed-validation=5/PT1H";

    @Parameter
    TestDatabase database;

    @BeforeEach
    void clear() {
        database.clear();
    }

    @Test
    void allowsWhatNobodyHasCounted() {
        assertThat(refusal(NOW, names("example.com", "www.example.com"))).isEmpty();
    }

    @Test
    void allowsFiveCertificatesAWeekForTheSameNamesInAnyOrder() {
        for (int i = 0; i < 5; i++) {
            assertThat(refusal(NOW, names("example.com", "www.example.com"))).isEmpty();
            issue(NOW, "www.example.com", "example.com");
        }
        Failure refusal = refusal(NOW, names("example.com", "www.example.com")).orElseThrow();
        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.retryAfter()).contains(Duration.ofHours(33).plusMinutes(36));
        assertThat(refusal.problems()).containsExactly(new Problem(null, "urn:certservice:error:rateLimited",
                "The CA allows 5 certificates in 7 days for exactly these names, example.com,www.example.com; 5 are"
                        + " used up, as far as this service knows. The next one is possible at 2026-11-02T22:10:57Z",
                "Use a certificate that you have already: another one for the same names is no better. Other names have"
                        + " a limit of their own"));
        assertThat(refusal(NOW, names("example.com"))).isEmpty();
        Instant next = NOW.plus(Duration.ofHours(33).plusMinutes(36));
        assertThat(refusal(next.minusNanos(1_000), names("example.com", "www.example.com"))).isPresent();
        assertThat(refusal(next, names("example.com", "www.example.com"))).isEmpty();
        issue(next, "example.com", "www.example.com");
        assertThat(refusal(next, names("example.com", "www.example.com"))).isPresent();
    }

    @Test
    void allowsFiftyNewCertificatesAWeekForARegisteredDomain() {
        for (int i = 0; i < 49; i++) {
            issue(NOW, "n" + i + ".example.co.uk");
        }
        assertThat(refusal(NOW, names("a.b.example.co.uk"))).isEmpty();
        assertThat(refusal(NOW, names("a.example.co.uk"), names("b.example.co.uk"))).isPresent();
        issue(NOW, "*.example.co.uk", "example.co.uk");
        Failure refusal = refusal(NOW, names("a.b.example.co.uk")).orElseThrow();
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(12_096));
        assertThat(refusal.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.domain()).isEqualTo("a.b.example.co.uk");
            assertThat(problem.detail()).isEqualTo("The CA allows 50 new certificates in 7 days for names of"
                    + " example.co.uk; 50 are used up, as far as this service knows. The next one is possible at"
                    + " 2026-11-01T15:56:33Z");
        });
        assertThat(refusal(NOW, names("example.org.uk"))).isEmpty();
        assertThat(refusal(NOW.plusSeconds(12_096), names("a.b.example.co.uk"))).isEmpty();
    }

    @Test
    void countsAllCertificatesOfARequestTogether() {
        for (int i = 0; i < 47; i++) {
            issue(NOW, "n" + i + ".example.com");
        }
        assertThat(refusal(NOW, names("a.example.com"), names("b.example.com"), names("c.example.com"))).isEmpty();
        Failure refusal = refusal(NOW, names("a.example.com"), names("b.example.com"), names("c.example.com"),
                names("d.example.com"), names("example.org")).orElseThrow();
        assertThat(refusal.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.domain()).isEqualTo("example.com");
            assertThat(problem.detail()).contains("47 are used up",
                    "The 4 of this request are possible at 2026-11-01T15:56:33Z");
        });
        assertThat(refusal(NOW.plusSeconds(12_096), names("a.example.com"), names("b.example.com"),
                names("c.example.com"), names("d.example.com"))).isEmpty();
    }

    @Test
    void saysThatMoreThanTheLimitIsNeverPossibleAtOnce() {
        Failure refusal = refusal(NOW, IntStream.range(0, 51).mapToObj(i -> names("n" + i + ".example.com")).toList())
                .orElseThrow();
        assertThat(refusal.problems()).singleElement().satisfies(problem -> assertThat(problem.detail())
                .contains("This request asks for 51, which is never possible at once"));
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(12_096));
    }

    /** As the CA has it: a set of names that had a certificate within 120 days may have another one. */
    @Test
    void doesNotCountARenewalForItsRegisteredDomain() {
        for (int i = 0; i < 50; i++) {
            issue(NOW, "n" + i + ".example.com");
        }
        assertThat(refusal(NOW, names("n7.example.com"))).isEmpty();
        assertThat(refusal(NOW, names("new.example.com"))).isPresent();
        Instant later = NOW.plus(Duration.ofDays(60));
        issue(later, "n7.example.com");
        assertThat(usage(later)).extracting(RateLimits.Usage::limit).containsExactly("exact-set");
        Instant tooLate = later.plus(Duration.ofDays(120));
        issue(tooLate, "n7.example.com");
        assertThat(usage(tooLate)).extracting(RateLimits.Usage::limit)
                .containsExactlyInAnyOrder("exact-set", "registered-domain");
    }

    @Test
    void doesNotCountWhatSaidWhatItReplacesButRemembersItsNames() {
        for (int i = 0; i < 10; i++) {
            with(limits -> limits.issued(PRODUCTION, names("example.com"), true, NOW));
        }
        assertThat(usage(NOW)).isEmpty();
        assertThat(refusal(NOW, names("example.com"))).isEmpty();
        issue(NOW, "example.com");
        assertThat(usage(NOW)).extracting(RateLimits.Usage::limit).containsExactly("exact-set");
    }

    @Test
    void allowsFiveFailuresAnHourForAName() {
        for (int i = 0; i < 5; i++) {
            assertThat(refusal(NOW, names("www.example.com"))).isEmpty();
            with(limits -> limits.failed(PRODUCTION, DomainName.of("www.example.com"), NOW));
        }
        Failure refusal = refusal(NOW, names("example.com", "www.example.com")).orElseThrow();
        assertThat(refusal.retryAfter()).contains(Duration.ofMinutes(12));
        assertThat(refusal.problems()).containsExactly(new Problem("www.example.com",
                "urn:certservice:error:rateLimited", "The CA allows 5 failed validations in 1 hour of www.example.com;"
                        + " 5 are used up, as far as this service knows. The next attempt is possible at"
                        + " 2026-11-01T12:46:57Z",
                "Mend what the answers before this one complain of, then wait as long as Retry-After says"));
        assertThat(refusal(NOW, names("example.com"))).isEmpty();
        assertThat(refusal(NOW.plus(Duration.ofMinutes(12)), names("www.example.com"))).isEmpty();
    }

    @Test
    void tellsOfEveryLimitAndWaitsForTheLast() {
        for (int i = 0; i < 5; i++) {
            issue(NOW, "example.com");
            with(limits -> limits.failed(PRODUCTION, DomainName.of("www.example.org"), NOW));
        }
        Failure refusal = refusal(NOW, names("www.example.org"), names("example.com")).orElseThrow();
        assertThat(refusal.problems()).extracting(Problem::domain).containsExactly("www.example.org", "example.com");
        assertThat(refusal.retryAfter()).contains(Duration.ofHours(33).plusMinutes(36));
    }

    @Test
    void keepsTheEnvironmentsApart() {
        Function<EntityManager, RateLimits> both = entityManager -> limits(entityManager, LETS_ENCRYPT, LETS_ENCRYPT);
        for (int i = 0; i < 5; i++) {
            database.inTransaction(entityManager ->
                    both.apply(entityManager).issued(Environment.STAGING, names("example.com"), false, NOW));
        }
        database.inTransaction(entityManager ->
                both.apply(entityManager).require(PRODUCTION, List.of(names("example.com")), NOW));
        assertThat(catchThrowableOfType(Failure.class, () -> database.inTransaction(entityManager ->
                both.apply(entityManager).require(Environment.STAGING, List.of(names("example.com")), NOW))))
                .isNotNull();
    }

    @Test
    void leavesTheDatabaseAloneWhereLimitsAreOff() {
        RateLimits off = limits(null, LETS_ENCRYPT, OFF);
        off.issued(Environment.STAGING, names("example.com"), false, NOW);
        off.failed(Environment.STAGING, DomainName.of("example.com"), NOW);
        off.require(Environment.STAGING, List.of(names("example.com")), NOW);
    }

    @Test
    void countsOnlyTheLimitsThatAreOn() {
        String domains = "registered-domain=2/P1D";
        for (int i = 0; i < 9; i++) {
            database.inTransaction(entityManager -> {
                limits(entityManager, domains, OFF).issued(PRODUCTION, names("example.com"), false, NOW);
                limits(entityManager, domains, OFF).failed(PRODUCTION, DomainName.of("www.example.com"), NOW);
            });
        }
        database.inTransaction(entityManager ->
                limits(entityManager, domains, OFF).require(PRODUCTION, List.of(names("www.example.com")), NOW));
    }

    @Test
    void asksTheDatabaseOnceForTheLargestRequest() {
        List<List<DomainName>> hundred = IntStream.range(0, 100)
                .mapToObj(i -> names("www.n" + i + ".example")).toList();
        List<String> statements = new ArrayList<>();
        database.inTransaction(entityManager ->
                limits(counted(entityManager, statements), LETS_ENCRYPT, OFF).require(PRODUCTION, hundred, NOW));
        assertThat(statements).containsExactly("createQuery");
    }

    @Test
    void countsTheLargestCertificateWithTwoQueriesAndOneFlush() {
        List<DomainName> hundred = IntStream.range(0, 100)
                .mapToObj(i -> DomainName.of(("a".repeat(63) + ".").repeat(3) + "n%056d.com".formatted(i))).toList();
        List<String> statements = new ArrayList<>();
        database.inTransaction(entityManager ->
                limits(counted(entityManager, statements), LETS_ENCRYPT, OFF).issued(PRODUCTION, hundred, false, NOW));
        assertThat(statements).filteredOn(call -> !call.equals("persist"))
                .containsExactly("createNativeQuery", "createQuery", "flush");
        assertThat(usage(NOW)).hasSize(101);
    }

    /** What two nodes do at the same moment, here for a set of names that nobody has counted before. */
    @Test
    void losesNoCountOfThoseWhoCountAtTheSameMoment() {
        ExecutorService nodes = Executors.newFixedThreadPool(8);
        try {
            CompletableFuture.allOf(IntStream.range(0, 40)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> issue(NOW, "n" + i + ".example.com"), nodes))
                    .toArray(CompletableFuture[]::new)).join();
        } finally {
            nodes.shutdown();
        }
        assertThat(usage(NOW)).filteredOn(usage -> usage.limit().equals("registered-domain"))
                .containsExactly(new RateLimits.Usage("registered-domain", "example.com", 40, 50, Duration.ofDays(7),
                        NOW));
    }

    @Test
    void tellsHowFarALimitIsUsedAndWhenTheNextIsFree() {
        for (int i = 0; i < 5; i++) {
            issue(NOW, "www.example.com");
        }
        assertThat(usage(NOW)).containsExactly(
                new RateLimits.Usage("exact-set", "www.example.com", 5, 5, Duration.ofDays(7),
                        NOW.plus(Duration.ofHours(33).plusMinutes(36))),
                new RateLimits.Usage("registered-domain", "example.com", 1, 50, Duration.ofDays(7), NOW));
        assertThat(usage(NOW.plus(Duration.ofDays(7)))).isEmpty();
    }

    @Test
    void forgetsWhatIsFullAgainAndNoRenewal() {
        Instant old = OffsetDateTime.now().minusDays(119).toInstant();
        issue(old, "kept.example.com");
        issue(old.minus(Duration.ofDays(2)), "gone.example.org");
        with(limits -> limits.failed(PRODUCTION, DomainName.of("gone.example.com"), old));
        with(limits -> limits.failed(PRODUCTION, DomainName.of("kept.example.org"), Instant.now()));
        database.inTransaction(entityManager -> {
            ForgottenLimits forgotten = new ForgottenLimits();
            forgotten.entityManager = entityManager;
            forgotten.remove();
        });
        assertThat(database.everythingIn("rate_limit")).contains("kept.example.com", "kept.example.org")
                .doesNotContain("gone.example.org", "gone.example.com", "example.com", "example.org");
    }

    private void issue(Instant now, String... names) {
        with(limits -> limits.issued(PRODUCTION, names(names), false, now));
    }

    private List<RateLimits.Usage> usage(Instant now) {
        return database.transactionally(entityManager ->
                limits(entityManager, LETS_ENCRYPT, OFF).usage(PRODUCTION, now));
    }

    @SafeVarargs
    private Optional<Failure> refusal(Instant now, List<DomainName>... certificates) {
        return refusal(now, List.of(certificates));
    }

    private Optional<Failure> refusal(Instant now, List<List<DomainName>> certificates) {
        return Optional.ofNullable(catchThrowableOfType(Failure.class,
                () -> with(limits -> limits.require(PRODUCTION, certificates, now))));
    }

    private void with(Consumer<RateLimits> work) {
        database.inTransaction(entityManager -> work.accept(limits(entityManager, LETS_ENCRYPT, OFF)));
    }

    private static RateLimits limits(EntityManager entityManager, String production, String staging) {
        RateLimits limits = new RateLimits();
        limits.entityManager = entityManager;
        limits.settings = SettingsOfTests.of(Map.of("certservice.acme.production.limits", production,
                "certservice.acme.staging.limits", staging));
        return limits;
    }

    private static List<DomainName> names(String... names) {
        return Stream.of(names).map(DomainName::of).toList();
    }

    /** The same entity manager, that notes what it is asked to do. */
    private static EntityManager counted(EntityManager entityManager, List<String> calls) {
        return (EntityManager) Proxy.newProxyInstance(RateLimitsTest.class.getClassLoader(),
                new Class<?>[] {EntityManager.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    try {
                        return method.invoke(entityManager, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
