package certservice.admin;

import static certservice.admin.AdministrationOfTests.ALICE;
import static certservice.admin.AdministrationOfTests.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import certservice.challenge.ChallengesOfTests;
import certservice.domain.Domain;
import certservice.domain.DomainName;
import certservice.domain.Validations.Ended;
import certservice.domain.ValidationsOfTests;
import certservice.settings.MasterKeys;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Domains and the DNS providers that prove them. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class DomainAdministrationTest {

    private static final String SECRET = "dHNpZyBzZWNyZXQgb2YgY29ycC1kbnM=";
    private static final DomainChange HTTP = new DomainChange(false, "http-01", null);
    private static final DomainChange DNS = new DomainChange(false, "dns-01", "corp");

    @Parameter
    TestDatabase database;

    private AdministrationOfTests admin;

    @BeforeEach
    void prepare() {
        database.clear();
        admin = new AdministrationOfTests(database);
        admin.providers(providers -> providers.create("corp", "rfc2136", settings("127.0.0.1:53"), ALICE));
    }

    @Test
    void storesADomainUnderItsNormalizedName() {
        DomainDetails made = create("Bücher.Example.", new DomainChange(true, "http-01", null));
        assertThat(made.name()).isEqualTo("xn--bcher-kva.example");
        assertThat(made.subdomains()).isTrue();
        assertThat(made.challenge()).isEqualTo("http-01");
        assertThat(made.provider()).isNull();
        assertThat(made.keys()).isEmpty();
        assertThat(made.lastValidated()).isNull();
        assertThat(get("bücher.example")).isEqualTo(made);
    }

    @Test
    void changesHowADomainIsProvenIfItIsAsWasSeen() {
        DomainDetails made = create("example.com", HTTP);
        DomainDetails changed = admin.domains(domains -> domains.change("example.com", DNS, made.version(), ALICE));
        assertThat(changed.provider()).isEqualTo("corp");
        assertThat(changed.version()).isNotEqualTo(made.version());
        assertFails(412, "changed meanwhile", () -> admin.domains(domains ->
                domains.change("example.com", HTTP, made.version(), ALICE)));
        assertThat(get("example.com")).isEqualTo(changed);
    }

    @Test
    void removesADomainAndItsAssociations() {
        create("example.com", HTTP);
        NewApiKey key = admin.keys(keys -> keys.create(new ApiKeyChange("portal", true, null, List.of("example.com"),
                List.of(), List.of(), List.of(), null), ALICE));
        assertThat(get("example.com").keys()).containsExactly("portal");
        validated("example.com");
        admin.domains(domains -> {
            domains.delete("example.com", null, ALICE);
            return null;
        });
        assertFails(404, "There is no domain 'example.com'", () -> admin.domains(domains ->
                domains.get("example.com")));
        assertThat(admin.keys(keys -> keys.get(key.details().id())).domains()).isEmpty();
        assertThat(admin.keys(keys -> keys.get(key.details().id())).version())
                .isNotEqualTo(key.details().version());
        assertThat(create("example.com", HTTP).lastValidated()).isNull();
    }

    /** As when two nodes do it at once: the key's node has read the domain before it is gone. */
    @Test
    void tellsWhoAssociatesAKeyWithADomainThatIsRemovedAtThatMoment() {
        create("example.com", HTTP);
        database.inTransaction(entityManager -> entityManager.persist(new ApiKey("portal", ApiKeyGuid.random())));
        assertFails(409, "changed by somebody else at this moment", () -> database.inTransaction(entityManager -> {
            ApiKey key = entityManager.createQuery("select k from ApiKey k", ApiKey.class).getSingleResult();
            key.associate(entityManager.createQuery("select d from Domain d", Domain.class).getSingleResult());
            admin.domains(domains -> {
                domains.delete("example.com", null, ALICE);
                return null;
            });
            Saving.flush(entityManager, "not this one");
        }));
    }

    @Test
    void tellsWhoRemovesADomainThatAKeyIsAssociatedWithAtThatMoment() {
        create("example.com", HTTP);
        database.inTransaction(entityManager -> entityManager.persist(new ApiKey("portal", ApiKeyGuid.random())));
        assertFails(409, "changed by somebody else at this moment", () -> database.inTransaction(entityManager -> {
            entityManager.remove(entityManager.createQuery("select d from Domain d", Domain.class).getSingleResult());
            String id = admin.keys(keys -> keys.list(new Search("", 0, 1))).items().get(0).id();
            admin.keys(keys -> keys.associate(id, "example.com", ALICE));
            Saving.flush(entityManager, "not this one");
        }));
    }

    @Test
    void showsHowTheCaTookTheLastProofs() {
        create("example.com", HTTP);
        validated("example.com");
        DomainDetails details = get("example.com");
        assertThat(details.lastValidated()).isEqualTo(Instant.parse("2026-11-01T00:00:00Z"));
        assertThat(details.lastFailed()).isNull();
    }

    @Test
    void findsDomainsByNameAndProvider() {
        create("b.example", HTTP);
        create("a.example", DNS);
        assertThat(found("")).containsExactly("a.example", "b.example");
        assertThat(found("B.EX")).containsExactly("b.example");
        assertThat(found("Corp")).containsExactly("a.example");
        assertThat(found("_")).isEmpty();
        assertThat(found("!")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", value = {
            "a          | false | http-01     | null | Field 'name': 'a' is not a valid DNS name",
            "*.a.example | true | dns-01      | corp | Field 'subdomains' is true for a wildcard",
            "a.example  | false | tls-alpn-01 | null | Field 'challenge' is 'tls-alpn-01'; allowed are dns-01, http-01",
            "*.a.example | false | http-01    | null | Field 'challenge' is 'http-01'; a wildcard can be proven by",
            "a.example  | false | dns-01      | null | Field 'provider' is missing; dns-01 needs one",
            "a.example  | false | http-01     | corp | Field 'provider' is given, but http-01 uses none",
            "a.example  | false | dns-01      | x    | Field 'provider' is 'x'; there is no such DNS provider",
    })
    void refusesWhatCantBeProven(String name, boolean subdomains, String challenge, String provider, String message) {
        assertFails(400, message, () -> create(name, new DomainChange(subdomains, challenge, provider)));
    }

    @Test
    void refusesAProviderWhoseNameNoDatabaseStores() {
        assertFails(400, "there is no such DNS provider", () ->
                create("a.example", new DomainChange(false, "dns-01", "corp\0")));
    }

    @Test
    void refusesADomainThatIsThere() {
        create("example.com", HTTP);
        assertFails(409, "'example.com' is there already", () -> create("EXAMPLE.com.", HTTP));
    }

    @Test
    void showsOfAProvidersSettingsTheNamesAlone() {
        create("example.com", DNS);
        DnsProviderDetails details = admin.providers(providers -> providers.get("corp"));
        assertThat(details.settings()).containsExactly("keyName", "keySecret", "server");
        assertThat(details.domains()).isEqualTo(1);
        assertThat(details.toString()).doesNotContain(SECRET).doesNotContain("127.0.0.1");
    }

    @Test
    void changesAProviderIfItIsAsWasSeen() {
        long seen = admin.providers(providers -> providers.get("corp")).version();
        DnsProviderDetails changed = admin.providers(providers ->
                providers.change("corp", "rfc2136", settings("127.0.0.2:53"), seen, ALICE));
        assertThat(changed.version()).isNotEqualTo(seen);
        assertFails(412, "changed meanwhile", () -> admin.providers(providers ->
                providers.change("corp", "rfc2136", settings("127.0.0.3:53"), seen, ALICE)));
    }

    @Test
    void keepsAProviderAsLongAsADomainNeedsIt() {
        create("example.com", DNS);
        assertFails(409, "proves domains, such as 'example.com'", () -> deleteCorp());
        admin.domains(domains -> domains.change("example.com", HTTP, null, ALICE));
        deleteCorp();
        assertFails(404, "There is no DNS provider 'corp'", () -> admin.providers(providers -> providers.get("corp")));
    }

    @Test
    void refusesProvidersThatCantBeUsedWithoutShowingASecret() {
        assertFails(409, "'corp' is there already", () -> admin.providers(providers ->
                providers.create("corp", "rfc2136", settings("127.0.0.1:53"), ALICE)));
        for (String name : List.of("a b", "..", "", "a".repeat(101), "a\0")) {
            assertFails(400, "Field 'name' is ", () -> admin.providers(providers ->
                    providers.create(name, "rfc2136", settings("127.0.0.1:53"), ALICE)));
        }
        assertFails(400, "Field 'type' is 'route66'; allowed are rfc2136", () -> admin.providers(providers ->
                providers.create("x", "route66", settings("127.0.0.1:53"), ALICE)));
        assertFails(400, "Field 'settings': ", () -> admin.providers(providers ->
                providers.create("x", "rfc2136", JsonObject.EMPTY_JSON_OBJECT, ALICE)));
    }

    @Test
    void changesAndRemovesAProviderWhoseNameNoNewOneMayHave() {
        database.inTransaction(entityManager -> ChallengesOfTests.dnsProviders(entityManager, MasterKeys.of(1))
                .configure("corp dns", "rfc2136", settings("127.0.0.1:53")));
        admin.providers(providers -> providers.change("corp dns", "rfc2136", settings("127.0.0.2:53"), null, ALICE));
        delete("corp dns");
        assertFails(404, "There is no DNS provider 'corp dns'", () -> delete("corp dns"));
        assertFails(404, "There is no DNS provider ", () -> delete("corp\0"));
    }

    @Test
    void recordsWhoHasChangedWhatButNoSecret() {
        create("example.com", DNS);
        admin.domains(domains -> domains.change("example.com", DNS, null, ALICE));
        admin.domains(domains -> domains.change("example.com", HTTP, null, ALICE));
        admin.domains(domains -> {
            domains.delete("example.com", null, ALICE);
            return null;
        });
        admin.providers(providers -> providers.change("corp", "rfc2136", settings("127.0.0.2:53"), null, ALICE));
        deleteCorp();
        assertThat(admin.recorded()).containsExactly(
                "DNS_PROVIDER_CREATED alice 192.0.2.1 null corp, rfc2136, via rest",
                "DOMAIN_CREATED alice 192.0.2.1 example.com dns-01, provider corp, via rest",
                "DOMAIN_CHANGED alice 192.0.2.1 example.com http-01, via rest",
                "DOMAIN_DELETED alice 192.0.2.1 example.com via rest",
                "DNS_PROVIDER_CHANGED alice 192.0.2.1 null corp, rfc2136, via rest",
                "DNS_PROVIDER_DELETED alice 192.0.2.1 null corp, rfc2136, via rest");
        assertThat(database.everythingIn("audit_entry")).noneMatch(value -> value.contains(SECRET));
    }

    private static JsonObject settings(String server) {
        return Json.createObjectBuilder().add("server", server).add("keyName", "k").add("keySecret", SECRET).build();
    }

    private void deleteCorp() {
        delete("corp");
    }

    private void delete(String provider) {
        admin.providers(providers -> {
            providers.delete(provider, null, ALICE);
            return null;
        });
    }

    private DomainDetails create(String name, DomainChange wanted) {
        return admin.domains(domains -> domains.create(name, wanted, ALICE));
    }

    private DomainDetails get(String name) {
        return admin.domains(domains -> domains.get(name));
    }

    private void validated(String name) {
        database.inTransaction(entityManager -> ValidationsOfTests.in(entityManager)
                .ended(List.of(new Ended(DomainName.of(name), null)), Instant.parse("2026-11-01T00:00:00Z")));
    }

    private List<String> found(String text) {
        return admin.domains(domains -> domains.list(new Search(text, 0, 100))).items().stream()
                .map(DomainDetails::name).toList();
    }
}
