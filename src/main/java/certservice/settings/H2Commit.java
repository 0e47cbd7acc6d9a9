package certservice.settings;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.engine.Session;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * Brings what is committed into the file. H2 has a commit in memory, and in its file some time later, or with
 * {@code WRITE_DELAY=0}, which meant the opposite once, much later; but a server that is killed must not lose what
 * callers were told.
 */
final class H2Commit {

    /** An error code of H2. */
    private static final int ADMIN_RIGHTS_REQUIRED = 90040;

    private H2Commit() {
    }

    /** Commits, and returns when the file has it. A transaction that has written nothing doesn't wait for the disk. */
    static void commit(Connection connection) throws SQLException {
        boolean written = hasWritten(connection);
        connection.commit();
        if (written) {
            MVStore store = storeOf(connection);
            if (store == null) {
                checkpoint(connection);
            } else {
                write(store);
            }
        }
    }

    private static boolean hasWritten(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("call transaction_id()")) {
            return row.next() && row.getString(1) != null;
        }
    }

    /** @return {@code null} if it is in another process or class loader, or has no file */
    private static MVStore storeOf(Connection connection) throws SQLException {
        if (connection.isWrapperFor(JdbcConnection.class)) {
            Session session = connection.unwrap(JdbcConnection.class).getSession();
            if (session instanceof SessionLocal local) {
                MVStore store = local.getDatabase().getStore().getMvStore();
                return store.isPersistent() && !store.isReadOnly() ? store : null;
            }
        }
        return null;
    }

    /**
     * {@code checkpoint sync} does not wait for what H2's own thread, which writes every half a second, has taken in
     * hand but not written yet: a commit among it was told too early. This waits for all that is under way.
     */
    private static void write(MVStore store) throws SQLException {
        try {
            store.commit();
            store.executeFilestoreOperation(store::sync);
        } catch (MVStoreException e) {
            throw new SQLException("What was committed could not be written to the file: " + e.getMessage(), e);
        }
    }

    /** A user without admin rights, in a database of another admin, can't do this. */
    private static void checkpoint(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("checkpoint sync");
        } catch (SQLException e) {
            if (e.getErrorCode() != ADMIN_RIGHTS_REQUIRED) {
                throw e;
            }
        }
    }
}
