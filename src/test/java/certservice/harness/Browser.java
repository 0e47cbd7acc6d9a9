package certservice.harness;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * Chromium, used as a person uses it: by what buttons, links and fields are called. What it has to complain about, for
 * instance what a Content-Security-Policy has stopped, is in {@link #complaints()}.
 */
public final class Browser implements AutoCloseable {

    public static final int WIDE = 1280;
    public static final int NARROW = 400;
    private static final int HEIGHT = 900;
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Set<String> SERIOUS = Set.of("serious", "critical");

    /** Selenium would warn each time that it doesn't know a Chromium as new as this; what is used here needs not. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;
    private final URI baseUri;

    /** @param baseUri of the service */
    public Browser(URI baseUri) {
        this.baseUri = baseUri;
        SELENIUM.setLevel(Level.SEVERE);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(find("chromium").orElseThrow());
        options.addArguments("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--hide-scrollbars", "--disable-background-networking", "--disable-component-update", "--lang=en-US");
        if ("root".equals(System.getProperty("user.name"))) {
            options.addArguments("--no-sandbox");
        }
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of(find("chromedriver").orElseThrow()).toFile()).build();
        driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(Duration.ofMinutes(2)).scriptTimeout(Duration.ofMinutes(2));
        width(WIDE);
    }

    /** Whether Chromium and its driver are installed. */
    public static boolean isAvailable() {
        return find("chromium").isPresent() && find("chromedriver").isPresent();
    }

    /** The width of the window in CSS pixels. */
    public Browser width(int pixels) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
        return this;
    }

    /** Whether the person prefers dark pages. */
    public Browser dark(boolean dark) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features",
                List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        return this;
    }

    /** @param path of the service, with a leading slash */
    public Browser open(String path) {
        driver.get(baseUri.resolve(path).toString());
        return this;
    }

    /** Opens the administration and logs in. */
    public Browser logIn(ServerUser user) {
        open("/admin/");
        fill("User name", user.name());
        fill("Password", user.password());
        press("Log in");
        // the page of an error has a button to log out too
        waitFor("overview", () -> address().getPath().equals("/admin/overview.xhtml"));
        return await("Log out");
    }

    /** Presses the button that is called so. */
    public Browser press(String button) {
        return act(By.xpath("//button[normalize-space(.)=" + quoted(button) + "]"), WebElement::click);
    }

    /** Follows the first link that is called so. */
    public Browser follow(String link) {
        return act(By.xpath("//a[normalize-space(.)=" + quoted(link) + "]"), WebElement::click);
    }

    /** Opens what is folded below this text. */
    public Browser unfold(String summary) {
        boolean open = driver.findElements(By.xpath("//details[@open]/summary[normalize-space(.)=" + quoted(summary)
                + "]")).stream().anyMatch(WebElement::isDisplayed);
        return open ? this : act(By.xpath("//details[not(@open)]/summary[normalize-space(.)=" + quoted(summary) + "]"),
                WebElement::click);
    }

    /** Replaces the text in the field with this label. */
    public Browser fill(String label, String text) {
        return act(field(label), field -> {
            if (Set.of("date", "datetime-local").contains(String.valueOf(field.getDomAttribute("type")))) {
                // how such a field is typed into depends on the system's language
                script("arguments[0].value = arguments[1];", field, text);
            } else {
                field.clear();
                field.sendKeys(text);
            }
        });
    }

    /** Chooses from the list with this label. */
    public Browser choose(String label, String option) {
        return act(field(label), field -> new Select(field).selectByVisibleText(option));
    }

    /** Sets the check mark beside this label, or takes it away. */
    public Browser check(String label, boolean checked) {
        return act(field(label), field -> {
            if (field.isSelected() != checked) {
                field.click();
            }
        });
    }

    /** What is in the field with this label. */
    public String valueOf(String label) {
        return element(field(label)).getDomProperty("value");
    }

    /** Whether there is a visible button that is called so. */
    public boolean hasButton(String button) {
        return driver.findElements(By.xpath("//button[normalize-space(.)=" + quoted(button) + "]")).stream()
                .anyMatch(WebElement::isDisplayed);
    }

    /** What all buttons are called, also those in what is folded. */
    public List<String> buttons() {
        return driver.findElements(By.tagName("button")).stream()
                .map(button -> button.getDomProperty("textContent").strip()).toList();
    }

    /** Waits until this text is on the page, wherever. */
    public Browser await(String text) {
        waitFor("'" + text + "' on the page", () -> text().contains(text));
        return this;
    }

    /** Waits until this text is no longer on the page. */
    public Browser awaitGone(String text) {
        waitFor("no '" + text + "' on the page", () -> !text().contains(text));
        return this;
    }

    /** Waits until the text is nowhere in the page, not in a field either. */
    public Browser awaitNowhere(String text) {
        waitFor("no '" + text + "' in the page's source", () -> !source().contains(text));
        return this;
    }

    /** All that one can read on the page. */
    public String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    public String title() {
        return driver.getTitle();
    }

    /** The page as markup, in its present state. */
    public String source() {
        return driver.getPageSource();
    }

    public URI address() {
        return URI.create(driver.getCurrentUrl());
    }

    public Optional<Cookie> cookie(String name) {
        return Optional.ofNullable(driver.manage().getCookieNamed(name));
    }

    /** All cookies in the form of a {@code Cookie} header. */
    public String cookies() {
        return String.join("; ", driver.manage().getCookies().stream()
                .map(cookie -> cookie.getName() + "=" + cookie.getValue()).toList());
    }

    /** A hidden field's value, such as Faces' view state; empty if there is none. */
    public String hidden(String name) {
        return driver.findElements(By.cssSelector("input[name='" + name + "']")).stream().findFirst()
                .map(field -> field.getDomProperty("value")).orElse("");
    }

    /** How many pixels the content is wider than the window. */
    public long overhang() {
        return (Long) script("return document.documentElement.scrollWidth - document.documentElement.clientWidth;");
    }

    /** What axe-core finds on the page that keeps people from using it, each with where. */
    public List<String> barriers() {
        List<String> found = new ArrayList<>();
        for (Rule rule : new AxeBuilder().setLegacyMode(true).analyze(driver).getViolations()) {
            if (SERIOUS.contains(rule.getImpact())) {
                rule.getNodes().forEach(node -> found.add(rule.getId() + ": " + node.getHtml()));
            }
        }
        return found;
    }

    /** Errors and warnings of the browser since the last call. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage).toList();
    }

    /** The whole page as {@code target/screenshots/<name>.png}. */
    public Browser photograph(String name) {
        Map<String, Object> picture = driver.executeCdpCommand("Page.captureScreenshot",
                Map.of("format", "png", "captureBeyondViewport", true));
        try {
            Files.write(Files.createDirectories(BuildDirectory.path("screenshots")).resolve(name + ".png"),
                    Base64.getDecoder().decode((String) picture.get("data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    @Override
    public void close() {
        driver.quit();
    }

    /** The page may be changing just now. */
    private Browser act(By what, Consumer<WebElement> action) {
        for (int again = 3;; again--) {
            try {
                action.accept(element(what));
                return this;
            } catch (WebDriverException e) {
                if (again == 0 || !isPageChanging(e)) {
                    throw e;
                }
            }
        }
    }

    /** An element belongs to a page that is going; chromedriver 156 says so in two ways. */
    private static boolean isPageChanging(WebDriverException e) {
        return e instanceof StaleElementReferenceException
                || String.valueOf(e.getMessage()).contains("does not belong to the document");
    }

    private WebElement element(By what) {
        waitFor(what.toString(), () -> driver.findElements(what).stream().anyMatch(WebElement::isDisplayed));
        return driver.findElements(what).stream().filter(WebElement::isDisplayed).findFirst()
                .orElseThrow(() -> new StaleElementReferenceException(what.toString()));
    }

    /** MyFaces has a space before some labels that XPath does not take for one. */
    private static By field(String label) {
        return By.xpath("//*[@id=//label[normalize-space(translate(., '\u00a0', ' '))=" + quoted(label) + "]/@for]");
    }

    private void waitFor(String what, BooleanSupplier condition) {
        try {
            new WebDriverWait(driver, PATIENCE).until(ignored -> isMet(condition));
        } catch (TimeoutException e) {
            throw new AssertionError("There is no " + what + ", but at " + driver.getCurrentUrl() + ":\n" + text(), e);
        }
    }

    private static boolean isMet(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (WebDriverException e) {
            if (isPageChanging(e)) {
                return false;
            }
            throw e;
        }
    }

    private Object script(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    private static String quoted(String text) {
        return text.contains("'") ? '"' + text + '"' : "'" + text + "'";
    }

    private static Optional<String> find(String program) {
        return Stream.of(System.getenv("PATH").split(":")).map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable).map(Path::toString).findFirst();
    }
}
