package certservice.admin;

import static certservice.admin.AdministrationOfTests.ALICE;
import static certservice.admin.AdministrationOfTests.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import certservice.TestDatabase;
import certservice.acme.UnreachableAuthorities;
import certservice.admin.AccountDetails.LimitUse;
import certservice.audit.AuditTrails;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.order.OrdersOfTests;
import certservice.settings.Settings;
import certservice.settings.SettingsOfTests;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown of accounts without asking the CA; what the CA does, is in {@code AccountIT}. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class AccountAdministrationTest {

    private static final Settings SETTINGS = SettingsOfTests.of(Map.of(
            "certservice.acme.production", "https://ca.invalid/production",
            "certservice.acme.staging", "https://ca.invalid/staging",
            "certservice.acme.staging.limits", "exact-set=2/P7D, failed-validation=5/PT1H",
            "certservice.acme.contact", "pki@example.com", "certservice.acme.terms-agreed", "true"));

    @Parameter
    TestDatabase database;

    private UnreachableAuthorities authorities;

    @BeforeEach
    void open() {
        database.clear();
        authorities = new UnreachableAuthorities(database, SETTINGS);
    }

    @Test
    void showsProductionFirstAlsoBeforeThereIsAnAccount() {
        assertThat(asked(AccountAdministration::list)).containsExactly(
                new AccountDetails("production", "https://ca.invalid/production", null, "pki@example.com", true, null,
                        null, List.of()),
                new AccountDetails("staging", "https://ca.invalid/staging", null, "pki@example.com", true, null, null,
                        List.of()));
    }

    @Test
    void showsTheContactThatTheCaWasToldLast() throws MalformedURLException {
        Instant before = Instant.now().minusSeconds(1);
        URL location = URI.create("https://ca.invalid/account/1").toURL();
        authorities.register(Environment.STAGING, location);
        assertThat(get("staging").url()).isEqualTo(location.toString());
        assertThat(get("staging").contact()).isEqualTo("pki@example.com");
        assertThat(get("staging").keyChanged()).isAfter(before);
        authorities.changeContact(Environment.STAGING, Optional.of(URI.create("mailto:other@example.com")));
        assertThat(get("staging").contact()).isEqualTo("other@example.com");
        authorities.changeContact(Environment.STAGING, Optional.empty());
        assertThat(get("staging").contact()).isNull();
        assertThat(get("production").contact()).isEqualTo("pki@example.com");
    }

    @Test
    void showsHowMuchOfTheLimitsIsUsed() {
        Instant now = Instant.now();
        List<DomainName> names = List.of(DomainName.of("www.example.com"));
        database.inTransaction(entityManager -> {
            OrdersOfTests.rateLimits(entityManager, SETTINGS).issued(Environment.STAGING, names, false, now);
            OrdersOfTests.rateLimits(entityManager, SETTINGS).issued(Environment.STAGING, names, false, now);
            OrdersOfTests.rateLimits(entityManager, SETTINGS).failed(Environment.STAGING, names.get(0), now);
        });
        List<LimitUse> limits = get("staging").limits();
        assertThat(limits).extracting(LimitUse::kind, LimitUse::subject, LimitUse::used, LimitUse::limit)
                .containsExactly(tuple("exact-set", "www.example.com", 2L, 2L),
                        tuple("failed-validation", "www.example.com", 1L, 5L));
        assertThat(limits.get(0).freeAt()).isBetween(now.plusSeconds(302_000), now.plusSeconds(302_401));
        assertThat(limits.get(1).freeAt()).as("others are free").isNull();
        assertThat(get("production").limits()).isEmpty();
    }

    @Test
    void hasNothingToChangeBeforeTheFirstOrder() {
        assertFails(409, "There is no account at this CA yet", () -> change("new@example.com"));
        assertFails(409, "There is no account at this CA yet", () ->
                asked(accounts -> accounts.rollOverKey("production", ALICE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pki", "a@example.com,b@example.com", "a@example.com?to=b@example.com", "a b@example.com"})
    void takesOneAddressAlone(String contact) {
        assertFails(400, "allowed is an e-mail address", () -> change(contact));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "STAGING", "test"})
    void knowsNoOtherEnvironments(String environment) {
        assertFails(404, "there are staging and production", () -> get(environment));
        assertFails(404, "there are staging and production", () ->
                asked(accounts -> accounts.rollOverKey(environment, ALICE)));
    }

    private AccountDetails change(String contact) {
        return asked(accounts -> accounts.changeContact("staging", contact, ALICE));
    }

    private AccountDetails get(String environment) {
        return asked(accounts -> accounts.get(environment));
    }

    private <T> T asked(Function<AccountAdministration, T> call) {
        return database.transactionally(entityManager -> {
            AccountAdministration accounts = new AccountAdministration();
            accounts.authorities = authorities;
            accounts.limits = OrdersOfTests.rateLimits(entityManager, SETTINGS);
            accounts.settings = SETTINGS;
            accounts.audit = AuditTrails.of(entityManager);
            return call.apply(accounts);
        });
    }
}
