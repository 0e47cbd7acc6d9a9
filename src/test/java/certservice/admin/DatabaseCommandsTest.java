package certservice.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.audit.AuditReport;
import certservice.audit.AuditVerifier;
import certservice.audit.ChainOfTests;
import certservice.harness.PostgresqlServer;
import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The commands beside the service, and the schema they need. */
class DatabaseCommandsTest {

    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());
    private static final MasterKey OLD = MasterKeys.of(1);
    private static final MasterKey NEW = MasterKeys.of(2);

    private final DataSource old = h2();

    @BeforeEach
    void fill() throws SQLException {
        migrate(old);
        execute(old, "insert into domain values ('d1', 'example.com', true, 'http-01', null, 1)",
                "insert into api_key (id, label, key_hash, enabled, expires, version, networks, requests_per_day)"
                        + " values ('k1', 'Größe', 'hash', true, timestamp with time zone"
                        + " '2026-11-01 12:34:56.789012+05:30', 3, '192.0.2.0/24', 7)",
                "insert into api_key_use values ('k1 2026-11-01', 'k1', date '2026-11-01', 3, timestamp with time"
                        + " zone '2026-11-01 23:59:59.999999+00:00')",
                "insert into guess values ('192.0.2.1', timestamp with time zone '2026-11-01 12:00:00+00:00', 4)",
                "insert into api_key_domain values ('k1', 'd1')",
                "insert into dns_provider values ('corp', 'rfc2136', '" + seal(OLD, "dns-provider:corp") + "', 7)",
                "insert into acme_account (id, environment, directory_url, public_key, sealed_private_key, version)"
                        + " values ('a1', 'STAGING', 'https://ca.example', 'public', '"
                        + seal(OLD, "acme-account:a1") + "', 1)",
                "insert into order_batch (id, request_id, api_key_id, endpoint, fingerprint, status, kept, reusable,"
                        + " joined, sealed_options, created) values ('b1', 'r1', 'k1', 'cert', 'f', 'ISSUED', false,"
                        + " false, false, '" + seal(OLD, "order-batch:b1") + "', current_timestamp)",
                "insert into certificate_order (id, batch_id, request_id, api_key_id, environment, profile, key_type,"
                        + " names, status, created, updated, version, sealed_private_key) values ('o1', 'b1', 'r1',"
                        + " 'k1', 'STAGING', 'CLASSIC', 'RSA2048', 'example.com', 'ISSUED', current_timestamp,"
                        + " current_timestamp, 1, '" + seal(OLD, "certificate-order:o1") + "')");
    }

    static Stream<DataSource> newDatabases() {
        return Stream.concat(Stream.of(h2()), PostgresqlServer.shared().stream().map(DatabaseCommandsTest::postgresql));
    }

    @ParameterizedTest
    @MethodSource("newDatabases")
    void copiesEveryRowOfEveryTable(DataSource target) throws SQLException {
        new CopyDatabase(old, target, NOWHERE).run();
        for (String table : List.of("domain", "api_key_domain", "dns_provider", "acme_account")) {
            assertThat(rows(target, "select * from " + table)).isEqualTo(rows(old, "select * from " + table))
                    .hasSize(1);
        }
        assertThat(rows(target, "select label, enabled, version from api_key where expires = timestamp with time zone"
                + " '2026-11-01 07:04:56.789012+00:00'")).containsExactly(List.of("Größe", "true", "3"));
        assertThat(rows(target, "select used_on, requests from api_key_use where last_used = timestamp with time zone"
                + " '2026-11-01 23:59:59.999999+00:00'")).containsExactly(List.of("2026-11-01", "3"));
        assertThat(rows(target, "select networks, requests_per_day from api_key"))
                .containsExactly(List.of("192.0.2.0/24", "7"));
        assertThat(rows(target, "select address, guesses from guess")).containsExactly(List.of("192.0.2.1", "4"));
    }

    @ParameterizedTest
    @MethodSource("newDatabases")
    void copiesBack(DataSource target) throws SQLException {
        new CopyDatabase(old, target, NOWHERE).run();
        DataSource back = h2();
        new CopyDatabase(target, back, NOWHERE).run();
        assertThat(rows(back, "select * from api_key where expires = timestamp with time zone"
                + " '2026-11-01 07:04:56.789012+00:00'")).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("newDatabases")
    void copiesNothingIntoADatabaseThatHasRows(DataSource target) throws SQLException {
        migrate(target);
        execute(target, "insert into http_challenge values ('token', 'value', current_timestamp)");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> new CopyDatabase(old, target, NOWHERE).run())
                .withMessageContaining("not empty: table http_challenge");
        assertThat(rows(target, "select * from domain")).isEmpty();
    }

    @Test
    void copiesNothingOfADatabaseWithoutOurSchema() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> new CopyDatabase(h2(), h2(), NOWHERE).run())
                .withMessageContaining("has not this version's schema");
    }

    @ParameterizedTest
    @MethodSource("newDatabases")
    void sealsEverythingUnderTheNewMasterKey(DataSource target) throws SQLException {
        new CopyDatabase(old, target, NOWHERE).run();
        assertThat(new ChangeMasterKey(target, OLD, NEW).run()).isEqualTo(4);
        assertThat(opened(target, "dns_provider", "sealed_settings", "dns-provider:corp")).isEqualTo("secret");
        assertThat(opened(target, "acme_account", "sealed_private_key", "acme-account:a1")).isEqualTo("secret");
        assertThat(opened(target, "certificate_order", "sealed_private_key", "certificate-order:o1"))
                .isEqualTo("secret");
        assertThat(opened(target, "order_batch", "sealed_options", "order-batch:b1")).isEqualTo("secret");
    }

    @Test
    void changesNothingIfOneValueWasSealedWithAnotherKey() throws SQLException {
        execute(old, "update dns_provider set sealed_settings = '" + seal(MasterKeys.of(3), "dns-provider:corp") + "'");
        List<List<String>> before = rows(old, "select sealed_private_key from acme_account");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> new ChangeMasterKey(old, OLD, NEW).run())
                .withMessageContaining("sealed with another master key").withMessageContaining("dns-provider:corp");
        assertThat(rows(old, "select sealed_private_key from acme_account")).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("newDatabases")
    void leavesTheAuditChainAsItIs(DataSource target) throws Exception {
        ChainOfTests.append(old, OLD, 5);
        new CopyDatabase(old, target, NOWHERE).run();
        AuditReport copied = new AuditVerifier(target, OLD).verify(List.of());
        assertThat(copied.findings()).isEmpty();
        assertThat(copied.entries()).isEqualTo(5);
        assertThat(new ChangeMasterKey(target, OLD, NEW).run()).isEqualTo(5);
        assertThat(new AuditVerifier(target, NEW).verify(List.of(copied.end())).findings()).isEmpty();
        assertThat(new AuditVerifier(target, OLD).verify(List.of()).findings()).hasSize(1);
    }

    /**
     * Flyway locks: of two nodes that start at once on an empty database, one waits for the other. Not so on H2, where
     * both make the history table; but there two nodes can't share a file.
     */
    @Test
    void isMigratedByTwoNodesAtOnce() throws Exception {
        assumeThat(PostgresqlServer.shared()).as("PostgreSQL is installed").isPresent();
        DataSource empty = postgresql(PostgresqlServer.shared().orElseThrow());
        CyclicBarrier start = new CyclicBarrier(2);
        Callable<Integer> node = () -> {
            start.await();
            return migrate(empty);
        };
        ExecutorService nodes = Executors.newFixedThreadPool(2);
        try {
            int migrations = 0;
            for (Future<Integer> each : nodes.invokeAll(List.of(node, node))) {
                migrations += each.get();
            }
            assertThat(migrations).isEqualTo(migrate(h2()));
        } finally {
            nodes.shutdown();
        }
    }

    private static int migrate(DataSource dataSource) {
        return Flyway.configure().dataSource(dataSource).load().migrate().migrationsExecuted;
    }

    private static DataSource h2() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return h2;
    }

    private static DataSource postgresql(PostgresqlServer server) {
        PostgresqlServer.Database database = server.database("commands-" + UUID.randomUUID());
        PGSimpleDataSource postgresql = new PGSimpleDataSource();
        postgresql.setURL(database.url());
        postgresql.setUser(database.user());
        postgresql.setPassword(database.password());
        return postgresql;
    }

    private static String seal(MasterKey key, String purpose) {
        return key.seal(purpose, "secret".getBytes(StandardCharsets.UTF_8));
    }

    private static String opened(DataSource dataSource, String table, String column, String purpose)
            throws SQLException {
        String sealed = rows(dataSource, "select " + column + " from " + table).get(0).get(0);
        return new String(NEW.open(purpose, sealed), StandardCharsets.UTF_8);
    }

    private static void execute(DataSource dataSource, String... statements) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            for (String statement : statements) {
                connection.createStatement().execute(statement);
            }
        }
    }

    /** Each row as the texts of its values. */
    private static List<List<String>> rows(DataSource dataSource, String query) throws SQLException {
        List<List<String>> all = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                ResultSet rows = connection.createStatement().executeQuery(query)) {
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    row.add(String.valueOf(rows.getObject(column)));
                }
                all.add(row);
            }
        }
        return all;
    }
}
