package certservice;

import certservice.harness.PostgresqlServer;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import jakarta.persistence.Persistence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database with our schema from the real scripts, and our entities over EclipseLink, without a server. There is one
 * of each kind in a test run: H2 in memory always, PostgreSQL where it is installed.
 */
public final class TestDatabase {

    private static final List<String> TABLES = List.of("idempotent_request", "order_summary", "certificate_order",
            "order_batch", "api_key_domain", "api_key_use", "api_key", "domain", "domain_validation", "dns_provider",
            "http_challenge", "acme_account", "rate_limit", "guess", "audit_entry");
    private static final Optional<TestDatabase> POSTGRESQL =
            PostgresqlServer.shared().map(server -> new TestDatabase("PostgreSQL", postgresql(server.url())));
    private static final TestDatabase H2 = new TestDatabase("H2", h2());

    private final String name;
    private final DataSource dataSource;
    private final EntityManagerFactory factory;

    private TestDatabase(String name, DataSource dataSource) {
        this.name = name;
        this.dataSource = dataSource;
        Flyway.configure().dataSource(dataSource).load().migrate();
        factory = factory(dataSource);
    }

    /** Does the work in a transaction of its own, on a database that has our schema already. */
    public static void inTransaction(DataSource dataSource, Consumer<EntityManager> work) {
        try (EntityManagerFactory factory = factory(dataSource);
                EntityManager entityManager = factory.createEntityManager()) {
            entityManager.getTransaction().begin();
            work.accept(entityManager);
            entityManager.getTransaction().commit();
        }
    }

    private static EntityManagerFactory factory(DataSource dataSource) {
        return Persistence.createEntityManagerFactory("certservice", Map.of(
                "jakarta.persistence.transactionType", "RESOURCE_LOCAL",
                "jakarta.persistence.jtaDataSource", "",
                "jakarta.persistence.nonJtaDataSource", dataSource,
                "eclipselink.logging.level", "OFF"));
    }

    /** Every kind of database that there is here, empty; the arguments of a parameterized class. */
    public static Stream<TestDatabase> each() {
        return Stream.concat(Stream.of(H2), POSTGRESQL.stream());
    }

    /** Removes every row. */
    public void clear() {
        inTransaction(entityManager -> {
            TABLES.forEach(table -> entityManager.createNativeQuery("delete from " + table).executeUpdate());
            entityManager.createNativeQuery("update audit_head set last_number = 0, last_hash = '" + "0".repeat(64)
                    + "', seal = null, sealed_key = null").executeUpdate();
        });
    }

    /** Past the entities, as whoever has the database. */
    public DataSource dataSource() {
        return dataSource;
    }

    /** Does the work in a transaction of its own, which is rolled back if the work throws. */
    public <T> T transactionally(Function<EntityManager, T> work) {
        try (EntityManager entityManager = factory.createEntityManager()) {
            EntityTransaction transaction = entityManager.getTransaction();
            transaction.begin();
            try {
                T result = work.apply(entityManager);
                transaction.commit();
                return result;
            } finally {
                if (transaction.isActive()) {
                    transaction.rollback();
                }
            }
        }
    }

    /** As {@link #transactionally}, for work without a result. */
    public void inTransaction(Consumer<EntityManager> work) {
        transactionally(entityManager -> {
            work.accept(entityManager);
            return null;
        });
    }

    /** Every value of every row of a table, as text: what somebody sees who has the database. */
    public List<String> everythingIn(String table) {
        return transactionally(entityManager -> {
            List<?> rows = entityManager.createNativeQuery("select * from " + table).getResultList();
            return rows.stream().flatMap(row -> Stream.of((Object[]) row)).map(String::valueOf).toList();
        });
    }

    @Override
    public String toString() {
        return name;
    }

    private static DataSource h2() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return h2;
    }

    private static DataSource postgresql(String url) {
        PGSimpleDataSource postgresql = new PGSimpleDataSource();
        postgresql.setURL(url);
        return postgresql;
    }
}
