package certservice.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.admin.ImportFile.ApiKeyEntry;
import certservice.admin.ImportFile.DomainEntry;
import certservice.apikey.ApiKeyGuid;
import certservice.apikey.KeyPolicy;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.settings.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON is written with single quotes here. */
class ImportFileTest {

    private static final String KEY = "0f8fad5b-d9cb-469f-a165-70867728950e";

    @TempDir
    Path folder;

    @Test
    void readsEveryField() {
        ImportFile file = read("{'dnsProviders': [{'name': 'corp', 'type': 'rfc2136', 'settings': {'server': 'ns1'}}],"
                + "'domains': [{'name': 'Example.COM', 'subdomains': true, 'challenge': 'http-01'},"
                + "{'name': '*.example.org', 'challenge': 'dns-01', 'provider': 'corp'}],"
                + "'apiKeys': [{'label': 'portal', 'key': '{" + KEY + "}', 'enabled': false,"
                + "'expires': '2027-01-31T00:00:00Z', 'domains': ['example.com', '*.EXAMPLE.org.'],"
                + "'networks': ['192.0.2.0/24', '2001:DB8::1'], 'environments': ['staging'],"
                + "'profiles': ['classic', 'shortlived'], 'requestsPerDay': 7}]}");
        assertThat(file.dnsProviders()).singleElement().satisfies(provider -> {
            assertThat(provider.name()).isEqualTo("corp");
            assertThat(provider.type()).isEqualTo("rfc2136");
            assertThat(provider.settings().getString("server")).isEqualTo("ns1");
        });
        assertThat(file.domains()).containsExactly(
                new DomainEntry(DomainName.of("example.com"), true, "http-01", Optional.empty()),
                new DomainEntry(DomainName.of("*.example.org"), false, "dns-01", Optional.of("corp")));
        assertThat(file.apiKeys()).containsExactly(new ApiKeyEntry("portal", ApiKeyGuid.parse(KEY).orElseThrow(),
                false, Optional.of(Instant.parse("2027-01-31T00:00:00Z")),
                List.of(DomainName.of("example.com"), DomainName.of("*.example.org")),
                new KeyPolicy(List.of(Network.parse("192.0.2.0/24"), Network.parse("2001:db8::1")),
                        Set.of(Environment.STAGING), Set.of(Profile.CLASSIC, Profile.SHORTLIVED), Optional.of(7))));
    }

    @Test
    void hasDefaultsForWhatMayBeLeftOut() {
        ImportFile file = read("{'domains': [{'name': 'example.com'}],"
                + "'apiKeys': [{'label': 'portal', 'key': '" + KEY + "'}]}");
        assertThat(file.dnsProviders()).isEmpty();
        assertThat(file.domains()).containsExactly(
                new DomainEntry(DomainName.of("example.com"), false, "http-01", Optional.empty()));
        assertThat(file.apiKeys()).containsExactly(new ApiKeyEntry("portal", ApiKeyGuid.parse(KEY).orElseThrow(),
                true, Optional.empty(), List.of(), KeyPolicy.NONE));
    }

    @Test
    void readsAFileWithNothingInIt() {
        assertThat(read("{}")).isEqualTo(new ImportFile(List.of(), List.of(), List.of()));
    }

    /** Editors on Windows put a byte order mark in front. */
    @Test
    void readsAFileWithAByteOrderMark() {
        assertThat(read("\ufeff{'domains': [{'name': 'example.com'}]}").domains()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "null", "{", "{'domains': []", "{'domains': [],}", "{} {}", "{}x",
            "{'a': 'b' 'c'}", "domains: []"})
    void rejectsWhatIsNotOneJsonObject(String content) {
        assertRejected(content, "the file is not a JSON object in UTF-8");
    }

    @Test
    void rejectsAnEndlessNestingLikeAnyOtherBrokenFile() {
        assertRejected("{'domains': " + "[".repeat(100_000), "the file is not a JSON object in UTF-8");
    }

    @Test
    void rejectsAFileInAnotherEncoding() throws IOException {
        Path file = Files.write(folder.resolve("latin1.json"),
                "{\"apiKeys\": [{\"label\": \"Büro\"}]}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatExceptionOfType(WrongImport.class).isThrownBy(() -> ImportFile.read(file))
                .withMessage("Import file: the file is not a JSON object in UTF-8");
    }

    @Test
    void rejectsAFileThatIsNotThere() {
        assertThatExceptionOfType(WrongImport.class).isThrownBy(() -> ImportFile.read(folder.resolve("nowhere")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "{'domain': []}                         | the file has a field 'domain'; allowed are apiKeys, dnsProviders,"
                    + " domains",
            "{'domains': {}}                        | the file.domains is not an array",
            "{'domains': null}                      | the file.domains is not an array",
            "{'domains': ['example.com']}           | domains[0] is not an object",
            "{'domains': [{}]}                      | domains[0].name is missing",
            "{'domains': [{'name': ' '}]}           | domains[0].name is missing",
            "{'domains': [{'name': 7}]}             | domains[0].name is not a string",
            "{'domains': [{'name': 'localhost'}]}   | domains[0].name is wrong: 'localhost' is not a valid DNS name: it"
                    + " needs at least two parts, as in 'example.com'",
            "{'domains': [{'name': 'a.example', 'wildcard': true}]} | domains[0] has a field 'wildcard'; allowed are"
                    + " challenge, name, provider, subdomains",
            "{'domains': [{'name': 'a.example', 'subdomains': 'yes'}]} | domains[0].subdomains is neither true nor"
                    + " false",
            "{'domains': [{'name': 'a.example', 'subdomains': null}]}  | domains[0].subdomains is neither true nor"
                    + " false",
            "{'domains': [{'name': 'a.example', 'challenge': 1}]}     | domains[0].challenge is not a string",
            "{'domains': [{'name': 'a.example', 'provider': []}]}     | domains[0].provider is not a string",
            "{'domains': [{'name': 'a.example'}, {'name': 'A.EXAMPLE.'}]} | domains[1].name stands in an earlier entry"
                    + " already",
            "{'dnsProviders': [{}]}                 | dnsProviders[0].name is missing",
            "{'dnsProviders': [{'name': 'corp dns', 'type': 'rfc2136', 'settings': {}}]} | dnsProviders[0].name is"
                    + " 'corp dns'; allowed are 1 to 100 letters, digits, dots, hyphens and underscores, of which the"
                    + " first is a letter or digit",
            "{'dnsProviders': [{'name': 'corp'}]}   | dnsProviders[0].type is missing",
            "{'dnsProviders': [{'name': 'corp', 'type': 'rfc2136'}]}  | dnsProviders[0].settings is missing",
            "{'dnsProviders': [{'name': 'corp', 'type': 'rfc2136', 'settings': 's3cret'}]} | dnsProviders[0].settings"
                    + " is not an object",
            "{'dnsProviders': [{'name': 'corp', 'kind': 'rfc2136'}]}  | dnsProviders[0] has a field 'kind'; allowed are"
                    + " name, settings, type",
            "{'dnsProviders': [{'name': 'a', 'type': 'b', 'settings': {}}, {'name': 'a', 'type': 'b', 'settings': {}}]}"
                    + " | dnsProviders[1].name stands in an earlier entry already",
            "{'apiKeys': [{'label': 'portal'}]}     | apiKeys[0].key is missing",
            "{'apiKeys': [{'key': 'KEY'}]}          | apiKeys[0].label is missing",
            "{'apiKeys': [{'label': 'portal', 'key': 's3cret'}]} | apiKeys[0].key is not a GUID (its value is not shown"
                    + " here); 'uuidgen -r' makes one",
            "{'apiKeys': [{'label': 'portal', 'key': 'KEY', 'active': true}]} | apiKeys[0] has a field 'active';"
                    + " allowed are domains, enabled, environments, expires, key, label, networks, profiles,"
                    + " requestsPerDay",
            "{'apiKeys': [{'label': 'portal', 'key': 'KEY', 'networks': ['10.0.0.0/8', '10.1.0.0/8']}]} |"
                    + " apiKeys[0].networks[1] is '10.1.0.0/8': the network is 10.0.0.0/8",
            "{'apiKeys': [{'label': 'portal', 'key': 'KEY', 'networks': ['intranet']}]} | apiKeys[0].networks[0] is"
                    + " 'intranet': not an address or a network such as 192.0.2.0/24 or 2001:db8::/32",
            "{'apiKeys': [{'label': 'portal', 'key': 'KEY', 'environments': ['test']}]} | apiKeys[0].environments[0] is"
                    + " 'test'; allowed are production, staging",
            "{'apiKeys': [{'label': 'portal', 'key': 'KEY', 'profiles': ['Classic']}]} | apiKeys[0].profiles[0] is"
                    + " 'Classic'; allowed are classic, shortlived, tlsserver",
            "{'apiKeys': [{'label': 'portal', 'key': 'KEY', 'requestsPerDay': 0}]} | apiKeys[0].requestsPerDay is 0;"
                    + " allowed is a whole number from 1 to 1000000",
            "{'apiKeys': [{'label': 'portal', 'key': 'KEY', 'requestsPerDay': 1.5}]} | apiKeys[0].requestsPerDay is"
                    + " 1.5; allowed is a whole number from 1 to 1000000",
            "{'apiKeys': [{'label': 'portal', 'key': 'KEY', 'requestsPerDay': '7'}]} | apiKeys[0].requestsPerDay is"
                    + " not a number",
            "{'apiKeys': [{'label': 'portal', 'key': 'KEY', 'enabled': 1}]} | apiKeys[0].enabled is neither true nor"
                    + " false",
            "{'apiKeys': [{'label': 'portal', 'key': 'KEY', 'expires': '2027-01-31'}]} | apiKeys[0].expires is"
                    + " '2027-01-31'; allowed is a moment such as 2027-01-31T00:00:00Z",
            "{'apiKeys': [{'label': 'portal', 'key': 'KEY', 'domains': 'a.example'}]} | apiKeys[0].domains is not an"
                    + " array of texts",
            "{'apiKeys': [{'label': 'portal', 'key': 'KEY', 'domains': ['a.example', '-']}]} | apiKeys[0].domains[1] is"
                    + " wrong: '-' is not a valid DNS name: a part between two dots must not begin or end with a"
                    + " hyphen",
            "{'apiKeys': [{'label': 'a', 'key': 'KEY'}, {'label': 'a', 'key': '1f8fad5b-d9cb-469f-a165-70867728950e'}]}"
                    + " | apiKeys[1].label stands in an earlier entry already",
            "{'apiKeys': [{'label': 'a', 'key': 'KEY'}, {'label': 'b', 'key': '{KEY}'}]} | apiKeys[1].key stands in an"
                    + " earlier entry already",
    })
    void rejectsAnEntryNamingItsPlaceAndWhatIsAllowed(String content, String message) {
        assertRejected(content.replace("KEY", KEY), message);
    }

    /** As long as the columns of the database. */
    @ParameterizedTest
    @CsvSource({"label", "name"})
    void rejectsANameThatIsTooLong(String field) {
        String longName = "x".repeat(101);
        String content = field.equals("label")
                ? "{'apiKeys': [{'label': '" + longName + "', 'key': '" + KEY + "'}]}"
                : "{'dnsProviders': [{'name': '" + longName + "', 'type': 'rfc2136', 'settings': {}}]}";
        assertRejected(content, field.equals("label") ? "apiKeys[0].label is longer than 100 characters"
                : "dnsProviders[0].name is '" + "x".repeat(80) + "…'; allowed are 1 to 100 letters, digits, dots,"
                + " hyphens and underscores, of which the first is a letter or digit");
        assertThat(read(content.replace(longName, longName.substring(1)))).isNotNull();
    }

    @Test
    void hidesKeysAndSettingsInItsText() {
        assertThat(read("{'dnsProviders': [{'name': 'corp', 'type': 'rfc2136', 'settings': {'keySecret': 's3cret'}}],"
                + "'apiKeys': [{'label': 'portal', 'key': '" + KEY + "'}]}").toString())
                .contains("corp", "portal").doesNotContain("s3cret").doesNotContain(KEY);
    }

    private void assertRejected(String content, String message) {
        assertThatExceptionOfType(WrongImport.class).isThrownBy(() -> read(content))
                .withMessage("Import file: " + message)
                .withMessageNotContaining(KEY).withMessageNotContaining("s3cret").withNoCause();
    }

    private ImportFile read(String content) {
        try {
            return ImportFile.read(Files.writeString(folder.resolve("import.json"), content.replace('\'', '"')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
