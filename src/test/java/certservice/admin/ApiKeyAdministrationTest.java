package certservice.admin;

import static certservice.admin.AdministrationOfTests.ALICE;
import static certservice.admin.AdministrationOfTests.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.apikey.ApiKeyGuid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class ApiKeyAdministrationTest {

    private static final Instant SOME_DAY = Instant.parse("2099-01-31T00:00:00Z");
    private static final Search ALL = new Search("", 0, 100);

    @Parameter
    TestDatabase database;

    private AdministrationOfTests admin;

    @BeforeEach
    void prepare() {
        database.clear();
        admin = new AdministrationOfTests(database);
        for (String name : List.of("example.com", "example.org", "fifty.example.net")) {
            admin.domains(domains -> domains.create(name, new DomainChange(false, "http-01", null), ALICE));
        }
    }

    @Test
    void makesAKeyWhoseGuidIsShownOnceAndStoredNowhere() {
        NewApiKey made = create(new ApiKeyChange("portal", true, SOME_DAY, List.of("Example.ORG.", "example.com"),
                List.of("192.0.2.0/24"), List.of("staging"), List.of("classic", "tlsserver"), 50));
        assertThat(ApiKeyGuid.parse(made.guid())).isPresent();
        assertThat(made.toString()).doesNotContain(made.guid());
        ApiKeyDetails stored = get(made);
        assertThat(stored).isEqualTo(made.details());
        assertThat(stored.label()).isEqualTo("portal");
        assertThat(stored.enabled()).isTrue();
        assertThat(stored.expires()).isEqualTo(SOME_DAY);
        assertThat(stored.domains()).containsExactly("example.com", "example.org");
        assertThat(stored.networks()).containsExactly("192.0.2.0/24");
        assertThat(stored.environments()).containsExactly("staging");
        assertThat(stored.profiles()).containsExactly("classic", "tlsserver");
        assertThat(stored.requestsPerDay()).isEqualTo(50);
        assertThat(stored.requestsToday()).isZero();
        assertThat(stored.lastUsed()).isNull();
        assertThat(stored.previousUntil()).isNull();
        assertThat(database.everythingIn("api_key")).noneMatch(value -> value.contains(made.guid()));
    }

    @Test
    void replacesAllOfAKey() {
        NewApiKey made = create(new ApiKeyChange("portal", true, SOME_DAY, List.of("example.com"),
                List.of("192.0.2.0/24"), List.of("staging"), List.of("classic"), 50));
        ApiKeyDetails changed = admin.keys(keys -> keys.change(made.details().id(), plain("shop", "example.org"),
                made.details().version(), ALICE));
        assertThat(changed).isEqualTo(get(made));
        assertThat(changed.label()).isEqualTo("shop");
        assertThat(changed.expires()).isNull();
        assertThat(changed.domains()).containsExactly("example.org");
        assertThat(changed.networks()).isEmpty();
        assertThat(changed.environments()).isEmpty();
        assertThat(changed.profiles()).isEmpty();
        assertThat(changed.requestsPerDay()).isNull();
    }

    @Test
    void refusesAChangeThatWasMadeFromAnOlderVersion() {
        NewApiKey made = create(plain("portal"));
        long seen = made.details().version();
        admin.keys(keys -> keys.associate(made.details().id(), "example.com", ALICE));
        assertFails(412, "changed meanwhile", () -> admin.keys(keys ->
                keys.change(made.details().id(), plain("shop"), seen, ALICE)));
        assertFails(412, "changed meanwhile", () -> admin.keys(keys -> {
            keys.delete(made.details().id(), seen, ALICE);
            return null;
        }));
        assertThat(get(made).label()).isEqualTo("portal");
    }

    @Test
    void givesEveryChangeAnotherVersion() {
        NewApiKey made = create(plain("portal"));
        String id = made.details().id();
        List<Long> versions = Stream.of(made.details(),
                admin.keys(keys -> keys.disable(id, ALICE)),
                admin.keys(keys -> keys.associate(id, "example.com", ALICE)),
                admin.keys(keys -> keys.associate(id, "example.org", ALICE)),
                admin.keys(keys -> keys.dissociate(id, "example.com", ALICE)),
                admin.keys(keys -> keys.rotate(id, Duration.ZERO, null, ALICE)).details(),
                admin.keys(keys -> keys.expire(id, SOME_DAY, ALICE)),
                admin.keys(keys -> keys.expire(id, null, ALICE)),
                admin.keys(keys -> keys.enable(id, ALICE))).map(ApiKeyDetails::version).toList();
        assertThat(versions).doesNotHaveDuplicates();
        assertThat(get(made).version()).isEqualTo(versions.get(versions.size() - 1));
        assertThat(get(made).domains()).containsExactly("example.org");
        assertThat(get(made).enabled()).isTrue();
    }

    @Test
    void acceptsTheOldGuidUntilTheOverlapIsOver() {
        NewApiKey made = create(plain("portal"));
        NewApiKey rotated = admin.keys(keys -> keys.rotate(made.details().id(), Duration.ofDays(1), null, ALICE));
        assertThat(rotated.guid()).isNotEqualTo(made.guid());
        assertThat(rotated.details().previousUntil()).isBetween(Instant.now().plus(Duration.ofHours(23)),
                Instant.now().plus(Duration.ofHours(25)));
        assertFails(400, "overlap", () -> admin.keys(keys -> keys.rotate(made.details().id(), Duration.ofDays(91),
                null, ALICE)));
    }

    @Test
    void doesNotReplaceTheNewGuidIfTheSameRotationComesAgain() {
        NewApiKey made = create(plain("portal"));
        String id = made.details().id();
        long seen = made.details().version();
        long now = admin.keys(keys -> keys.rotate(id, Duration.ofDays(1), seen, ALICE)).details().version();
        assertFails(412, "changed meanwhile", () -> admin.keys(keys -> keys.rotate(id, Duration.ZERO, seen, ALICE)));
        assertThat(get(made).version()).isEqualTo(now);
        assertThat(get(made).previousUntil()).as("the overlap").isNotNull();
    }

    @Test
    void removesAKeySoThatItsLabelIsFreeAndWhatItOrderedStaysUnderIt() {
        NewApiKey made = create(plain("portal", "example.com"));
        admin.keys(keys -> {
            keys.delete(made.details().id(), made.details().version(), ALICE);
            return null;
        });
        assertFails(404, "There is no API key", () -> get(made));
        assertThat(admin.keys(keys -> keys.list(ALL)).total()).isZero();
        assertThat(database.everythingIn("api_key_domain")).isEmpty();
        assertThat(database.everythingIn("api_key")).anyMatch(value -> value.startsWith("portal (removed "));
        NewApiKey again = create(plain("portal"));
        admin.keys(keys -> {
            keys.delete(again.details().id(), null, ALICE);
            return null;
        });
    }

    @Test
    void findsKeysByLabelIdAndDomain() {
        NewApiKey portal = create(plain("Portal_1", "example.com"));
        NewApiKey shop = create(plain("shop", "example.org", "fifty.example.net"));
        assertThat(found("portal_")).containsExactly("Portal_1");
        assertThat(found("o_t")).isEmpty();
        assertThat(found("%")).isEmpty();
        assertThat(found(shop.details().id().substring(4))).containsExactly("shop");
        assertThat(found("EXAMPLE.")).containsExactly("Portal_1", "shop");
        assertThat(found("fifty")).containsExactly("shop");
        assertThat(found("\0")).isEmpty();
        Page<ApiKeyDetails> second = admin.keys(keys -> keys.list(new Search("", 1, 1)));
        assertThat(second.total()).isEqualTo(2);
        assertThat(second.items()).extracting(ApiKeyDetails::label).containsExactly("shop");
        assertThat(second.items().get(0).domains()).containsExactly("example.org", "fifty.example.net");
        assertThat(portal.details().domains()).containsExactly("example.com");
    }

    @Test
    void refusesALabelThatAnotherKeyHas() {
        create(plain("portal"));
        NewApiKey shop = create(plain("shop"));
        assertFails(409, "'portal'", () -> create(plain("portal")));
        assertFails(409, "'portal'", () -> admin.keys(keys ->
                keys.change(shop.details().id(), plain("portal"), null, ALICE)));
        admin.keys(keys -> keys.change(shop.details().id(), plain("shop"), null, ALICE));
    }

    @Test
    void recordsWhoHasChangedWhat() {
        NewApiKey made = create(plain("portal", "example.com"));
        String id = made.details().id();
        admin.keys(keys -> keys.disable(id, ALICE));
        admin.keys(keys -> keys.disable(id, ALICE));
        NewApiKey rotated = admin.keys(keys -> keys.rotate(id, Duration.ZERO, null, ALICE));
        admin.keys(keys -> keys.change(id, new ApiKeyChange("shop", true, SOME_DAY, List.of("example.org"), List.of(),
                List.of("staging"), List.of(), 5), null, ALICE));
        admin.keys(keys -> keys.expire(id, Instant.parse("2020-01-31T00:00:00Z"), ALICE));
        admin.keys(keys -> {
            keys.delete(id, null, ALICE);
            return null;
        });
        List<String> recorded = admin.recorded().stream().filter(entry -> entry.startsWith("KEY_")).toList();
        assertThat(recorded).filteredOn(entry -> !entry.startsWith("KEY_ROTATED")).containsExactly(
                "KEY_CREATED alice 192.0.2.1 example.com portal, via rest",
                "KEY_DISABLED alice 192.0.2.1 null portal, via rest",
                "KEY_ENABLED alice 192.0.2.1 null shop, via rest",
                "KEY_CHANGED alice 192.0.2.1 null shop, expires 2099-01-31T00:00:00Z, via rest",
                "KEY_CHANGED alice 192.0.2.1 null shop, was 'portal', via rest",
                "KEY_CHANGED alice 192.0.2.1 null shop, restricted to environments [staging], 5 requests a day,"
                        + " via rest",
                "KEY_CHANGED alice 192.0.2.1 example.org shop, for more domains, via rest",
                "KEY_CHANGED alice 192.0.2.1 example.com shop, not for these domains any more, via rest",
                "KEY_EXPIRED alice 192.0.2.1 null shop, expires 2020-01-31T00:00:00Z, via rest",
                "KEY_DELETED alice 192.0.2.1 example.org shop, via rest");
        assertThat(recorded.get(2)).startsWith("KEY_ROTATED alice 192.0.2.1 null portal, the old one is accepted");
        assertThat(database.everythingIn("audit_entry")).noneMatch(value -> value.contains(made.guid())
                || value.contains(rotated.guid()));
    }

    @Test
    void recordsNothingOfWhatFails() {
        List<String> before = admin.recorded();
        assertFails(400, "label", () -> create(plain(" ")));
        assertFails(404, "no API key", () -> admin.keys(keys -> keys.enable("x", ALICE)));
        assertThat(admin.recorded()).isEqualTo(before);
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of(plain(" "), "Field 'label' is missing"),
                Arguments.of(plain("x".repeat(101)), "Field 'label' is longer than 100"),
                Arguments.of(plain("a\nb"), "Field 'label' is 'a\\u{a}b'"),
                Arguments.of(plain("a", "nowhere.example"), "Field 'domains' has 'nowhere.example'; there is no such"),
                Arguments.of(plain("a", "-"), "Field 'domains': '-' is not a valid DNS name"),
                Arguments.of(new ApiKeyChange("a", true, Instant.MAX, List.of(), List.of(), List.of(), List.of(), null),
                        "Field 'expires' is +1000000000"),
                Arguments.of(new ApiKeyChange("a", true, null, List.of(), List.of("::/0", "10.0.0.1/8"), List.of(),
                        List.of(), null), "Field 'networks[1]' is '10.0.0.1/8'"),
                Arguments.of(new ApiKeyChange("a", true, null, List.of(), List.of(), List.of("test"), List.of(), null),
                        "Field 'environments[0]' is 'test'; allowed are production, staging"),
                Arguments.of(new ApiKeyChange("a", true, null, List.of(), List.of(), List.of(), List.of("x"), null),
                        "Field 'profiles[0]' is 'x'; allowed are classic, shortlived, tlsserver"),
                Arguments.of(new ApiKeyChange("a", true, null, List.of(), List.of(), List.of(), List.of(), 0),
                        "Field 'requestsPerDay' is 0; allowed is a whole number from 1 to 1000000"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void refusesWhatCantBeUsedNamingFieldValueAndWhatIsAllowed(ApiKeyChange change, String message) {
        assertFails(400, message, () -> create(change));
        assertThat(admin.keys(keys -> keys.list(ALL)).items()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0f8fad5b-d9cb-469f-a165-70867728950e", "a\0b"})
    void knowsNoOtherKeys(String id) {
        assertFails(404, "There is no API key with the id", () -> admin.keys(keys -> keys.get(id)));
        assertFails(404, "There is no API key with the id", () -> admin.keys(keys -> keys.disable(id, ALICE)));
    }

    private static ApiKeyChange plain(String label, String... domains) {
        return new ApiKeyChange(label, true, null, List.of(domains), List.of(), List.of(), List.of(), null);
    }

    private NewApiKey create(ApiKeyChange wanted) {
        return admin.keys(keys -> keys.create(wanted, ALICE));
    }

    private ApiKeyDetails get(NewApiKey key) {
        return admin.keys(keys -> keys.get(key.details().id()));
    }

    private List<String> found(String text) {
        return admin.keys(keys -> keys.list(new Search(text, 0, 100))).items().stream().map(ApiKeyDetails::label)
                .toList();
    }
}
