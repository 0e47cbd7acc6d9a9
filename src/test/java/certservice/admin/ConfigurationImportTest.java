package certservice.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.TestDatabase;
import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import certservice.audit.AuditTrails;
import certservice.challenge.ChallengesOfTests;
import certservice.settings.MasterKeys;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** JSON is written with single quotes here. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class ConfigurationImportTest {

    private static final String KEY = "0f8fad5b-d9cb-469f-a165-70867728950e";
    private static final String OTHER_KEY = "1f8fad5b-d9cb-469f-a165-70867728950e";
    private static final String SECRET = "dHNpZyBzZWNyZXQgb2YgY29ycC1kbnM=";
    private static final String CORP = "{'name': 'corp', 'type': 'rfc2136', 'settings': {'server': '127.0.0.1:53',"
            + " 'keyName': 'k', 'keySecret': '" + SECRET + "'}}";
    private static final String EVERYTHING = "{'dnsProviders': [" + CORP + "],"
            + " 'domains': [{'name': 'example.com', 'subdomains': true},"
            + " {'name': '*.example.org', 'challenge': 'dns-01', 'provider': 'corp'}],"
            + " 'apiKeys': [{'label': 'portal', 'key': '" + KEY + "', 'domains': ['example.com', '*.example.org']}]}";

    @Parameter
    TestDatabase database;

    @TempDir
    Path folder;

    @BeforeEach
    void clear() {
        database.clear();
    }

    @Test
    void storesEveryEntry() {
        apply(EVERYTHING);
        assertThat(rows("select name, subdomains, challenge, provider from domain order by name")).containsExactly(
                "*.example.org false dns-01 corp", "example.com true http-01 null");
        assertThat(rows("select name, type from dns_provider")).containsExactly("corp rfc2136");
        assertThat(rows("select k.label, k.enabled, k.expires, d.name from api_key k"
                + " join api_key_domain a on a.api_key_id = k.id join domain d on d.id = a.domain_id order by d.name"))
                .containsExactly("portal true null *.example.org", "portal true null example.com");
    }

    @Test
    void storesNoSecretInTheClear() {
        apply(EVERYTHING);
        Stream.of("dns_provider", "api_key", "domain").flatMap(table -> database.everythingIn(table).stream())
                .forEach(value -> assertThat(value).doesNotContain(SECRET).doesNotContain(KEY));
    }

    @Test
    void doesNoHarmWhenItIsAppliedAgain() {
        apply(EVERYTHING);
        List<String> before = rows("select id, version, label from api_key");
        List<String> domains = rows("select id, version, name from domain order by name");
        apply(EVERYTHING);
        assertThat(rows("select id, version, label from api_key")).isEqualTo(before);
        assertThat(rows("select id, version, name from domain order by name")).isEqualTo(domains);
        assertThat(rows("select name, type from dns_provider")).hasSize(1);
    }

    @Test
    void changesWhatASecondFileSaysOtherwise() {
        apply(EVERYTHING);
        apply("{'domains': [{'name': 'example.com', 'challenge': 'dns-01', 'provider': 'corp'}],"
                + "'apiKeys': [{'label': 'portal', 'key': '" + OTHER_KEY + "', 'enabled': false,"
                + " 'expires': '2027-01-31T00:00:00Z', 'domains': ['example.com']}]}");
        assertThat(rows("select name, subdomains, challenge, provider from domain order by name")).containsExactly(
                "*.example.org false dns-01 corp", "example.com false dns-01 corp");
        assertThat(rows("select label, enabled from api_key")).containsExactly("portal false");
        assertThat(rows("select count(*) from api_key_domain")).containsExactly("1");
        assertThat(rows("select count(*) from api_key where expires is not null")).containsExactly("1");
    }

    @Test
    void storesWhatAKeyIsRestrictedToAndTakesItBack() {
        apply("{'apiKeys': [{'label': 'portal', 'key': '" + KEY + "', 'networks': ['192.0.2.0/24', '2001:db8::1'],"
                + " 'environments': ['staging', 'production'], 'profiles': ['tlsserver'], 'requestsPerDay': 7}]}");
        assertThat(rows("select networks, environments, profiles, requests_per_day from api_key"))
                .containsExactly("192.0.2.0/24,2001:db8::1/128 STAGING,PRODUCTION tlsserver 7");
        apply("{'apiKeys': [{'label': 'portal', 'key': '" + KEY + "'}]}");
        assertThat(rows("select networks, environments, profiles, requests_per_day from api_key"))
                .containsExactly("null null null null");
    }

    @Test
    void recordsWhatItCreatesAndChangesAndNothingElse() {
        apply(EVERYTHING);
        assertThat(recorded()).containsExactly("DNS_PROVIDER_CREATED null corp, rfc2136",
                "DOMAIN_CREATED example.com with subdomains, http-01",
                "DOMAIN_CREATED *.example.org dns-01, provider corp",
                "KEY_CREATED *.example.org,example.com portal", "CONFIGURATION_IMPORTED null 4 changes");
        apply(EVERYTHING);
        assertThat(recorded()).hasSize(5);
        apply("{'domains': [{'name': 'example.com', 'challenge': 'dns-01', 'provider': 'corp'}],"
                + "'dnsProviders': [" + CORP.replace(":53", ":5353") + "],"
                + "'apiKeys': [{'label': 'portal', 'key': '" + OTHER_KEY + "', 'enabled': false,"
                + " 'expires': '2099-01-31T00:00:00Z', 'domains': ['example.com']}]}");
        assertThat(recorded().subList(5, 12)).containsExactly("DNS_PROVIDER_CHANGED null corp, rfc2136",
                "DOMAIN_CHANGED example.com dns-01, provider corp", "KEY_ROTATED null portal",
                "KEY_DISABLED null portal", "KEY_CHANGED null portal, expires 2099-01-31T00:00:00Z",
                "KEY_CHANGED *.example.org portal, not for these domains any more",
                "CONFIGURATION_IMPORTED null 6 changes");
        assertThat(database.everythingIn("audit_entry")).noneMatch(value -> value.contains(SECRET)
                || value.contains(KEY) || value.contains(OTHER_KEY));
    }

    @Test
    void givesARenamedKeyItsLabelAgain() {
        apply(EVERYTHING);
        List<String> before = rows("select id, label from api_key");
        rename("portal", "shop");
        apply(EVERYTHING);
        assertThat(rows("select id, label from api_key")).isEqualTo(before);
        assertThat(recorded().subList(5, 7)).containsExactly("KEY_CHANGED null portal, was 'shop'",
                "CONFIGURATION_IMPORTED null 1 changes");
    }

    @Test
    void givesAKeyThatWasRenamedAndRotatedItsLabelAndGuidAgain() {
        apply(EVERYTHING);
        List<String> before = rows("select id, label, key_hash from api_key");
        rename("portal", "shop");
        database.inTransaction(entityManager -> key(entityManager, "shop").rotate(
                ApiKeyGuid.parse(OTHER_KEY).orElseThrow(), Instant.parse("2099-01-31T00:00:00Z")));
        apply(EVERYTHING);
        assertThat(rows("select id, label, key_hash from api_key")).isEqualTo(before);
        assertThat(recorded().subList(5, 7)).containsExactly("KEY_ROTATED null portal",
                "KEY_CHANGED null portal, was 'shop'");
    }

    private void rename(String label, String other) {
        database.inTransaction(entityManager -> key(entityManager, label).label(other));
    }

    private static ApiKey key(EntityManager entityManager, String label) {
        return entityManager.createQuery("select k from ApiKey k where k.label = :label", ApiKey.class)
                .setParameter("label", label).getSingleResult();
    }

    /** Without the ids of keys. */
    private List<String> recorded() {
        return rows("select action, names, detail from audit_entry order by entry_number").stream()
                .map(row -> row.replaceAll(" \\([-0-9a-f]{36}\\)", "")).toList();
    }

    @Test
    void leavesAloneWhatTheFileDoesNotName() {
        apply(EVERYTHING);
        apply("{}");
        assertThat(rows("select count(*) from api_key_domain")).containsExactly("2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "{'domains': [{'name': 'a.example', 'challenge': 'tls-alpn-01'}]} | domains[0].challenge is 'tls-alpn-01';"
                    + " allowed are dns-01, http-01",
            "{'domains': [{'name': '*.a.example', 'subdomains': true}]} | domains[0].subdomains is true for a wildcard;"
                    + " give the name without '*.' instead",
            "{'domains': [{'name': '*.a.example'}]} | domains[0].challenge is 'http-01'; a wildcard can be proven by"
                    + " dns-01 only",
            "{'domains': [{'name': 'a.example', 'challenge': 'dns-01'}]} | domains[0].provider is missing; dns-01 needs"
                    + " one",
            "{'domains': [{'name': 'a.example', 'provider': 'corp'}]} | domains[0].provider is given, but http-01 uses"
                    + " none",
            "{'domains': [{'name': 'a.example', 'challenge': 'dns-01', 'provider': 'x'}]} | domains[0].provider is 'x';"
                    + " there is no such DNS provider",
            "{'dnsProviders': [{'name': 'x', 'type': 'route66', 'settings': {}}]} | dnsProviders[0] can't be used: type"
                    + " 'route66': allowed is rfc2136",
            "{'dnsProviders': [{'name': 'x', 'type': 'rfc2136', 'settings': {'server': 's', 'keyName': 'k',"
                    + " 'keySecret': 'short'}}]} | dnsProviders[0] can't be used: Setting 'keySecret' must be the"
                    + " Base64 of at least 16 bytes, as tsig-keygen prints it",
            "{'apiKeys': [{'label': 'new', 'key': 'OTHER', 'domains': ['a.example']}]} | apiKeys[0].domains has"
                    + " 'a.example'; there is no such domain",
            "{'apiKeys': [{'label': 'shop', 'key': 'KEY'}]} | apiKeys[0].key is the key of 'portal' already",
    })
    void rejectsWhatCantBeAppliedNamingItsPlace(String content, String message) {
        apply(EVERYTHING);
        apply("{'apiKeys': [{'label': 'shop', 'key': '2f8fad5b-d9cb-469f-a165-70867728950e'}]}");
        assertThatExceptionOfType(WrongImport.class)
                .isThrownBy(() -> apply(content.replace("KEY", KEY).replace("OTHER", OTHER_KEY)))
                .withMessage("Import file: " + message)
                .withMessageNotContaining(KEY).withMessageNotContaining(OTHER_KEY);
    }

    @Test
    void appliesNothingOfAFileWhoseLastEntryIsWrong() {
        assertThatExceptionOfType(WrongImport.class).isThrownBy(() -> apply(EVERYTHING.replace(
                "'domains': ['example.com',", "'domains': ['nowhere.example',")));
        assertThat(rows("select count(*) from domain")).containsExactly("0");
        assertThat(rows("select count(*) from dns_provider")).containsExactly("0");
        assertThat(rows("select count(*) from api_key")).containsExactly("0");
    }

    private void apply(String content) {
        ImportFile file = ImportFile.read(write(content));
        database.inTransaction(entityManager -> {
            ConfigurationImport configuration = new ConfigurationImport();
            configuration.entityManager = entityManager;
            configuration.dnsProviders = ChallengesOfTests.dnsProviders(entityManager, MasterKeys.of(1));
            configuration.proofs = AdministrationOfTests.proofs(entityManager);
            configuration.audit = AuditTrails.of(entityManager);
            configuration.apply(file);
        });
    }

    private Path write(String content) {
        try {
            return Files.writeString(folder.resolve("import.json"), content.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each row as its values, separated by blanks. */
    private List<String> rows(String query) {
        return database.transactionally(entityManager -> {
            List<?> rows = entityManager.createNativeQuery(query).getResultList();
            return rows.stream().map(row -> row instanceof Object[] values
                    ? String.join(" ", Stream.of(values).map(String::valueOf).toList()) : String.valueOf(row)).toList();
        });
    }
}
