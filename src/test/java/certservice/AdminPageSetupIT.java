package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.Browser;
import certservice.harness.TestBed;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How an administrator sets up domains and DNS providers on the page. */
class AdminPageSetupIT {

    private static final String SECRET = "c2VjcmV0LW9mLXRoZS1wYWdlLXRlc3Q=";

    private static TestBed bed;
    private final String unique = UUID.randomUUID().toString().substring(0, 8);
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
    void createsChangesAndDeletesADomain() {
        String name = unique + ".example.com";
        browser.open("/admin/domains.xhtml").follow("New domain").await("What it is");
        browser.fill("Name", name).choose("Proven by", "http-01").press("Create domain").await("is created");
        assertThat(browser.text()).contains(name, "not permitted", "not yet");
        browser.photograph("domain-created-1280");

        browser.check("Permit everything below it, and its wildcard", true).press("Save").await("is saved")
                .await("permitted too");
        browser.open("/admin/domains.xhtml?q=" + unique).await(name).await("and below");

        browser.follow(name).await("Last validated").unfold("Delete").press("Delete domain for good")
                .await("is deleted");
        browser.open("/admin/domains.xhtml?q=" + unique).await("There is no such domain.");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithADomain() {
        browser.open("/admin/domain.xhtml").fill("Name", "not a name").press("Create domain").await("not a name");
        assertThat(browser.valueOf("Name")).isEqualTo("not a name");
        browser.fill("Name", "example.org").choose("Proven by", "http-01").press("Create domain")
                .await("is there already");
        assertThat(browser.hasButton("Create domain")).isTrue();
    }

    @Test
    void createsADnsProviderWhoseSecretsAreNeverShownAgain() {
        String name = "page-" + unique;
        browser.open("/admin/providers.xhtml").follow("New DNS provider").await("What it is");
        browser.fill("Name", name).choose("Type", "rfc2136")
                .fill("Settings", settings(SECRET)).photograph("provider-typed-1280").press("Create DNS provider")
                .await("is created");
        assertThat(browser.text()).contains("keySecret");
        assertThat(browser.source()).doesNotContain(SECRET);
        assertThat(browser.valueOf("Settings")).isEmpty();

        browser.fill("Settings", "{\"server\": \"127.0.0.1:5353\", \"keyName\": \"k\","
                + " \"keyAlgorithm\": \"hmac-sha512\", \"keySecret\": \"" + SECRET + "\"}")
                .press("Replace").await("has new settings");
        assertThat(browser.source()).doesNotContain(SECRET);

        browser.unfold("Delete").press("Delete DNS provider for good").await("is deleted");
        browser.open("/admin/providers.xhtml?q=" + unique).await("There is no such DNS provider.");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void quotesNoSecretWhenSettingsAreWrong() {
        browser.open("/admin/provider.xhtml").fill("Name", "page-" + unique).choose("Type", "rfc2136")
                .fill("Settings", "keySecret " + SECRET).press("Create DNS provider").await("Line 1 of the settings");
        assertThat(browser.source()).doesNotContain(SECRET);
        browser.fill("Settings", "unknown=" + SECRET).press("Create DNS provider").await("unknown");
        assertThat(browser.text()).doesNotContain(SECRET);
    }

    @Test
    void keepsADnsProviderThatADomainIsProvenBy() {
        String provider = "page-" + unique;
        String domain = unique + ".example.net";
        browser.open("/admin/provider.xhtml").fill("Name", provider).choose("Type", "rfc2136")
                .fill("Settings", settings(SECRET)).press("Create DNS provider").await("is created");
        browser.open("/admin/domain.xhtml").fill("Name", domain).choose("Proven by", "dns-01")
                .choose("DNS provider", provider).press("Create domain").await("is created");

        browser.open("/admin/provider.xhtml?name=" + provider).await("Proves domains").unfold("Delete")
                .press("Delete DNS provider for good").awaitGone("Log in");
        browser.open("/admin/providers.xhtml?q=" + unique).await(provider);
        browser.open("/admin/domain.xhtml?name=" + domain).await("published by " + provider);
    }

    private static String settings(String secret) {
        return "server=127.0.0.1:5353\nkeyName=k\nkeyAlgorithm=hmac-sha256\nkeySecret=" + secret;
    }
}
