package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.AdminClient;
import certservice.harness.Browser;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an administrator sees of orders, certificates, the audit log and the accounts, and does about them. */
class AdminPageOrdersIT {

    private static TestBed bed;
    private final String name = "page-" + UUID.randomUUID().toString().substring(0, 8) + ".example.com";
    private Browser browser;

    @BeforeAll
    static void start() {
        assumeThat(Browser.isAvailable()).as("Chromium is installed").isTrue();
        bed = TestBed.shared();
    }

    @BeforeEach
    void logIn() {
        browser = new Browser(bed.baseUri()).logIn(bed.admin());
    }

    @AfterEach
    void close() {
        browser.close();
    }

    @Test
    void findsAnOrderAndItsCertificateAndRevokesIt() {
        issue(name);

        browser.open("/admin/orders.xhtml?q=" + name).await(name).photograph("orders-found-1280").follow(name)
                .await("Asked for").await("valid");
        browser.photograph("order-1280").width(Browser.NARROW).photograph("order-400").width(Browser.WIDE);
        assertThat(browser.barriers()).isEmpty();
        browser.open("/admin/certificates.xhtml?q=" + name).await("not replaced").photograph("certificates-found-1280");
        browser.width(Browser.NARROW).photograph("certificates-found-400").width(Browser.WIDE);
        assertThat(browser.barriers()).isEmpty();
        browser.follow(name).await("Serial").photograph("certificate-1280");
        browser.unfold("Revoke").choose("Reason", "superseded").press("Revoke certificate").await("is not revoked");
        browser.check("I know that it can't be taken back", true).press("Revoke certificate").await("is revoked");

        browser.open("/admin/certificates.xhtml?status=revoked&q=" + name).await(name);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void showsExpiriesAsAChartAndAsATable() {
        issue(name);

        browser.open("/admin/certificates.xhtml").await("within 90 days").unfold("As a table")
                .await("Of these replaced");
        assertThat(browser.text()).containsPattern("\\b[1-9][0-9]* certificates? expires? within 90 days");
        assertThat(browser.source()).contains("<svg");
    }

    @Test
    void showsWhatFailedAndTriesItAgain() {
        assumeThat(bed.bind()).as("a DNS server with a zone that fails").isPresent();
        AdminClient admin = new AdminClient(bed.baseUri(), bed.admin());
        assertThat(admin.send("POST", "/domains", "{\"name\":\"broken.test\"}").status()).isEqualTo(201);
        String key = admin.send("POST", "/keys", "{\"label\":\"broken-" + UUID.randomUUID()
                + "\",\"domains\":[\"broken.test\"]}").json().asJsonObject().getString("guid");
        Response failed = bed.client().withKey(key).cert("{\"staging\":true,\"domains\":\"broken.test\"}");
        assertThat(failed.status()).as("%s", failed).isEqualTo(500);

        browser.open("/admin/orders.xhtml?status=invalid&q=broken.test").await("invalid").follow("broken.test")
                .await("Asked for").press("Try again").await("The order is tried again.");
        browser.open("/admin/overview.xhtml").await("Failed last").photograph("overview-failed-1280");
    }

    @Test
    void followsARunningOrder() throws Exception {
        browser.open("/admin/orders.xhtml").await("Running now");
        Response accepted = bed.client().cert("{\"staging\":true,\"domains\":\"" + name + "\"}", "Prefer",
                "respond-async");
        assertThat(accepted.status()).isEqualTo(202);

        browser.await("Running now: 0").open("/admin/orders.xhtml?q=" + name).await(name);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void findsOutWhoDidWhatAndThatNobodyChangedIt() {
        String label = "page-" + UUID.randomUUID().toString().substring(0, 8);
        browser.open("/admin/key.xhtml").fill("Label", label).fill("Domains", "example.org").press("Create key")
                .await("The key, this once");

        browser.open("/admin/audit.xhtml").fill("Search", label).press("Search").await(bed.admin().name());
        browser.photograph("audit-found-1280").press("Verify the log")
                .await("Nobody has changed, removed or inserted an entry.");
        Response export = bed.client().get("/admin/audit.jsonl", "Cookie", browser.cookies());
        assertThat(export.status()).isEqualTo(200);
        assertThat(export.header("Content-Disposition")).contains("attachment");
        assertThat(export.text().lines()).isNotEmpty().allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(bed.client().get("/admin/audit.jsonl?from=tomorrow", "Cookie", browser.cookies()).status())
                .isEqualTo(400);
        Response anonymous = bed.client().get("/admin/audit.jsonl");
        assertThat(anonymous.text() + anonymous.header("Location")).as("the login, or the way there")
                .containsAnyOf("j_security_check", "/admin/login.xhtml");
    }

    @Test
    void givesTheAccountAnotherContactAndAnotherKey() {
        issue(name);

        browser.open("/admin/accounts.xhtml").await("staging").photograph("accounts-1280");
        browser.unfold("Change the contact").fill("E-mail address for staging", "ops@example.com")
                .press("Tell the CA").await("ops@example.com");
        browser.unfold("Change the key").press("Change key").await("The key is not changed");
        browser.check("Change the key of the account in staging", true).press("Change key").await("has a new key");

        issue("after-" + name);
    }

    private static void issue(String domain) {
        Response response = bed.client().cert("{\"staging\":true,\"domains\":\"" + domain + "\"}");
        assertThat(response.status()).as(response.toString()).isEqualTo(200);
    }
}
