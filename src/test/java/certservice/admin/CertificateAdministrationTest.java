package certservice.admin;

import static certservice.admin.AdministrationOfTests.ALICE;
import static certservice.admin.AdministrationOfTests.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.admin.CertificateAdministration.Expiries;
import certservice.admin.CertificateAdministration.Filter;
import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import certservice.audit.Origin;
import certservice.order.CertificateOrder;
import certservice.order.OrdersOfTests;
import certservice.order.Revocations;
import certservice.order.StoredBatch;
import certservice.problem.Failure;
import certservice.problem.Problem;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Four certificates, with the serial numbers 3 to 6 and ends of their own, and a request that has none. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class CertificateAdministrationTest {

    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private static final List<String> TABLES = List.of("certificate_order", "order_summary");

    @Parameter
    TestDatabase database;

    private AdministrationOfTests admin;
    private String keyId;
    private StoredBatch first;

    @BeforeEach
    void storeCertificates() {
        database.clear();
        admin = new AdministrationOfTests(database);
        ApiKey key = new ApiKey("portal", ApiKeyGuid.random());
        database.inTransaction(entityManager -> entityManager.persist(key));
        keyId = key.id();
        first = store(3, "www.example.com");
        store(4, "*.example.org");
        store(5, "old.example.com");
        store(6, "replaced.example.com");
        ends(3, NOW.plus(Duration.ofDays(2)), "PRODUCTION");
        ends(4, NOW.plus(Duration.ofDays(2)), "STAGING");
        ends(5, NOW.minusSeconds(1), "PRODUCTION");
        ends(6, NOW.plus(Duration.ofDays(30)), "PRODUCTION");
        change(" set replaced = true where serial = '06'");
        OrdersOfTests.stored(database, OrdersOfTests.plan(keyId, "coming.example.com"), NOW);
    }

    @Test
    void showsACertificateAsItIs() {
        CertificateDetails details = get("03");
        assertThat(details).isEqualTo(new CertificateDetails("03", List.of("www.example.com"), "production", "classic",
                "RSA2048", NOW.plusSeconds(3), NOW.plus(Duration.ofDays(2)),
                NOW.plusSeconds(3).plus(Duration.ofDays(60)), "valid", false, "portal", first.batch().id()));
        assertThat(get("06").replaced()).isTrue();
        assertThat(get("06").renewAt()).isNull();
    }

    @Test
    void listsTheNewestFirstPageAfterPage() {
        assertThat(serials("", Filter.ALL)).containsExactly("06", "05", "04", "03");
        Page<CertificateDetails> page = asked(certificates -> certificates.list(new Search("", 1, 2), Filter.ALL));
        assertThat(page.items()).extracting(CertificateDetails::serial).containsExactly("05", "04");
        assertThat(page.total()).isEqualTo(4);
    }

    @Test
    void findsPartsOfNamesAndSerials() {
        assertThat(serials("EXAMPLE.com", Filter.ALL)).containsExactly("06", "05", "03");
        assertThat(serials("*.", Filter.ALL)).containsExactly("04");
        assertThat(serials("05", Filter.ALL)).containsExactly("05");
        assertThat(serials("%", Filter.ALL)).isEmpty();
        assertThat(serials("coming", Filter.ALL)).isEmpty();
    }

    @Test
    void listsThoseThatAFilterWants() {
        asked(certificates -> certificates.revoke("04", null, ALICE));
        assertThat(serials("", new Filter("valid", null, null))).containsExactly("06", "03");
        assertThat(serials("", new Filter("expired", null, null))).containsExactly("05");
        assertThat(serials("", new Filter("revoked", null, null))).containsExactly("04");
        assertThat(serials("", new Filter(null, "staging", null))).containsExactly("04");
        assertThat(serials("", new Filter(null, null, NOW.plus(Duration.ofDays(3))))).containsExactly("05", "04", "03");
        assertThat(serials("www", new Filter("valid", "production", NOW.plus(Duration.ofDays(3)))))
                .containsExactly("03");
        assertFails(400, "status is 'lost'; allowed are expired, revoked, valid", () ->
                serials("", new Filter("lost", null, null)));
        assertFails(400, "environment is 'test'; allowed are staging, production", () ->
                serials("", new Filter(null, "test", null)));
        assertFails(400, "expiresBefore is -999999999-01-01T00:00:00Z; allowed is a moment in the years 1 to 9999",
                () -> serials("", new Filter(null, null, Instant.parse("-999999999-01-01T00:00:00Z"))));
    }

    @Test
    void knowsASerialInAnyCaseAndNoOthers() {
        change(" set serial = '0ABC' where serial = '03'");
        assertThat(get("0abc").serial()).isEqualTo("0ABC");
        assertFails(404, "There is no certificate with the serial '07'", () -> get("07"));
        assertFails(404, "There is no certificate with the serial ", () -> get("03\0"));
        assertFails(404, "'07'", () -> asked(certificates -> certificates.revoke("07", null, ALICE)));
    }

    @Test
    void countsTheEndsOfEachComingDay() {
        List<Expiries> days = asked(certificates -> certificates.timeline(31));
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        assertThat(days).hasSize(31).extracting(Expiries::day)
                .startsWith(today, today.plusDays(1)).endsWith(today.plusDays(30));
        LocalDate soon = NOW.plus(Duration.ofDays(2)).atZone(ZoneOffset.UTC).toLocalDate();
        LocalDate later = NOW.plus(Duration.ofDays(30)).atZone(ZoneOffset.UTC).toLocalDate();
        assertThat(days).filteredOn(day -> day.production() + day.staging() > 0)
                .containsExactly(new Expiries(soon, 1, 1, 0), new Expiries(later, 1, 0, 1));
        asked(certificates -> certificates.revoke("03", "superseded", ALICE));
        List<Expiries> three = asked(certificates -> certificates.timeline(3));
        assertThat(three).contains(new Expiries(soon, 0, 1, 0));
        assertFails(400, "days is 0; allowed is 1 to 400", () -> asked(certificates -> certificates.timeline(0)));
    }

    @Test
    void countsTheLastMomentOfADay() {
        LocalDate tomorrow = LocalDate.now(ZoneOffset.UTC).plusDays(1);
        ends(3, tomorrow.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC).minusMillis(1), "PRODUCTION");
        ends(4, tomorrow.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC), "STAGING");
        List<Expiries> three = asked(certificates -> certificates.timeline(3));
        assertThat(three.subList(1, 3)).containsExactly(
                new Expiries(tomorrow, 1, 0, 0), new Expiries(tomorrow.plusDays(1), 0, 1, 0));
    }

    @Test
    void revokesAndRecordsWhoWantedIt() {
        CertificateDetails revoked = asked(certificates -> certificates.revoke("03", "keyCompromise", ALICE));
        assertThat(revoked.status()).isEqualTo("revoked");
        assertThat(admin.recorded()).last().asString()
                .isEqualTo("CERTIFICATE_REVOKED alice 192.0.2.1 www.example.com keyCompromise, via rest");
    }

    @Test
    void revokesNothingForAReasonThatThereIsNot() {
        assertFails(400, "reason is 'whim'; allowed are unspecified, keyCompromise", () ->
                asked(certificates -> certificates.revoke("03", "whim", ALICE)));
        assertThat(get("03").status()).isEqualTo("valid");
    }

    @Test
    void tellsWhatTheCaHasAgainstARevocation() {
        Failure refused = Failure.noCertificate(List.of(Problem.acme(null, "badRevocationReason", "not that one",
                "Give another reason")));
        assertFails(502, "The CA did not do it: not that one (urn:ietf:params:acme:error:badRevocationReason)."
                + " Give another reason", () -> admin.certificates(done -> new Revocations() {
                    @Override
                    public CompletableFuture<Void> revoke(CertificateOrder order, String reason, Origin by) {
                        return CompletableFuture.failedFuture(refused);
                    }
                }, certificates -> certificates.revoke("03", null, ALICE)));
        assertThat(get("03").status()).isEqualTo("valid");
    }

    private StoredBatch store(int serial, String name) {
        StoredBatch stored = OrdersOfTests.stored(database, OrdersOfTests.plan(keyId, name), NOW);
        OrdersOfTests.issue(database, stored, serial, NOW.plusSeconds(serial));
        return stored;
    }

    private void ends(int serial, Instant end, String environment) {
        database.inTransaction(entityManager -> TABLES.forEach(table -> entityManager.createNativeQuery("update "
                        + table + " set expires = ?, environment = ? where serial = ?")
                .setParameter(1, Timestamp.from(end)).setParameter(2, environment)
                .setParameter(3, "0" + serial).executeUpdate()));
    }

    private void change(String set) {
        database.inTransaction(entityManager -> TABLES.forEach(table ->
                entityManager.createNativeQuery("update " + table + set).executeUpdate()));
    }

    private CertificateDetails get(String serial) {
        return asked(certificates -> certificates.get(serial));
    }

    private List<String> serials(String text, Filter filter) {
        Page<CertificateDetails> page = asked(certificates -> certificates.list(new Search(text, 0, 10), filter));
        assertThat(page.total()).isEqualTo(page.items().size());
        return page.items().stream().map(CertificateDetails::serial).toList();
    }

    /** The CA revokes what it is asked to. */
    private <T> T asked(Function<CertificateAdministration, T> call) {
        return admin.certificates(done -> new Revocations() {
            @Override
            public CompletableFuture<Void> revoke(CertificateOrder order, String reason, Origin by) {
                database.inTransaction(entityManager ->
                        OrdersOfTests.certificates(entityManager).revoked(order, by, reason, NOW));
                done.run();
                return CompletableFuture.completedFuture(null);
            }
        }, call);
    }
}
