package certservice.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.TestDatabase;
import certservice.apikey.Refusal.Reason;
import certservice.audit.Actor;
import certservice.domain.Domain;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.settings.Network;
import jakarta.persistence.PersistenceException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class ApiKeysTest {

    private static final ApiKeyGuid GUID = ApiKeyGuid.parse("0f8fad5b-d9cb-469f-a165-70867728950e").orElseThrow();

    @Parameter
    TestDatabase database;

    @BeforeEach
    void clear() {
        database.clear();
    }

    @Test
    void knowsTheCallerBehindAnEnabledKey() {
        ApiKey key = stored(new ApiKey("portal", GUID));
        assertThat(authenticate(GUID)).contains(new Caller(key.id(), "portal", GUID, "192.0.2.1"));
        assertThat(authenticate(ApiKeyGuid.random())).isEmpty();
    }

    @Test
    void refusesADisabledKeyAndAcceptsItAgainWhenEnabled() {
        ApiKey key = new ApiKey("portal", GUID);
        key.disable();
        stored(key);
        assertThat(authenticate(GUID)).isEmpty();
        database.inTransaction(entityManager -> entityManager.find(ApiKey.class, key.id()).enable());
        assertThat(authenticate(GUID)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "3600, true"})
    void refusesAKeyFromItsExpiryOn(long secondsFromNow, boolean usable) {
        ApiKey key = new ApiKey("portal", GUID);
        key.expireAt(Instant.now().plusSeconds(secondsFromNow));
        stored(key);
        assertThat(authenticate(GUID).isPresent()).isEqualTo(usable);
    }

    @Test
    void isRefusedExactlyAtTheMomentOfExpiry() {
        ApiKey key = new ApiKey("portal", GUID);
        Instant expiry = Instant.parse("2027-01-31T00:00:00Z");
        key.expireAt(expiry);
        assertThat(key.isUsableAt(expiry.minusNanos(1))).isTrue();
        assertThat(key.isUsableAt(expiry)).isFalse();
        key.expireAt(null);
        assertThat(key.isUsableAt(Instant.MAX)).isTrue();
    }

    /** Two nodes may have different time zones, and neither need be the database's. */
    @ParameterizedTest
    @CsvSource({"Pacific/Auckland, America/Los_Angeles", "UTC, Asia/Kolkata"})
    void keepsTheMomentOfExpiryWhateverTheTimeZone(String writer, String reader) {
        TimeZone before = TimeZone.getDefault();
        Instant expiry = Instant.parse("2027-03-28T01:30:00Z");
        try {
            TimeZone.setDefault(TimeZone.getTimeZone(writer));
            ApiKey key = new ApiKey("portal", GUID);
            key.expireAt(expiry);
            stored(key);
            TimeZone.setDefault(TimeZone.getTimeZone(reader));
            database.inTransaction(entityManager -> {
                ApiKey read = entityManager.find(ApiKey.class, key.id());
                assertThat(read.isUsableAt(expiry.minusSeconds(1))).isTrue();
                assertThat(read.isUsableAt(expiry)).isFalse();
            });
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void refusesTheOldKeyOnceItIsReplaced() {
        ApiKey key = stored(new ApiKey("portal", GUID));
        ApiKeyGuid fresh = ApiKeyGuid.random();
        database.inTransaction(entityManager -> entityManager.find(ApiKey.class, key.id()).replaceBy(fresh));
        assertThat(authenticate(GUID)).isEmpty();
        assertThat(authenticate(fresh)).isPresent();
    }

    @Test
    void tellsWhyAKeyIsRefusedWithoutTheKeyItself() {
        ApiKey key = stored(new ApiKey("portal", GUID));
        assertThat(reason(ApiKeyGuid.random(), "192.0.2.1")).isEqualTo(Reason.UNKNOWN);
        change(key, ApiKey::disable);
        assertThat(reason(GUID, "192.0.2.1")).isEqualTo(Reason.DISABLED);
        Refusal refusal = (Refusal) identify(GUID, "192.0.2.1");
        assertThat(refusal.key()).contains(Actor.apiKey(key.id(), "portal"));
        assertThat(refusal.toString()).doesNotContain(GUID.clearText());
        change(key, ApiKey::enable);
        change(key, each -> each.expireAt(Instant.now().minusSeconds(1)));
        assertThat(reason(GUID, "192.0.2.1")).isEqualTo(Reason.EXPIRED);
    }

    @Test
    void acceptsAKeyThatIsRestrictedToNetworksFromThereAlone() {
        ApiKey key = stored(new ApiKey("portal", GUID));
        KeyPolicy policy = new KeyPolicy(List.of(Network.parse("192.0.2.0/24"), Network.parse("2001:db8::/32")),
                Set.of(Environment.STAGING), Set.of(Profile.TLSSERVER), Optional.of(7));
        change(key, each -> each.restrict(policy));
        assertThat(identify(GUID, "192.0.2.255")).isInstanceOfSatisfying(Caller.class,
                caller -> assertThat(caller.policy()).isEqualTo(policy));
        assertThat(identify(GUID, "2001:db8::5")).isInstanceOf(Caller.class);
        assertThat(reason(GUID, "192.0.3.1")).isEqualTo(Reason.NETWORK);
        assertThat(reason(GUID, "unknown")).isEqualTo(Reason.NETWORK);
        change(key, each -> each.restrict(KeyPolicy.NONE));
        assertThat(identify(GUID, "unknown")).isInstanceOf(Caller.class);
    }

    @Test
    void acceptsTheOldKeyBesideTheNewOneUntilTheOverlapIsOver() {
        ApiKey key = stored(new ApiKey("portal", GUID));
        ApiKeyGuid next = ApiKeyGuid.random();
        change(key, each -> each.rotate(next, Instant.now().plusSeconds(60)));
        assertThat(authenticate(next).orElseThrow().keyId()).isEqualTo(key.id());
        assertThat(authenticate(GUID)).contains(new Caller(key.id(), "portal", GUID, "192.0.2.1"));
        ApiKeyGuid third = ApiKeyGuid.random();
        change(key, each -> each.rotate(third, Instant.now().minusSeconds(1)));
        assertThat(reason(GUID, "192.0.2.1")).isEqualTo(Reason.UNKNOWN);
        assertThat(reason(next, "192.0.2.1")).isEqualTo(Reason.ROTATED);
        assertThat(authenticate(third)).isPresent();
        assertThat(database.everythingIn("api_key")).noneMatch(value -> value.contains(next.clearText()));
    }

    @Test
    void endsTheOverlapOfARotationWhenTheKeyIsReplacedButNotWhenItIsGivenAgain() {
        ApiKey key = stored(new ApiKey("portal", GUID));
        ApiKeyGuid next = ApiKeyGuid.random();
        change(key, each -> each.rotate(next, Instant.now().plusSeconds(60)));
        change(key, each -> each.replaceBy(next));
        assertThat(authenticate(GUID)).isPresent();
        change(key, each -> each.replaceBy(ApiKeyGuid.random()));
        assertThat(authenticate(GUID)).isEmpty();
        assertThat(authenticate(next)).isEmpty();
    }

    @Test
    void knowsAnotherKeyThatHasAGuidOrHadItBefore() {
        ApiKey key = stored(new ApiKey("portal", GUID));
        ApiKey other = stored(new ApiKey("other", ApiKeyGuid.random()));
        ApiKeyGuid next = ApiKeyGuid.random();
        change(key, each -> each.rotate(next, Instant.now().plusSeconds(60)));
        assertThat(another(other, GUID)).map(ApiKey::label).contains("portal");
        assertThat(another(other, next)).isPresent();
        assertThat(another(key, next)).isEmpty();
    }

    @Test
    void showsWhatWasSetOfIt() {
        ApiKey key = stored(new ApiKey("portal", GUID));
        Instant expiry = Instant.parse("2027-01-31T00:00:00Z");
        Domain domain = stored(domain("example.com", true));
        change(key, each -> {
            each.label("shop");
            each.expireAt(expiry);
            each.disable();
            each.rotate(ApiKeyGuid.random(), expiry);
        });
        database.inTransaction(entityManager -> {
            ApiKey read = entityManager.find(ApiKey.class, key.id());
            assertThat(read.associate(entityManager.find(Domain.class, idOf(domain)))).isTrue();
            assertThat(read.associate(entityManager.find(Domain.class, idOf(domain)))).isFalse();
        });
        database.inTransaction(entityManager -> {
            ApiKey read = entityManager.find(ApiKey.class, key.id());
            assertThat(read.label()).isEqualTo("shop");
            assertThat(read.enabled()).isFalse();
            assertThat(read.expires()).contains(expiry);
            assertThat(read.previousUntil()).contains(expiry);
            assertThat(read.policy()).isEqualTo(KeyPolicy.NONE);
            assertThat(read.created()).isBetween(Instant.now().minusSeconds(600), Instant.now());
            assertThat(read.domains()).extracting(each -> each.name().toString()).containsExactly("example.com");
            assertThat(read.dissociate(entityManager.find(Domain.class, idOf(domain)))).isTrue();
            assertThat(read.dissociate(entityManager.find(Domain.class, idOf(domain)))).isFalse();
        });
        assertThat(database.everythingIn("api_key_domain")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void refusesALabelThatNobodyCouldRead(String label) {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new ApiKey(label, GUID));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new ApiKey("portal", GUID).label("x".repeat(101)));
    }

    @Test
    void storesNoKeyInTheClear() {
        stored(new ApiKey("portal", GUID));
        assertThat(database.everythingIn("api_key")).contains(GUID.hash())
                .noneMatch(value -> value.contains(GUID.clearText()));
    }

    /** The contract's table, through the database. */
    @ParameterizedTest
    @CsvSource({
            "example.com,   false, example.com,       true",
            "example.com,   false, www.example.com,   false",
            "example.com,   false, a.b.example.com,   false",
            "example.com,   false, *.example.com,     false",
            "example.com,   false, badexample.com,    false",
            "example.com,   true,  example.com,       true",
            "example.com,   true,  www.example.com,   true",
            "example.com,   true,  a.b.example.com,   true",
            "example.com,   true,  *.example.com,     true",
            "example.com,   true,  badexample.com,    false",
            "*.example.com, false, example.com,       false",
            "*.example.com, false, www.example.com,   false",
            "*.example.com, false, a.b.example.com,   false",
            "*.example.com, false, *.example.com,     true",
            "*.example.com, false, badexample.com,    false",
    })
    void findsTheAssociationThatPermitsAName(String association, boolean subdomains, String name, boolean permitted) {
        Caller caller = callerFor(domain(association, subdomains));
        List<Domain> found = associated(caller, List.of(DomainName.of(name)));
        assertThat(found.stream().anyMatch(domain -> domain.permits(DomainName.of(name)))).isEqualTo(permitted);
    }

    @Test
    void findsNoDomainOfAnotherKey() {
        callerFor(domain("example.com", true));
        ApiKey other = stored(new ApiKey("other", ApiKeyGuid.random()));
        assertThat(associated(new Caller(other.id(), "other", GUID, "192.0.2.1"),
                List.of(DomainName.of("www.example.com")))).isEmpty();
    }

    @Test
    void findsEveryLevelThatCouldPermitTheName() {
        Caller caller = callerFor(domain("example.com", true), domain("b.example.com", true),
                domain("unrelated.example.com", true), domain("a.b.example.com", false));
        assertThat(associated(caller, List.of(DomainName.of("a.b.example.com"))))
                .extracting(found -> found.name().toString())
                .containsExactlyInAnyOrder("example.com", "b.example.com", "a.b.example.com");
    }

    @Test
    void findsTheAssociationsOfAHundredDeepNamesInSeveralQueries() {
        Caller caller = callerFor(IntStream.range(0, 100).mapToObj(i -> domain("d" + i + ".example", true))
                .toArray(Domain[]::new));
        List<DomainName> names = IntStream.range(0, 100)
                .mapToObj(i -> DomainName.of("a.".repeat(50) + "d" + i + ".example")).toList();
        assertThat(associated(caller, names)).hasSize(100);
    }

    @Test
    void replacesItsAssociations() {
        Domain kept = domain("kept.example", false);
        Domain dropped = domain("dropped.example", false);
        Domain added = stored(domain("added.example", false));
        Caller caller = callerFor(kept, dropped);
        database.inTransaction(entityManager -> entityManager.find(ApiKey.class, caller.keyId()).associateExactly(
                List.of(entityManager.find(Domain.class, idOf(kept)), entityManager.find(Domain.class, idOf(added)))));
        assertThat(associated(caller, Stream.of("kept.example", "dropped.example", "added.example")
                .map(DomainName::of).toList())).extracting(found -> found.name().toString())
                .containsExactlyInAnyOrder("kept.example", "added.example");
        assertThat(database.everythingIn("api_key_domain")).hasSize(4);
    }

    @Test
    void refusesASecondKeyOfTheSameLabelOrHash() {
        stored(new ApiKey("portal", GUID));
        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> stored(new ApiKey("portal", ApiKeyGuid.random())));
        assertThatExceptionOfType(PersistenceException.class).isThrownBy(() -> stored(new ApiKey("other", GUID)));
    }

    @Test
    void refusesASecondDomainOfTheSameName() {
        stored(domain("example.com", true));
        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> stored(domain("EXAMPLE.com", false)));
    }

    @Test
    void storesTheLongestLabelAndName() {
        ApiKey key = new ApiKey("ü".repeat(100), GUID);
        Domain domain = domain(("a".repeat(61) + ".").repeat(4) + "abcde", true);
        assertThat(domain.name().toString()).hasSize(253);
        key.associateExactly(List.of(stored(domain)));
        stored(key);
        assertThat(authenticate(GUID).orElseThrow().label()).hasSize(100);
    }

    private Caller callerFor(Domain... domains) {
        ApiKey key = new ApiKey("portal", GUID);
        database.inTransaction(entityManager -> {
            Stream.of(domains).forEach(entityManager::persist);
            key.associateExactly(List.of(domains));
            entityManager.persist(key);
        });
        return new Caller(key.id(), key.label(), GUID, "192.0.2.1");
    }

    private <T> T stored(T entity) {
        database.inTransaction(entityManager -> entityManager.persist(entity));
        return entity;
    }

    private String idOf(Domain domain) {
        return database.transactionally(entityManager -> entityManager
                .createQuery("select d.id from Domain d where d.name = :name", String.class)
                .setParameter("name", domain.name().toString()).getSingleResult());
    }

    private Optional<Caller> authenticate(ApiKeyGuid guid) {
        return identify(guid, "192.0.2.1") instanceof Caller caller ? Optional.of(caller) : Optional.empty();
    }

    private Identification identify(ApiKeyGuid guid, String address) {
        return ask(keys -> keys.identify(guid, address));
    }

    private Optional<ApiKey> another(ApiKey key, ApiKeyGuid guid) {
        return ask(keys -> keys.other(key, guid));
    }

    private Reason reason(ApiKeyGuid guid, String address) {
        return ((Refusal) identify(guid, address)).reason();
    }

    private void change(ApiKey key, Consumer<ApiKey> verb) {
        database.inTransaction(entityManager -> verb.accept(entityManager.find(ApiKey.class, key.id())));
    }

    private List<Domain> associated(Caller caller, List<DomainName> names) {
        return ask(keys -> keys.associated(caller, names));
    }

    private <T> T ask(Function<ApiKeys, T> question) {
        return database.transactionally(entityManager -> {
            ApiKeys keys = new ApiKeys();
            keys.entityManager = entityManager;
            return question.apply(keys);
        });
    }

    private static Domain domain(String name, boolean subdomains) {
        return new Domain(DomainName.of(name), subdomains, "http-01", null);
    }
}
