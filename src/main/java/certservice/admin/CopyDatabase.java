package certservice.admin;

import certservice.settings.CertserviceDataSource;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * A command for operators: copies everything from the database of the settings into another, empty one, such as from
 * the H2 file to PostgreSQL. {@code docs/database.md} shows its use. The service is stopped meanwhile.
 */
public final class CopyDatabase {

    private static final String USAGE = "Usage: java -cp 'WEB-INF/classes:WEB-INF/lib/*' -Dcertservice.data.dir=…"
            + " certservice.admin.CopyDatabase <JDBC URL of the new database> [<user> [<file with the password>]]";

    /** These are filled in both databases by the scripts themselves. */
    private static final Set<String> NOT_COPIED = Set.of("flyway_schema_history", "rate_limit_lock");

    /** The scripts put a first row there, in whose place the old database's comes. */
    private static final Set<String> REPLACED = Set.of("audit_head");
    private static final int BATCH = 500;

    private final DataSource from;
    private final DataSource to;
    private final PrintStream out;

    CopyDatabase(DataSource from, DataSource to, PrintStream out) {
        this.from = from;
        this.to = to;
        this.out = out;
    }

    public static void main(String[] arguments) {
        if (arguments.length < 1 || arguments.length > 3) {
            System.err.println(USAGE);
            System.exit(2);
        }
        try {
            new CopyDatabase(new CertserviceDataSource(), CertserviceDataSource.of(arguments[0],
                    arguments.length > 1 ? arguments[1] : null, arguments.length > 2 ? arguments[2] : null), System.out)
                    .run();
        } catch (SQLException | RuntimeException e) {
            System.err.println("Nothing was copied: " + e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Copies in one transaction.
     *
     * @throws IllegalStateException if the old database has not this version's schema, or the new one has rows already
     */
    void run() throws SQLException {
        requireCurrentSchema();
        flyway(to).migrate();
        try (Connection source = from.getConnection(); Connection target = to.getConnection()) {
            source.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            source.setAutoCommit(false);
            target.setAutoCommit(false);
            Set<String> tables = tables(target);
            for (String table : tables) {
                if (!REPLACED.contains(table)) {
                    requireEmpty(target, table);
                }
            }
            for (String table : REPLACED) {
                clear(target, table);
            }
            for (String table : tables) {
                out.println(table + ": " + copy(source, target, table));
            }
            target.commit();
            source.rollback();
        }
    }

    private void requireCurrentSchema() {
        try {
            flyway(from).validate();
        } catch (FlywayException e) {
            throw new IllegalStateException("the old database has not this version's schema; start the service with it"
                    + " once before", e);
        }
    }

    private static Flyway flyway(DataSource dataSource) {
        return Flyway.configure(CopyDatabase.class.getClassLoader()).dataSource(dataSource).load();
    }

    /** In an order in which every row finds those that it refers to. */
    private static Set<String> tables(Connection connection) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        Set<String> names = new TreeSet<>();
        try (ResultSet tables = metaData.getTables(connection.getCatalog(), connection.getSchema(), null,
                new String[] {"TABLE", "BASE TABLE"})) {
            while (tables.next()) {
                names.add(tables.getString("TABLE_NAME"));
            }
        }
        names.removeIf(name -> NOT_COPIED.contains(name.toLowerCase(Locale.ROOT)));
        Set<String> ordered = new LinkedHashSet<>();
        for (String name : names) {
            addWithReferred(connection, name, ordered);
        }
        return ordered.stream().map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static void addWithReferred(Connection connection, String table, Set<String> ordered) throws SQLException {
        List<String> referred = new ArrayList<>();
        try (ResultSet keys = connection.getMetaData().getImportedKeys(connection.getCatalog(), connection.getSchema(),
                table)) {
            while (keys.next()) {
                referred.add(keys.getString("PKTABLE_NAME"));
            }
        }
        for (String other : referred) {
            if (!other.equals(table) && !ordered.contains(other)) {
                addWithReferred(connection, other, ordered);
            }
        }
        ordered.add(table);
    }

    private static void requireEmpty(Connection target, String table) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery("select 1 from " + table)) {
            if (row.next()) {
                throw new IllegalStateException("the new database is not empty: table " + table + " has rows");
            }
        }
    }

    private static void clear(Connection target, String table) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.executeUpdate("delete from " + table);
        }
    }

    private static long copy(Connection source, Connection target, String table) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.setFetchSize(BATCH);
            try (ResultSet rows = statement.executeQuery("select * from " + table);
                    PreparedStatement insert = target.prepareStatement(insert(table, rows.getMetaData()))) {
                return copy(rows, insert);
            }
        }
    }

    private static String insert(String table, ResultSetMetaData columns) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            names.add(columns.getColumnName(column));
        }
        return "insert into " + table + " (" + String.join(", ", names) + ") values ("
                + IntStream.range(0, names.size()).mapToObj(each -> "?").collect(Collectors.joining(", ")) + ")";
    }

    private static long copy(ResultSet rows, PreparedStatement insert) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        long count = 0;
        while (rows.next()) {
            for (int column = 1; column <= columns; column++) {
                insert.setObject(column, portable(rows.getObject(column)));
            }
            insert.addBatch();
            count++;
            if (count % BATCH == 0) {
                insert.executeBatch();
            }
        }
        insert.executeBatch();
        return count;
    }

    /** PostgreSQL's driver gives a time with time zone as a {@link Timestamp}, whose zone would be the JVM's. */
    private static Object portable(Object value) {
        return value instanceof Timestamp timestamp ? timestamp.toInstant().atOffset(ZoneOffset.UTC) : value;
    }
}
