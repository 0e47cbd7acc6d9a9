package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.Browser;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.ServerUser;
import certservice.harness.TestBed;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Cookie;

/** Who gets into the pages for administrators, and what every one of these pages keeps. */
class AdminPageIT {

    static final List<String> PAGES = List.of("overview", "keys", "key", "domains", "domain", "providers", "provider",
            "orders", "certificates", "accounts", "audit");
    private static final List<String> FORM = List.of("Content-Type", "application/x-www-form-urlencoded");
    private static final String LOGIN = "/admin/login.xhtml";

    private static TestBed bed;
    private Browser browser;

    @BeforeAll
    static void start() {
        assumeThat(Browser.isAvailable()).as("Chromium is installed").isTrue();
        bed = TestBed.shared();
    }

    @BeforeEach
    void open() {
        browser = new Browser(bed.baseUri());
    }

    @AfterEach
    void close() {
        browser.close();
    }

    @Test
    void letsInWhoIsAnAdministratorOfTheServerAndNobodyElse() {
        browser.open("/admin/keys.xhtml");
        assertThat(browser.title()).startsWith("Log in");
        browser.photograph("login-1280");
        assertThat(browser.barriers()).isEmpty();

        browser.fill("User name", bed.admin().name()).fill("Password", "Wrong-1234").press("Log in")
                .await("User name or password is wrong.");
        browser.fill("User name", bed.admin().name()).fill("Password", bed.admin().password()).press("Log in")
                .await("Log out");

        assertThat(browser.address().getPath()).isEqualTo("/admin/keys.xhtml");
        assertThat(browser.complaints()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin", "/admin/"})
    void leadsToTheOverview(String path) {
        browser.logIn(bed.admin()).open(path).await("Certificates");

        assertThat(browser.address().getPath()).isEqualTo("/admin/overview.xhtml");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void forgetsTheUserAtTheLogout() {
        browser.logIn(bed.admin());
        String before = browser.cookies();

        browser.press("Log out").await("TLS certificates from an ACME certificate authority");

        browser.open("/admin/overview.xhtml");
        assertThat(browser.title()).startsWith("Log in");
        assertThat(askedToLogIn("/admin/overview.xhtml", "Cookie", before).text()).contains("j_security_check");
    }

    @Test
    void keepsTheSessionInACookieThatScriptsAndOtherSitesDoNotGet() {
        browser.logIn(bed.admin());

        Cookie cookie = browser.cookie("certservice-session").orElseThrow();
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.isSecure()).isTrue();
        if (!bed.server().name().equals("glassfish")) {
            assertThat(cookie.getSameSite()).isEqualTo("Strict");
        }
        assertThat(browser.source()).doesNotContain(cookie.getValue());
        browser.cookie("LtpaToken2").ifPresent(liberty -> {
            assertThat(liberty.isHttpOnly()).isTrue();
            assertThat(liberty.getSameSite()).isEqualTo("Strict");
        });
    }

    @Test
    void showsAuditorsEverythingAndLetsThemChangeNothing() {
        browser.logIn(bed.auditor()).await("auditor, read only");
        for (String page : PAGES) {
            browser.open("/admin/" + page + ".xhtml").await("Log out");
            assertThat(browser.buttons()).as("buttons of " + page)
                    .isSubsetOf("Log out", "Search", "Look again", "Verify the log");
        }
    }

    @Test
    void hasPagesThatEveryoneCanUseInLightAndDarkAndOnAPhone() {
        browser.logIn(bed.admin());
        for (String page : PAGES) {
            for (boolean dark : new boolean[] {false, true}) {
                for (int width : new int[] {Browser.WIDE, Browser.NARROW}) {
                    String name = page + "-" + width + (dark ? "-dark" : "");
                    browser.width(width).dark(dark).open("/admin/" + page + ".xhtml").await("Log out");
                    browser.photograph(name);
                    assertThat(browser.barriers()).as("barriers of " + name).isEmpty();
                    assertThat(browser.overhang()).as("pixels beyond the window of " + name).isNotPositive();
                }
            }
            assertThat(browser.complaints()).as("complaints about " + page).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("PAGES")
    void allowsNoFrameNoForeignScriptAndNoCopyInACache(String page) {
        Response response = askedToLogIn("/admin/" + page + ".xhtml");

        assertThat(response.text()).contains("j_security_check");
        assertHeaders(response);
    }

    /** Liberty sends who must log in to the page for that; other servers answer with it. */
    private Response askedToLogIn(String path, String... headers) {
        Response response = bed.client().get(path, headers);
        return response.status() == 302 && response.header("Location").endsWith(LOGIN)
                ? bed.client().get(LOGIN, headers) : response;
    }

    @Test
    void sendsTheSameHeadersWithPagesForUsers() {
        browser.logIn(bed.admin());

        Response response = bed.client().get("/admin/overview.xhtml", "Cookie", browser.cookies());

        assertThat(response.text()).contains("Log out");
        assertHeaders(response);
    }

    private static void assertHeaders(Response response) {
        assertThat(response.headers().allValues("Content-Security-Policy")).singleElement().asString()
                .contains("default-src 'none'", "script-src 'self' 'nonce-", "frame-ancestors 'none'",
                        "form-action 'self'", "base-uri 'none'", "style-src 'self';").doesNotContain("unsafe");
        assertThat(response.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(response.header("Referrer-Policy")).isEqualTo("same-origin");
        assertThat(response.header("Cache-Control")).contains("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: https://evil.example",
        "Origin: null"})
    void refusesFormsOfOtherSites(String header) {
        browser.logIn(bed.admin());
        String[] named = header.split(": ");

        Response response = bed.client().send("POST", "/admin/overview.xhtml", "a=b".getBytes(), FORM.get(0),
                FORM.get(1), "Cookie", browser.cookies(), named[0], named[1]);

        assertThat(response.status()).isEqualTo(403);
    }

    @Test
    void showsAPageAboutWhatIsNotThere() {
        browser.logIn(bed.admin());
        browser.open("/admin/nothing.html").await("Not found").await("Request id");
        assertThat(bed.client().get("/admin/nothing.html", "Cookie", browser.cookies(), "Accept", "text/html")
                .status()).isEqualTo(404);
        browser.open("/admin/key.xhtml?id=00000000-0000-0000-0000-000000000000").await("There is no API key");
    }

    @Test
    void asksForTheLoginAgainWhenASessionHasEndedMeanwhile() {
        browser.logIn(bed.admin()).open("/admin/key.xhtml");
        String cookie = browser.cookies();
        bed.client().send("POST", "/admin/logout", "".getBytes(), "Cookie", cookie, "Sec-Fetch-Site", "same-origin");

        browser.fill("Label", "too-late").press("Create key").await("Your session has ended");

        browser.follow("Load the page again").await("Log in");
        ServerUser admin = bed.admin();
        browser.fill("User name", admin.name()).fill("Password", admin.password()).press("Log in").await("Log out");
        assertThat(browser.address().getPath()).isEqualTo("/admin/key.xhtml");
    }
}
