package certservice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.settings.AcmeLimits.Limit;
import certservice.settings.Settings.Access;
import certservice.settings.Settings.ExternalAccountBinding;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Period;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final String SECRET = "c2VjcmV0LWhtYWMta2V5LW9mLXRoZS1jYQ";

    @TempDir
    Path folder;

    @Test
    void hasADefaultForEverything() {
        Settings settings = read(Map.of());
        assertThat(settings.dataDirectory()).isEqualTo(Path.of(System.getProperty("user.home"), ".certservice"));
        assertThat(settings.production().directory())
                .isEqualTo(URI.create("https://acme-v02.api.letsencrypt.org/directory"));
        assertThat(settings.staging().directory())
                .isEqualTo(URI.create("https://acme-staging-v02.api.letsencrypt.org/directory"));
        assertThat(settings.production().externalAccountBinding()).isEmpty();
        assertThat(settings.staging().externalAccountBinding()).isEmpty();
        assertThat(settings.production().limits()).isEqualTo(new AcmeLimits(
                Optional.of(new Limit(5, Duration.ofDays(7))), Optional.of(new Limit(50, Duration.ofDays(7))),
                Optional.of(new Limit(5, Duration.ofHours(1)))));
        assertThat(settings.staging().limits().areOff()).isTrue();
        assertThat(settings.acmeCaFile()).isEmpty();
        assertThat(settings.acmeContact()).isEmpty();
        assertThat(settings.acmeTermsAgreed()).isFalse();
        assertThat(settings.importFile()).isEmpty();
        assertThat(settings.issuanceTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.issuanceConcurrency()).isEqualTo(64);
        assertThat(settings.rsaStock()).isEqualTo(16);
        assertThat(settings.orderTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.orderRetention()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.recordsRetention()).isEqualTo(Period.ofYears(2));
        assertThat(settings.dnsResolvers()).isEmpty();
        assertThat(settings.access()).isEqualTo(new Access(List.of(), 20, Duration.ofMinutes(10)));
    }

    @Test
    void readsEverySettingByItsName() throws IOException, GeneralSecurityException {
        Path anchors = anchors();
        Path entries = Files.writeString(folder.resolve("import.json"), "{}");
        Settings settings = read(Map.ofEntries(
                Map.entry("certservice.data.dir", folder.toString()),
                Map.entry("certservice.acme.production", "https://ca.example/prod"),
                Map.entry("certservice.acme.staging", "https://ca.example/test"),
                Map.entry("certservice.acme.production.eab.kid", "prod-kid"),
                Map.entry("certservice.acme.production.eab.key", "prod-key"),
                Map.entry("certservice.acme.staging.eab.kid", "test-kid"),
                Map.entry("certservice.acme.staging.eab.key", "test-key"),
                Map.entry("certservice.acme.production.limits", "exact-set=2/P1D"),
                Map.entry("certservice.acme.staging.limits", "letsencrypt"),
                Map.entry("certservice.acme.ca-file", anchors.toString()),
                Map.entry("certservice.acme.contact", "pki@example.com"),
                Map.entry("certservice.acme.terms-agreed", "true"),
                Map.entry("certservice.import", entries.toString()),
                Map.entry("certservice.issuance.timeout", "PT45S"),
                Map.entry("certservice.issuance.concurrency", "7"),
                Map.entry("certservice.issuance.rsa-stock", "0"),
                Map.entry("certservice.order.timeout", "PT3M"),
                Map.entry("certservice.order.retention", "P2D"),
                Map.entry("certservice.records.retention", "P1Y6M"),
                Map.entry("certservice.dns.resolvers", "9.9.9.9, dns.example:5353 [2620:fe::fe]:53,2620:fe::9"),
                Map.entry("certservice.proxies", "192.0.2.7, 10.0.0.0/8 2001:db8::/32"),
                Map.entry("certservice.guessing.limit", "0"),
                Map.entry("certservice.guessing.window", "PT30S")));
        assertThat(settings.dataDirectory()).isEqualTo(folder);
        assertThat(settings.production().directory()).isEqualTo(URI.create("https://ca.example/prod"));
        assertThat(settings.production().externalAccountBinding())
                .contains(new ExternalAccountBinding("prod-kid", "prod-key"));
        assertThat(settings.staging().directory()).isEqualTo(URI.create("https://ca.example/test"));
        assertThat(settings.staging().externalAccountBinding())
                .contains(new ExternalAccountBinding("test-kid", "test-key"));
        assertThat(settings.production().limits()).isEqualTo(new AcmeLimits(
                Optional.of(new Limit(2, Duration.ofDays(1))), Optional.empty(), Optional.empty()));
        assertThat(settings.staging().limits()).isEqualTo(AcmeLimits.LETS_ENCRYPT);
        assertThat(settings.acmeCaFile()).contains(anchors);
        assertThat(settings.acmeContact()).contains(URI.create("mailto:pki@example.com"));
        assertThat(settings.acmeTermsAgreed()).isTrue();
        assertThat(settings.importFile()).contains(entries);
        assertThat(settings.issuanceTimeout()).isEqualTo(Duration.ofSeconds(45));
        assertThat(settings.issuanceConcurrency()).isEqualTo(7);
        assertThat(settings.rsaStock()).isZero();
        assertThat(settings.orderTimeout()).isEqualTo(Duration.ofMinutes(3));
        assertThat(settings.orderRetention()).isEqualTo(Duration.ofDays(2));
        assertThat(settings.recordsRetention()).isEqualTo(Period.of(1, 6, 0));
        assertThat(settings.dnsResolvers())
                .containsExactly("9.9.9.9", "dns.example:5353", "[2620:fe::fe]:53", "2620:fe::9");
        assertThat(settings.access()).isEqualTo(new Access(Stream.of("192.0.2.7/32", "10.0.0.0/8", "2001:db8::/32")
                .map(Network::parse).toList(), 0, Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "certservice.acme.production       | http://ca.example/dir        | the https URL of an ACME directory",
            "certservice.proxies               | proxy.example.com            | a list of addresses and networks",
            "certservice.proxies               | 10.1.0.0/8                   | a list of addresses and networks",
            "certservice.guessing.limit        | -1                           | a whole number from 0 to 1000000",
            "certservice.guessing.limit        | none                         | a whole number from 0 to 1000000",
            "certservice.guessing.window       | PT0S                         | from PT1S to PT24H",
            "certservice.guessing.window       | P2D                          | from PT1S to PT24H",
            "certservice.acme.production       | ca.example                   | the https URL of an ACME directory",
            "certservice.acme.staging          | https:///directory           | the https URL of an ACME directory",
            "certservice.acme.staging          | https://ca example           | the https URL of an ACME directory",
            "certservice.acme.production.limits| LetsEncrypt                  | letsencrypt, off, or a list such as",
            "certservice.acme.production.limits| exact-set                    | letsencrypt, off, or a list such as",
            "certservice.acme.production.limits| exact-set=5                  | letsencrypt, off, or a list such as",
            "certservice.acme.production.limits| exact-set=5/7                | letsencrypt, off, or a list such as",
            "certservice.acme.production.limits| exact-set=0/P7D              | letsencrypt, off, or a list such as",
            "certservice.acme.production.limits| exact-set=1000001/P7D        | letsencrypt, off, or a list such as",
            "certservice.acme.production.limits| exact-set=5/PT59S            | letsencrypt, off, or a list such as",
            "certservice.acme.production.limits| exact-set=5/P366D            | letsencrypt, off, or a list such as",
            "certservice.acme.production.limits| exact-set=5/P7D,             | letsencrypt, off, or a list such as",
            "certservice.acme.production.limits| exact-set=5/P7D/P7D          | letsencrypt, off, or a list such as",
            "certservice.acme.production.limits| new-orders=300/PT3H          | letsencrypt, off, or a list such as",
            "certservice.acme.production.limits| exact-set=1/P7D,exact-set=2/P7D | letsencrypt, off, or a list such as",
            "certservice.acme.staging.limits   | on                           | exact-set=5/P7D, registered-domain",
            "certservice.acme.ca-file          | /no/such/file.pem            | the path of a readable file",
            "certservice.acme.ca-file          | /                            | the path of a readable file",
            "certservice.acme.ca-file          | pom.xml                      | the path of a readable file",
            "certservice.import                | /no/such/file.json           | the path of a readable file",
            "certservice.acme.contact          | pki                          | an e-mail address",
            "certservice.acme.contact          | a@example.com,b@example.com  | an e-mail address",
            "certservice.acme.contact          | https://example.com          | an e-mail address",
            "certservice.acme.terms-agreed     | yes                          | true or false",
            "certservice.acme.terms-agreed     | TRUE                         | true or false",
            "certservice.issuance.timeout      | 120                          | from PT5S to PT1H",
            "certservice.issuance.timeout      | PT4.999S                     | from PT5S to PT1H",
            "certservice.issuance.timeout      | PT1H1S                       | from PT5S to PT1H",
            "certservice.issuance.timeout      | -PT2M                        | from PT5S to PT1H",
            "certservice.issuance.concurrency  | 0                            | a whole number from 1 to 1000",
            "certservice.issuance.concurrency  | 1001                         | a whole number from 1 to 1000",
            "certservice.issuance.concurrency  | many                         | a whole number from 1 to 1000",
            "certservice.issuance.concurrency  | 99999999999                  | a whole number from 1 to 1000",
            "certservice.issuance.rsa-stock    | -1                           | a whole number from 0 to 1000",
            "certservice.issuance.rsa-stock    | 1001                         | a whole number from 0 to 1000",
            "certservice.order.timeout         | 600                          | from PT10S to PT24H",
            "certservice.order.timeout         | PT9.999S                     | from PT10S to PT24H",
            "certservice.order.timeout         | PT24H1S                      | from PT10S to PT24H",
            "certservice.order.timeout         | P1M                          | from PT10S to PT24H",
            "certservice.order.retention       | 1 day                        | from PT1S to P7D",
            "certservice.order.retention       | PT0S                         | from PT1S to P7D",
            "certservice.order.retention       | P7DT1S                       | from PT1S to P7D",
            "certservice.order.retention       | -P1D                         | from PT1S to P7D",
            "certservice.records.retention     | 2Y                           | from P30D to P10Y",
            "certservice.records.retention     | P29D                         | from P30D to P10Y",
            "certservice.records.retention     | PT719H59M                    | from P30D to P10Y",
            "certservice.records.retention     | P10Y1D                       | from P30D to P10Y",
            "certservice.records.retention     | P999999999Y                  | from P30D to P10Y",
            "certservice.records.retention     | PT9223372036854775807S       | from P30D to P10Y",
            "certservice.records.retention     | -P2Y                         | from P30D to P10Y",
            "certservice.dns.resolvers         | dns://9.9.9.9                | a list of host or host:port",
            "certservice.dns.resolvers         | 9.9.9.9:0                    | a list of host or host:port",
            "certservice.dns.resolvers         | 9.9.9.9:65536                | a list of host or host:port",
            "certservice.dns.resolvers         | [2620:fe::fe]:99999          | a list of host or host:port",
    })
    void rejectsAWrongValueWithItsNameAndWhatIsAllowed(String name, String value, String allowed) {
        assertThatExceptionOfType(WrongSetting.class).isThrownBy(() -> read(Map.of(name, value)))
                .withMessageStartingWith("Setting " + name + " = '" + value + "': allowed is ")
                .withMessageContaining(allowed);
    }

    @Test
    void rejectsADataDirectoryThatIsNoPath() {
        assertThatExceptionOfType(WrongSetting.class)
                .isThrownBy(() -> read(Map.of("certservice.data.dir", "a\0b")))
                .withMessageContaining("certservice.data.dir")
                .withMessageContaining("the path of a folder that this server can write to");
    }

    @ParameterizedTest
    @CsvSource({"PT5S, 1, PT10S, PT1S", "PT1H, 1000, P1D, P7D"})
    void acceptsTheLimitsThemselves(String timeout, int concurrency, String orderTimeout, String retention) {
        Settings settings = read(Map.of("certservice.issuance.timeout", timeout,
                "certservice.issuance.concurrency", Integer.toString(concurrency),
                "certservice.order.timeout", orderTimeout, "certservice.order.retention", retention,
                "certservice.dns.resolvers", "9.9.9.9:1,9.9.9.9:65535"));
        assertThat(settings.issuanceTimeout()).isEqualTo(Duration.parse(timeout));
        assertThat(settings.orderTimeout()).isEqualTo(Duration.parse(orderTimeout));
        assertThat(settings.orderRetention()).isEqualTo(Duration.parse(retention));
        assertThat(settings.issuanceConcurrency()).isEqualTo(concurrency);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P30D", "PT720H", "P1M", "P120M", "P10Y", "P1DT800H"})
    void acceptsAPeriodOrADurationForRecords(String text) {
        Settings settings = read(Map.of("certservice.records.retention", text));
        assertThat(settings.recordsRetention())
                .isEqualTo(text.contains("T") ? Duration.parse(text) : Period.parse(text));
    }

    @Test
    void acceptsAContactThatIsAMailtoUriAlready() {
        assertThat(read(Map.of("certservice.acme.contact", "mailto:pki@example.com")).acmeContact())
                .contains(URI.create("mailto:pki@example.com"));
    }

    @Test
    void usesOneExternalAccountBindingForBothEnvironmentsUnlessOneHasItsOwn() {
        Settings settings = read(Map.of(
                "certservice.acme.eab.kid", "both", "certservice.acme.eab.key", "shared",
                "certservice.acme.staging.eab.kid", "test", "certservice.acme.staging.eab.key", "own"));
        assertThat(settings.production().externalAccountBinding())
                .contains(new ExternalAccountBinding("both", "shared"));
        assertThat(settings.staging().externalAccountBinding()).contains(new ExternalAccountBinding("test", "own"));
    }

    @Test
    void readsTheKeyOfTheExternalAccountBindingFromAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("eab"), SECRET + "\n");
        Settings settings = read(Map.of("certservice.acme.eab.kid", "kid",
                "certservice.acme.eab.key-file", file.toString()));
        assertThat(settings.staging().externalAccountBinding()).contains(new ExternalAccountBinding("kid", SECRET));
    }

    @Test
    void rejectsAnAccountKeyWithoutItsIdentifierAndDoesNotShowTheKey() {
        assertThatExceptionOfType(WrongSetting.class)
                .isThrownBy(() -> read(Map.of("certservice.acme.eab.key", SECRET)))
                .withMessageContaining("certservice.acme.production.eab.kid")
                .withMessageContaining("both eab.kid and eab.key, or none of them")
                .withMessageNotContaining(SECRET);
    }

    @Test
    void rejectsAnAccountIdentifierWithoutItsKey() {
        assertThatExceptionOfType(WrongSetting.class)
                .isThrownBy(() -> read(Map.of("certservice.acme.staging.eab.kid", "kid-7")))
                .withMessage("Setting certservice.acme.staging.eab.kid = 'kid-7': allowed is"
                        + " both eab.kid and eab.key, or none of them");
    }

    @Test
    void hidesTheKeyOfTheExternalAccountBindingInItsText() {
        Settings settings = read(Map.of("certservice.acme.eab.kid", "kid-7", "certservice.acme.eab.key", SECRET));
        assertThat(settings.toString()).contains("kid-7").doesNotContain(SECRET);
    }

    @Test
    void countsNoLimitsOfAnotherCaUnlessTold() {
        assertThat(read(Map.of("certservice.acme.production", "https://ca.example/directory")).production().limits())
                .isEqualTo(AcmeLimits.OFF);
        assertThat(read(Map.of("certservice.acme.production", "https://ca.example/directory",
                "certservice.acme.production.limits", "letsencrypt")).production().limits())
                .isEqualTo(AcmeLimits.LETS_ENCRYPT);
        assertThat(read(Map.of("certservice.acme.production.limits", "off")).production().limits())
                .isEqualTo(AcmeLimits.OFF);
    }

    @Test
    void readsLimitsInAnyOrderAndWithSpaces() {
        assertThat(read(Map.of("certservice.acme.staging.limits",
                "failed-validation = 1/PT1M ,registered-domain=1000000 / P365D")).staging().limits())
                .isEqualTo(new AcmeLimits(Optional.empty(), Optional.of(new Limit(1_000_000, Duration.ofDays(365))),
                        Optional.of(new Limit(1, Duration.ofMinutes(1)))));
    }

    @Test
    void reportsPropertiesThatLookLikeOursAndAreNone() {
        assertThat(Settings.unknown(Set.of("certservice.acme.term-agreed", "certservice.Import", "java.home",
                "certservice.import", "certservice.db.password-file", "certservice.acme.ca-file")))
                .containsExactly("certservice.Import", "certservice.acme.term-agreed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"certservice.import-file", "certservice.db.url-file", "certservice.data.dir-file"})
    void reportsAFileForASettingThatIsNoSecretSinceNobodyReadsIt(String name) {
        assertThat(Settings.unknown(Set.of(name))).containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"certservice.data.dir", "certservice.db.url", "certservice.db.user",
            "certservice.db.password", "certservice.db.password-file", "certservice.db.jndi",
            "certservice.master-key", "certservice.master-key-file", "certservice.acme.production",
            "certservice.acme.staging", "certservice.acme.ca-file", "certservice.acme.contact",
            "certservice.acme.terms-agreed", "certservice.acme.eab.kid", "certservice.acme.eab.key",
            "certservice.acme.eab.key-file", "certservice.acme.production.eab.kid",
            "certservice.acme.production.eab.key", "certservice.acme.production.eab.key-file",
            "certservice.acme.staging.eab.kid", "certservice.acme.staging.eab.key",
            "certservice.acme.staging.eab.key-file", "certservice.acme.production.limits",
            "certservice.acme.staging.limits", "certservice.import", "certservice.issuance.timeout",
            "certservice.issuance.concurrency", "certservice.issuance.rsa-stock", "certservice.order.timeout",
            "certservice.order.retention", "certservice.records.retention", "certservice.dns.resolvers",
            "certservice.proxies",
            "certservice.guessing.limit", "certservice.guessing.window"})
    void knowsEveryName(String name) {
        assertThat(Settings.unknown(Set.of(name))).isEmpty();
    }

    /** A PEM file with any certificate: one that this Java trusts. */
    private Path anchors() throws IOException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        byte[] anchor = ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()[0].getEncoded();
        return Files.writeString(folder.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(anchor) + "\n-----END CERTIFICATE-----\n");
    }

    private static Settings read(Map<String, String> values) {
        return SettingsOfTests.of(values);
    }
}
