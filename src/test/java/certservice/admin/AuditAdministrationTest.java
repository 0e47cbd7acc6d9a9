package certservice.admin;

import static certservice.admin.AdministrationOfTests.ALICE;
import static certservice.admin.AdministrationOfTests.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.admin.AuditAdministration.Filter;
import certservice.audit.Action;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrails;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Three entries of Alice's. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class AuditAdministrationTest {

    @Parameter
    TestDatabase database;

    private AdministrationOfTests admin;

    @BeforeEach
    void record() {
        database.clear();
        admin = new AdministrationOfTests(database);
        record(AuditEvent.of(Action.ACCOUNT_KEY_CHANGED).because("staging"));
        record(AuditEvent.of(Action.ADDRESS_FORGIVEN).because("192.0.2.99"));
        record(AuditEvent.of(Action.ACCOUNT_KEY_CHANGED).because("production"));
    }

    @Test
    void showsAnEntryAsItIs() {
        AuditItem item = list("", Filter.ALL).get(1);
        assertThat(item.number()).isEqualTo(2);
        assertThat(item.moment()).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        assertThat(item.action()).isEqualTo("ADDRESS_FORGIVEN");
        assertThat(item.outcome()).isEqualTo("SUCCEEDED");
        assertThat(item.actorKind()).isEqualTo("ADMINISTRATOR");
        assertThat(item.actor()).isEqualTo("alice");
        assertThat(item.keyId()).isNull();
        assertThat(item.address()).isEqualTo("192.0.2.1");
        assertThat(item.requestId()).isNull();
        assertThat(item.names()).isEmpty();
        assertThat(item.serial()).isNull();
        assertThat(item.detail()).isEqualTo("192.0.2.99, via rest");
    }

    @Test
    void listsTheNewestFirstPageAfterPage() {
        assertThat(numbers("", Filter.ALL)).containsExactly(3L, 2L, 1L);
        Page<AuditItem> page = admin.audit(audit -> audit.list(new Search("", 1, 1), Filter.ALL));
        assertThat(page.items()).extracting(AuditItem::number).containsExactly(2L);
        assertThat(page.total()).isEqualTo(3);
    }

    @Test
    void findsTextsActionsAndTimes() {
        assertThat(numbers("STAGING", Filter.ALL)).containsExactly(1L);
        assertThat(numbers("alice", Filter.ALL)).hasSize(3);
        assertThat(numbers("%", Filter.ALL)).isEmpty();
        assertThat(numbers("", new Filter("ACCOUNT_KEY_CHANGED", null, null))).containsExactly(3L, 1L);
        assertThat(numbers("prod", new Filter("ACCOUNT_KEY_CHANGED", null, null))).containsExactly(3L);
        assertThat(numbers("", new Filter(null, Instant.now().plusSeconds(60), null))).isEmpty();
        assertThat(numbers("", new Filter(null, null, Instant.now().plusSeconds(60)))).hasSize(3);
        assertFails(400, "action is 'WHIM'; allowed are ACCOUNT_CONTACT_CHANGED, ACCOUNT_KEY_CHANGED", () ->
                numbers("", new Filter("WHIM", null, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-999999999-01-01T00:00:00Z", "0000-12-31T23:59:59.999Z", "+10000-01-01T00:00:00Z"})
    void refusesMomentsThatNoDatabaseKnows(String moment) {
        String allowed = " is " + moment + "; allowed is a moment in the years 1 to 9999";
        assertFails(400, "from" + allowed, () -> numbers("", new Filter(null, Instant.parse(moment), null)));
        assertFails(400, "until" + allowed, () -> numbers("", new Filter(null, null, Instant.parse(moment))));
    }

    @Test
    void comparesWithTheFirstMomentAndTheLast() {
        assertThat(numbers("", new Filter(null, Instant.parse("0001-01-01T00:00:00Z"),
                Instant.parse("9999-12-31T23:59:59.999999999Z")))).hasSize(3);
    }

    @Test
    void knowsEveryAction() {
        assertThat(admin.audit(AuditAdministration::actions)).isSorted().hasSize(Action.values().length)
                .contains("ORDER_RETRIED");
    }

    @Test
    void exportsLinesOldestFirst() {
        assertThat(export(Filter.ALL).lines()).hasSize(3).first().asString().contains("\"number\":1,", "alice");
        assertThat(export(new Filter("ADDRESS_FORGIVEN", null, null)).lines()).hasSize(1);
        assertFails(400, "action is 'WHIM'", () -> export(new Filter("WHIM", null, null)));
        assertFails(400, "action is 'WHIM'", () -> admin.audit(audit -> {
            audit.check(new Filter("WHIM", null, null));
            return null;
        }));
    }

    @Test
    void exportsWhatIsListedUnderAText() {
        assertThat(export("nothing has this in it", Filter.ALL)).isEmpty();
        assertThat(export("", Filter.ALL).lines()).hasSize(3);
        String text = list("", new Filter("ADDRESS_FORGIVEN", null, null)).get(0).detail();
        assertThat(export(text, Filter.ALL).lines()).hasSameSizeAs(list(text, Filter.ALL));
    }

    @Test
    void findsWhatSomebodyHasChanged() {
        assertThat(admin.audit(AuditAdministration::verify)).isEmpty();
        database.inTransaction(entityManager -> entityManager.createNativeQuery(
                "update audit_entry set actor_name = 'mallory' where entry_number = 2").executeUpdate());
        assertThat(admin.audit(AuditAdministration::verify)).isNotEmpty().first().asString().startsWith("CHANGED 2: ");
    }

    private void record(AuditEvent event) {
        database.inTransaction(entityManager -> AuditTrails.of(entityManager).record(ALICE.did(event)));
    }

    private List<AuditItem> list(String text, Filter filter) {
        Page<AuditItem> page = admin.audit(audit -> audit.list(new Search(text, 0, 10), filter));
        assertThat(page.total()).isEqualTo(page.items().size());
        return page.items();
    }

    private List<Long> numbers(String text, Filter filter) {
        return list(text, filter).stream().map(AuditItem::number).toList();
    }

    private String export(String text, Filter filter) {
        return admin.audit(audit -> {
            try {
                StringWriter lines = new StringWriter();
                audit.export(text, filter, lines);
                return lines.toString();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private String export(Filter filter) {
        return export("", filter);
    }
}
