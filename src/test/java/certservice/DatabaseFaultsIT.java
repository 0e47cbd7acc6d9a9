package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.AcmeResource;
import certservice.harness.CertserviceClient;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.Fault;
import certservice.harness.FaultProxy;
import certservice.harness.PostgresqlServer;
import certservice.harness.Requests;
import certservice.harness.TestBed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers and operators see when PostgreSQL goes and comes back; the service is never started anew for it. */
class DatabaseFaultsIT {

    private static final String REQUEST = "{\"staging\":false,\"domains\":\"www.example.com\"}";
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LAST_ORDER = "select %s from certificate_order order by created desc limit 1";
    private static final List<String> FINAL = List.of("ISSUED", "FAILED");

    private static PostgresqlServer postgresql;
    private static PostgresqlServer.Database database;
    private static FaultProxy ca;
    private static TestBed bed;

    private int logged;

    @BeforeAll
    static void start() {
        Optional<PostgresqlServer> found = PostgresqlServer.in("database-faults-postgresql");
        assumeThat(found).as("PostgreSQL is installed").isPresent();
        postgresql = found.get();
        database = postgresql.database("faults");
        bed = TestBed.in("database-faults").database(database).productionThrough((directory, localCa) -> {
            try {
                ca = FaultProxy.before(directory, localCa);
                return ca.directory();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).start();
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable part : new AutoCloseable[] {bed, ca, postgresql}) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @BeforeEach
    void warmUp() {
        assertThat(bed.client().cert(REQUEST).status()).isEqualTo(200);
        postgresql.awaitNoDeliveryIsUnderWay(database);
        logged = log().length();
    }

    @AfterEach
    void calm() {
        ca.calm();
    }

    @Test
    void answers503WhileTheDatabaseIsGoneAndWorksAgainWhenItIsBack() {
        postgresql.stop();
        long begun = System.nanoTime();
        Response cert = bed.client().cert(REQUEST);
        Response challenge = bed.client().get("/.well-known/acme-challenge/token");
        Duration both = Duration.ofNanos(System.nanoTime() - begun);
        postgresql.start();

        assertUnavailable(cert);
        assertUnavailable(challenge);
        assertThat(both).isLessThan(AT_ONCE);
        assertThat(logSince()).contains("Request " + cert.header("X-Request-Id") + ": the database failed: ",
                "A challenge could not be answered, since the database failed: ");
        assertThat(logSince().lines().filter(line -> line.startsWith("\tat "))).as("stack traces").isEmpty();
        assertThat(bed.client().cert(REQUEST).status()).as("the first request afterwards").isEqualTo(200);
    }

    @Test
    void answers503WhenPostgresqlGivesNoConnectionMore() {
        postgresql.sql(database, "alter role faults connection limit 0",
                "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'faults'");
        Response refused = bed.client().cert(REQUEST);
        postgresql.sql(database, "alter role faults connection limit -1");

        assertUnavailable(refused);
        assertThat(logSince()).contains(refused.header("X-Request-Id") + ": the database failed: ",
                "too many connections for role");
        assertThat(bed.client().cert(REQUEST).status()).isEqualTo(200);
    }

    /** As a failover does: every connection breaks, and new ones are refused for a while. */
    @Test
    void finishesAnOrderWhoseDatabaseIsAwayForSomeSeconds() throws Exception {
        for (AcmeResource held : List.of(AcmeResource.NEW_ORDER, AcmeResource.FINALIZE)) {
            FaultProxy.Rule hold = ca.on(Requests.to(held).next(1), Fault.hangAfter());
            CompletableFuture<Response> answer = CompletableFuture.supplyAsync(() -> bed.client().cert(REQUEST));
            assertThat(hold.awaitStrike(PATIENCE)).isTrue();
            postgresql.kill();
            hold.release();
            Thread.sleep(3000);
            postgresql.start();

            Response response = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(response.status()).as("held at %s: %s", held, response).isEqualTo(200);
            assertThat(lastOrder("status")).isEqualTo("ISSUED");
            assertThat(lastOrder("chain")).isNotEmpty();
        }
        assertThat(logSince()).contains("the database did not save the order as AUTHORIZING, tried again for 15 s");
    }

    /** It is taken up again when the database is back, and the same request gets what the first one ordered. */
    @Test
    void putsAnOrderDownWhoseDatabaseStaysAway() throws Exception {
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.NEW_ORDER).next(1), Fault.hangAfter());
        CompletableFuture<Response> answer = CompletableFuture.supplyAsync(() -> bed.client().cert(REQUEST));
        assertThat(hold.awaitStrike(PATIENCE)).isTrue();
        postgresql.kill();
        int mark = ca.mark();
        hold.release();
        Response response = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        postgresql.start();

        assertUnavailable(response);
        assertThat(logSince()).contains("its batch is put down as it is, and taken up again later");
        assertThat(bed.client().cert(REQUEST).status()).isEqualTo(200);
        assertThat(lastOrder("status")).isEqualTo("ISSUED");
        assertThat(ca.count(AcmeResource.FINALIZE, mark)).as("certificates").isEqualTo(1);
    }

    @Test
    void handsOutACertificateThatTheDatabaseCannotRecord() throws Exception {
        FaultProxy.Rule hold = ca.on(Requests.to(AcmeResource.CERTIFICATE).next(1), Fault.hangAfter());
        CompletableFuture<Response> answer = CompletableFuture.supplyAsync(() -> bed.client().cert(REQUEST));
        assertThat(hold.awaitStrike(PATIENCE)).isTrue();
        postgresql.kill();
        hold.release();
        Response response = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        postgresql.start();

        assertThat(Delivered.ofCert(response).keyBelongsToLeaf()).isTrue();
        assertThat(logSince()).contains("the certificate goes to its caller, but its order stays FINALIZING");
        awaitLog("taken over");
        postgresql.awaitAnswer(database, LAST_ORDER.formatted("status"), "ISSUED");
        String serial = Delivered.ofCert(response).serial();
        assertThat(lastOrder("serial")).as("found again at the CA").isEqualTo(serial);
        postgresql.awaitAnswer(database, "select count(*) from audit_entry where action = 'PRIVATE_KEY_DELIVERED' and"
                + " serial = '" + serial + "' and detail like '%delivered at % while the database was away'", "1");
    }

    @Test
    void startsWithoutItsDatabaseAndSetsItUpWhenItComes() throws Exception {
        bed.server().stop();
        postgresql.database("faults");
        postgresql.stop();
        logged = log().length();
        bed.startServer(DatabaseFaultsIT::isUnavailable);
        Response cert = bed.client().cert(REQUEST);
        Response challenge = bed.client().get("/.well-known/acme-challenge/token");
        postgresql.start();
        awaitLog("The database is there; the service is up");

        assertUnavailable(cert);
        assertUnavailable(challenge);
        assertThat(logSince()).contains("The database is not available; requests are answered with 503 until it is");
        assertThat(bed.client().cert(REQUEST).status()).isEqualTo(200);
        assertThat(postgresql.ask(database, "select count(*) from api_key")).isEqualTo("4");
        assertThat(FINAL).contains(lastOrder("status"));
    }

    private static void assertUnavailable(Response response) {
        assertThat(response.status()).as("status of %s", response).isEqualTo(503);
        assertThat(response.header("Content-Type")).startsWith("application/json");
        assertThat(response.header("Retry-After")).isEqualTo("10");
        assertThat(response.json().asJsonObject().getString("message"))
                .isEqualTo("The service is not available at the moment");
        assertThat(response.json().asJsonObject().getString("requestId")).isEqualTo(response.header("X-Request-Id"));
    }

    private static boolean isUnavailable(CertserviceClient client) {
        try {
            return client.cert(REQUEST).text().startsWith("{\"message\":\"The service is not available");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private static String lastOrder(String column) {
        return postgresql.ask(database, LAST_ORDER.formatted(column));
    }

    private void awaitLog(String text) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!logSince().contains(text) && System.nanoTime() < deadline) {
            Thread.sleep(100);
        }
        assertThat(logSince()).contains(text);
    }

    private String logSince() {
        return log().substring(logged);
    }

    private static String log() {
        try {
            return Files.readString(bed.server().log(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
