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

/** What an administrator does with API keys on the page, and what callers notice of it. */
class AdminPageKeysIT {

    private static final String CREATED = "The key, this once";

    private static TestBed bed;
    private final String label = "page-" + UUID.randomUUID().toString().substring(0, 8);
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
    void createsAKeyThatIsShownOnce() {
        String key = create();

        assertThat(accepts(key)).isTrue();
        browser.photograph("key-created-1280").width(Browser.NARROW).photograph("key-created-400").width(Browser.WIDE);
        assertThat(browser.barriers()).isEmpty();
        browser.press("Copy").await("Copied");
        browser.open("/admin/keys.xhtml").fill("Search labels, ids and domains", label).press("Search").await(label);
        assertThat(browser.source()).doesNotContain(key);
        browser.follow(label).await("Last used");
        assertThat(browser.source()).doesNotContain(key);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithAKeyAndKeepsWhatWasTypedIn() {
        browser.open("/admin/key.xhtml").fill("Label", label).fill("Domains", "nowhere.example").press("Create key")
                .await("there is no such domain");
        assertThat(browser.valueOf("Label")).isEqualTo(label);

        browser.fill("Domains", "example.org").fill("From these networks only", "300.1.1.1/8").press("Create key")
                .await("300.1.1.1/8");
        browser.fill("From these networks only", "").fill("Requests a day", "many").press("Create key")
                .await("Requests a day is 'many'");
        browser.fill("Requests a day", "10").press("Create key").await(CREATED);
    }

    @Test
    void switchesAKeyOffAndOnAndLetsItExpire() {
        String key = create();

        browser.press("Disable").await("is disabled");
        assertThat(accepts(key)).isFalse();
        browser.press("Enable").await("is enabled");
        assertThat(accepts(key)).isTrue();
        browser.press("Let it expire now").await("has expired");
        assertThat(accepts(key)).isFalse();
    }

    @Test
    void restrictsAKey() {
        String key = create();
        assertThat(accepts(key)).isTrue();

        browser.fill("From these networks only", "192.0.2.0/24\n2001:db8::/32").check("staging", true)
                .check("shortlived", true).fill("Requests a day", "5").fill("Expires (UTC)", "2099-01-31T12:00")
                .press("Save").await("is saved");

        assertThat(accepts(key)).as("from another network").isFalse();
        browser.open("/admin/keys.xhtml?q=" + label).follow(label).await("2099-01-31 12:00 UTC").await("0 of 5");
        assertThat(browser.valueOf("From these networks only")).contains("192.0.2.0/24", "2001:db8::/32");
        browser.fill("From these networks only", "127.0.0.0/8\n::1/128").press("Save").await("is saved");
        assertThat(accepts(key)).as("from this network").isTrue();
    }

    @Test
    void givesAKeyANewValueAndAcceptsTheOldOneForAWhile() {
        String old = create();

        browser.open("/admin/keys.xhtml?q=" + label).follow(label).await("Last used");
        browser.unfold("Rotate").fill("Days that the old value is accepted too (0 to 90)", "7").press("Rotate key")
                .await(CREATED);

        String fresh = browser.valueOf("Key of " + label);
        assertThat(fresh).isNotEqualTo(old);
        assertThat(accepts(old)).isTrue();
        assertThat(accepts(fresh)).isTrue();
        browser.await("accepted until");
        browser.unfold("Rotate").fill("Days that the old value is accepted too (0 to 90)", "0").press("Rotate key")
                .awaitNowhere(fresh);
        assertThat(accepts(old)).isFalse();
    }

    @Test
    void deletesAKey() {
        String key = create();

        browser.unfold("Delete").press("Delete key for good").await("is deleted");

        assertThat(browser.address().getPath()).isEqualTo("/admin/keys.xhtml");
        assertThat(accepts(key)).isFalse();
        browser.open("/admin/keys.xhtml?q=" + label).await("There is no such key.");
    }

    @Test
    void doesNotOverwriteWhatAnotherAdministratorHasChanged() {
        create();
        browser.open("/admin/keys.xhtml?q=" + label).follow(label).await("Last used");
        try (Browser other = new Browser(bed.baseUri()).logIn(bed.admin())) {
            other.open("/admin/keys.xhtml?q=" + label).follow(label).await("Last used");
            other.fill("Requests a day", "7").press("Save").await("is saved");
        }

        browser.fill("Requests a day", "9").press("Save").await("meanwhile");
    }

    private String create() {
        browser.open("/admin/key.xhtml").fill("Label", label).fill("Domains", "example.org").press("Create key")
                .await(CREATED);
        return browser.valueOf("Key of " + label);
    }

    /** Without a domain in it a request ends with 400, but a wrong key with 401 before. */
    private boolean accepts(String key) {
        return bed.client().withKey(key).cert("{\"staging\":true,\"domains\":\"\"}").status() == 400;
    }
}
