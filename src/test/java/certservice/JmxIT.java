package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import certservice.harness.BuildDirectory;
import certservice.harness.CertserviceClient;
import certservice.harness.ManagementConnection;
import certservice.harness.TestBed;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanParameterInfo;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What administrators do over the server's own management connection, without any of our classes. */
class JmxIT {

    private static final String PASSWORD = "Secret-" + UUID.randomUUID();
    private static final String SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0";

    private static TestBed bed;

    private ManagementConnection management;

    @BeforeAll
    static void start() {
        bed = TestBed.in("jmx").management(PASSWORD).start();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @BeforeEach
    void connect() throws Exception {
        management = bed.server().management(bed.server().openManagement(PASSWORD), PASSWORD);
    }

    @AfterEach
    void disconnect() throws Exception {
        management.close();
    }

    @Test
    void showsEveryMBeanWithDescriptionsAndNamedParameters() throws Exception {
        assertThat(management.types()).containsExactly("AcmeAccounts", "ApiKeys", "Audit", "Certificates",
                "DnsProviders", "Domains", "Health", "Orders");
        for (String type : management.types()) {
            assertThat(management.info(type).getOperations()).isNotEmpty().allSatisfy(operation -> {
                assertThat(operation.getDescription()).isNotEqualTo(operation.getName()).endsWith(".");
                assertThat(Stream.of(operation.getSignature()).map(MBeanParameterInfo::getName))
                        .noneMatch(name -> name.matches("(arg|p)\\d+"));
            });
        }
    }

    @Test
    void showsHowTheNodeIs() throws Exception {
        assertThat(management.attribute("Health", "Status")).isEqualTo("UP");
        assertThat((String) management.attribute("Health", "Version")).isNotBlank();
        assertThat(Instant.parse((String) management.attribute("Health", "Started"))).isBefore(Instant.now());
        assertThat(management.attribute("Health", "Running")).isInstanceOf(Integer.class);
        assertThat((CompositeData[]) management.attribute("Health", "RefusedAddresses")).isEmpty();
        TabularData settings = (TabularData) management.attribute("Health", "Settings");
        assertThat(settings.get(new Object[] {"certservice.acme.terms-agreed"}).get("value")).isEqualTo("true");
        assertThat(settings.toString()).doesNotContain(bed.apiKey());
    }

    @Test
    void makesAKeyThatCallersUseAtOnceAndEndsItsUse() throws Exception {
        CompositeData made = invoke("ApiKeys", "create", "life", "example.com");
        String guid = (String) made.get("guid");
        String id = (String) details(made).get("id");
        assertThat(accepts(guid)).as("a new key").isTrue();
        assertThat(items(invoke("ApiKeys", "find", "life"))).extracting(key -> key.get("label"))
                .contains("life");
        assertThat(invoke("ApiKeys", "list").toString()).as("all keys").contains("life").doesNotContain(guid)
                .doesNotContain(bed.apiKey());

        invoke("ApiKeys", "disable", id);
        assertThat(accepts(guid)).as("a disabled key").isFalse();
        invoke("ApiKeys", "enable", id);
        assertThat(accepts(guid)).as("an enabled key").isTrue();
        invoke("ApiKeys", "expire", id, "2020-01-31T00:00:00Z");
        assertThat(accepts(guid)).as("an expired key").isFalse();
        CompositeData unexpired = invoke("ApiKeys", "expire", id, "");
        assertThat(unexpired.get("expires")).isNull();
        assertThat(accepts(guid)).as("a key that expires no more").isTrue();

        String second = (String) invoke("ApiKeys", "rotate", id, "PT1H").get("guid");
        assertThat(accepts(guid)).as("the old key while both are accepted").isTrue();
        assertThat(accepts(second)).as("the new key").isTrue();
        String third = (String) invoke("ApiKeys", "rotate", id, null).get("guid");
        assertThat(accepts(second)).as("the old key without an overlap").isFalse();
        assertThat(accepts(third)).as("the newest key").isTrue();

        management.invoke("ApiKeys", "delete", id);
        assertThat(accepts(third)).as("a deleted key").isFalse();
    }

    @Test
    void setsAllOfAKey() throws Exception {
        CompositeData made = invoke("ApiKeys", "create", "limited", "2099-01-31T00:00:00Z", "example.com",
                "192.0.2.0/24", "staging", "classic tlsserver", 5);
        assertThat(accepts((String) made.get("guid"))).as("from another network").isFalse();
        CompositeData details = details(made);
        assertThat((String[]) details.get("profiles")).containsExactlyInAnyOrder("classic", "tlsserver");
        assertThat(details.get("requestsPerDay")).isEqualTo(5);

        CompositeData changed = invoke("ApiKeys", "change", details.get("id"), "unlimited", true, "",
                "example.com, example.org", "", "", "", 0);
        assertThat(changed.get("label")).isEqualTo("unlimited");
        assertThat((String[]) changed.get("domains")).containsExactly("example.com", "example.org");
        assertThat(changed.get("requestsPerDay")).isNull();
        assertThat(accepts((String) made.get("guid"))).isTrue();
    }

    @Test
    void makesADomainAndAssociatesItWithAKey() throws Exception {
        assertThat((String[]) management.attribute("Domains", "Challenges")).contains("http-01", "dns-01");
        invoke("Domains", "create", "made.example.org", false, "http-01", "");
        String id = (String) details(invoke("ApiKeys", "create", "associated", "example.com")).get("id");

        assertThat((String[]) invoke("ApiKeys", "associate", id, "made.example.org").get("domains"))
                .containsExactly("example.com", "made.example.org");
        assertThat((String[]) invoke("Domains", "get", "made.example.org").get("keys")).containsExactly("associated");
        assertThat((String[]) invoke("ApiKeys", "dissociate", id, "made.example.org").get("domains"))
                .containsExactly("example.com");
        assertThat(invoke("Domains", "change", "made.example.org", true, "http-01", null).get("subdomains"))
                .isEqualTo(true);
        management.invoke("Domains", "delete", "made.example.org");
        assertThat(invoke("Domains", "find", "made.example.org").get("total")).isEqualTo(0L);
    }

    @Test
    void writesSettingsOfDnsProvidersAndNeverShowsThem() throws Exception {
        String settings = "{\"server\":\"127.0.0.1:1\",\"keyName\":\"key\",\"keySecret\":\"" + SECRET + "\"}";
        assertThat((String[]) management.attribute("DnsProviders", "Types")).contains("rfc2136");
        CompositeData made = invoke("DnsProviders", "create", "written", "rfc2136", settings);
        assertThat((String[]) made.get("settings")).containsExactly("keyName", "keySecret", "server");
        invoke("DnsProviders", "change", "written", "rfc2136", settings.replace(":1\"", ":2\""));

        assertThat(invoke("DnsProviders", "list").toString()).contains("written").doesNotContain(SECRET);
        assertThatThrownBy(() -> management.invoke("DnsProviders", "change", "written", "rfc2136",
                settings.replace("keyName", "keySecrets"))).hasMessageNotContaining(SECRET);
        management.invoke("DnsProviders", "delete", "written");
    }

    @Test
    void showsWhatWasOrderedAndIssued() throws Exception {
        assertThat(bed.client().cert("{\"staging\":true,\"domains\":\"shown.example.com\"}").status()).isEqualTo(200);

        CompositeData order = items(invoke("Orders", "find", "shown.example.com"))[0];
        assertThat(order.get("status")).isEqualTo("valid");
        assertThat(order.get("keyLabel")).isEqualTo("test");
        assertThat(((CompositeData[]) order.get("names"))[0].get("name")).isEqualTo("shown.example.com");
        assertThatThrownBy(() -> management.invoke("Orders", "cancel", order.get("id")))
                .isExactlyInstanceOf(IllegalStateException.class);
        assertThat((CompositeData[]) management.invoke("Orders", "running")).isEmpty();
        CompositeData certificate = items(invoke("Certificates", "find", "shown.example.com"))[0];
        assertThat(certificate.get("status")).isEqualTo("valid");
        assertThat(invoke("Certificates", "get", certificate.get("serial")).get("orderId")).isEqualTo(order.get("id"));
        assertThat((CompositeData[]) management.invoke("Certificates", "timeline", 30)).hasSize(30);
    }

    @Test
    void changesTheAccountWithWhichCertificatesAreOrdered() throws Exception {
        assertThat(bed.client().cert("{\"staging\":true,\"domains\":\"one.example.com\"}").status()).isEqualTo(200);
        assertThat(invoke("AcmeAccounts", "changeContact", "staging", "pki@example.com").get("contact"))
                .isEqualTo("pki@example.com");
        Object before = invoke("AcmeAccounts", "get", "staging").get("url");
        assertThat(invoke("AcmeAccounts", "rollOverKey", "staging").get("url")).isEqualTo(before);
        assertThat(bed.client().cert("{\"staging\":true,\"domains\":\"two.example.com\"}").status()).isEqualTo(200);
        assertThat((CompositeData[]) management.invoke("AcmeAccounts", "list")).extracting(
                account -> account.get("environment")).containsExactly("production", "staging");
    }

    @Test
    void saysWhatIsWrongWithAValueAndWhatIsAllowed() throws Exception {
        assertThatIllegalArgumentException().isThrownBy(() -> management.invoke("ApiKeys", "create", "", "example.com"))
                .withMessageContaining("label").withNoCause();
        assertThatIllegalArgumentException().isThrownBy(
                () -> management.invoke("ApiKeys", "create", "nowhere", "nowhere.test"))
                .withMessageContaining("nowhere.test");
        assertThatIllegalArgumentException().isThrownBy(
                () -> management.invoke("ApiKeys", "enable", UUID.randomUUID().toString())).withNoCause();
        assertThatIllegalArgumentException().isThrownBy(() -> management.invoke("ApiKeys", "page", "", 0, 1001))
                .withMessage("limit is 1001; allowed is 1 to 1000");
        invoke("ApiKeys", "create", "taken", "example.com");
        assertThatThrownBy(() -> management.invoke("ApiKeys", "create", "taken", "example.com"))
                .isExactlyInstanceOf(IllegalStateException.class).hasMessageContaining("taken");
    }

    @Test
    void auditsWhatWasDoneOverJmx() throws Exception {
        invoke("ApiKeys", "create", "audited", "example.com");

        CompositeData[] entries = items(invoke("Audit", "find", "audited"));
        assertThat(entries).isNotEmpty();
        assertThat(entries[entries.length - 1].get("actor")).isIn(bed.server().openManagement(PASSWORD), "jmx");
        assertThat((String[]) management.attribute("Audit", "Actions")).contains((String) entries[0].get("action"));
        assertThat((String[]) management.invoke("Audit", "verify")).isEmpty();
    }

    @Test
    void isThereAgainAfterAnUpgrade() throws Exception {
        Object before = deployment();
        management.close();
        bed.server().upgrade(BuildDirectory.war(), uri -> new CertserviceClient(uri).isReady());
        connect();

        assertThat(management.types()).hasSize(8);
        assertThat(deployment()).as("which deployment they are of").isNotEqualTo(before);
        assertThat(accepts((String) invoke("ApiKeys", "create", "upgraded", "example.com").get("guid"))).isTrue();
    }

    @Test
    void isForUsersOfTheServersManagementOnly() {
        String user = bed.server().openManagement(PASSWORD);

        assertThatThrownBy(() -> bed.server().management(user, "Wrong-1234").close())
                .isInstanceOfAny(SecurityException.class, IOException.class);
    }

    private Object deployment() throws IOException, JMException {
        return management.info("Health").getDescriptor().getFieldValue("deployment");
    }

    /** Without a domain in it a request ends with 400, but a wrong key with 401 before. */
    private static boolean accepts(String guid) {
        return bed.client().withKey(guid).cert("{\"staging\":true,\"domains\":\"\"}").status() == 400;
    }

    private CompositeData invoke(String type, String operation, Object... arguments)
            throws IOException, JMException {
        return (CompositeData) management.invoke(type, operation, arguments);
    }

    private static CompositeData details(CompositeData made) {
        return (CompositeData) made.get("details");
    }

    private static CompositeData[] items(CompositeData page) {
        return (CompositeData[]) page.get("items");
    }
}
