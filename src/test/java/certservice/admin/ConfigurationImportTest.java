package certservice.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.TestDatabase;
import certservice.challenge.ChallengesOfTests;
import certservice.settings.MasterKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void leavesAloneWhatTheFileDoesNotName() {
        apply(EVERYTHING);
        apply("{}");
        assertThat(rows("select count(*) from api_key_domain")).containsExactly("2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "{'domains': [{'name': 'a.example', 'challenge': 'tls-alpn-01'}]} | domains[0].challenge is 'tls-alpn-01';"
                    + " allowed are dns-01, http-01",
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
                    + " 'keySecret': 'short'}}]} | dnsProviders[0] can't be used: Setting 'keySecret' must be the Base64"
                    + " of at least 16 bytes, as tsig-keygen prints it",
            "{'apiKeys': [{'label': 'new', 'key': 'OTHER', 'domains': ['a.example']}]} | apiKeys[0].domains has"
                    + " 'a.example'; there is no such domain",
            "{'apiKeys': [{'label': 'new', 'key': 'KEY'}]} | apiKeys[0].key is the key of 'portal' already",
    })
    void rejectsWhatCantBeAppliedNamingItsPlace(String content, String message) {
        apply(EVERYTHING);
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
            configuration.solvers = ChallengesOfTests.solvers();
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
