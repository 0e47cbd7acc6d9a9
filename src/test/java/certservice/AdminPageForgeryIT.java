package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.Browser;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that no page of ours has sent. */
class AdminPageForgeryIT {

    private static TestBed bed;
    private final String label = "forged-" + UUID.randomUUID().toString().substring(0, 8);
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

    /** The auditor has a view of each of these pages, and its state. */
    @ParameterizedTest
    @CsvSource({
        "orders, live, live:each:0:cancel",
        "overview, overview, overview:addresses:0:forgive",
        "accounts, accounts, accounts:each:0:rollover",
        "accounts, accounts, accounts:each:1:change",
    })
    void refusesAnAuditorWhoPressesAButtonThatIsNotThere(String page, String form, String button) {
        browser.logIn(bed.auditor()).open("/admin/" + page + ".xhtml").await("Log out");

        Response response = post("/admin/" + page + ".xhtml", browser.hidden("jakarta.faces.ViewState"), form, form,
                button, button);

        assertThat(response.status()).isEqualTo(403);
    }

    @Test
    void createsNoKeyWithTheStateOfAnotherPage() {
        browser.logIn(bed.auditor()).open("/admin/orders.xhtml").await("Log out");

        Response response = post("/admin/key.xhtml", browser.hidden("jakarta.faces.ViewState"), "key", "key",
                "key:label", label, "key:create", "key:create");

        assertThat(response.text()).doesNotContain("this once");
        assertThatThereIsNoKey();
    }

    @Test
    void createsNoKeyWithoutAState() {
        browser.logIn(bed.admin());

        Response response = post("/admin/key.xhtml", "", "key", "key", "key:label", label, "key:create", "key:create");

        assertThat(response.text()).doesNotContain("this once");
        assertThatThereIsNoKey();
    }

    @Test
    void createsNoKeyWithTheStateOfAnotherSession() {
        browser.logIn(bed.admin()).open("/admin/key.xhtml").await("Log out");
        String state = browser.hidden("jakarta.faces.ViewState");
        try (Browser other = new Browser(bed.baseUri()).logIn(bed.auditor())) {
            String body = form("jakarta.faces.ViewState", state, "key", "key", "key:label", label, "key:create",
                    "key:create");
            Response response = bed.client().send("POST", "/admin/key.xhtml", body.getBytes(StandardCharsets.UTF_8),
                    "Content-Type", "application/x-www-form-urlencoded", "Cookie", other.cookies());
            assertThat(response.text()).doesNotContain("this once");
        }
        assertThatThereIsNoKey();
    }

    private void assertThatThereIsNoKey() {
        browser.open("/admin/keys.xhtml?q=" + label).await("There is no such key.");
    }

    private Response post(String path, String state, String... fields) {
        String body = form(fields) + "&" + form("jakarta.faces.ViewState", state);
        return bed.client().send("POST", path, body.getBytes(StandardCharsets.UTF_8), "Content-Type",
                "application/x-www-form-urlencoded", "Cookie", browser.cookies(), "Sec-Fetch-Site", "same-origin");
    }

    private static String form(String... fields) {
        StringBuilder body = new StringBuilder();
        for (int index = 0; index < fields.length; index += 2) {
            body.append(index == 0 ? "" : "&").append(URLEncoder.encode(fields[index], StandardCharsets.UTF_8))
                    .append('=').append(URLEncoder.encode(fields[index + 1], StandardCharsets.UTF_8));
        }
        return body.toString();
    }
}
