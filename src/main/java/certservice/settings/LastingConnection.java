package certservice.settings;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * A connection that outlives the outages of its database. Servers keep connections in pools, and most of them hand a
 * dead one out again unless an admin has told them to test it; each server has another way to be told.
 *
 * <p>The real connection is opened when a transaction first needs it, and is replaced before a transaction if it has
 * died. Within a transaction it never is: that one fails as a whole. So a server also starts while the database is
 * down; a persistence provider that asks what kind of database this is hears what the URL says.
 *
 * <p>A pool before it must not keep statements (see {@code max-statements} in {@code web.xml}): one that is run without
 * having been made here begins a transaction that nobody knows of. As every connection, it is for one thread at a time.
 */
final class LastingConnection implements InvocationHandler {

    private static final Logger LOG = System.getLogger(LastingConnection.class.getName());

    private static final int TEST_SECONDS = 5;
    private static final String H2 = "H2";

    /** What a database that can't be asked is taken for; no provider makes a difference between it and later ones. */
    private static final int OLDEST = 13;

    private final Connector connector;
    private final String product;
    private Connection real;
    private boolean closed;
    private boolean inTransaction;
    private boolean autoCommit = true;
    private Integer isolation;
    private Boolean readOnly;

    private LastingConnection(Connector connector, String product) {
        this.connector = connector;
        this.product = product;
    }

    /** Opens a real connection. */
    interface Connector {
        Connection connect() throws SQLException;
    }

    /** @param product the database's name as its driver tells it; {@code null} if only the database knows */
    static Connection to(Connector connector, String product) {
        return proxy(Connection.class, new LastingConnection(connector, product));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "equals":
                return proxy == arguments[0];
            case "hashCode":
                return System.identityHashCode(proxy);
            case "toString":
                return "LastingConnection[" + real + "]";
            case "close", "abort":
                closed = true;
                discard();
                return null;
            case "isClosed":
                return closed;
            default:
                if (closed) {
                    throw new SQLException("This connection has been closed", "08003");
                }
                return open(proxy, method, arguments);
        }
    }

    private Object open(Object proxy, Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "setAutoCommit":
                setAutoCommit((Boolean) arguments[0]);
                return null;
            case "getAutoCommit":
                return autoCommit;
            case "commit":
                commit();
                return null;
            case "rollback":
                return arguments == null ? rollback() : onReal(begun(), method, arguments);
            case "setTransactionIsolation":
                isolation = (Integer) arguments[0];
                return real == null ? null : onReal(real, method, arguments);
            case "setReadOnly":
                readOnly = (Boolean) arguments[0];
                return real == null ? null : onReal(real, method, arguments);
            case "getTransactionIsolation":
                return real != null ? real.getTransactionIsolation()
                        : isolation != null ? isolation : Integer.valueOf(Connection.TRANSACTION_READ_COMMITTED);
            case "isReadOnly":
                return real != null ? real.isReadOnly() : readOnly != null && readOnly;
            case "getWarnings", "clearWarnings", "setClientInfo":
                return real == null ? null : onReal(real, method, arguments);
            case "getCatalog", "getSchema":
                return real == null && !isValid(TEST_SECONDS) ? null : onReal(real(), method, arguments);
            case "getHoldability":
                return real == null && !isValid(TEST_SECONDS) ? Integer.valueOf(ResultSet.CLOSE_CURSORS_AT_COMMIT)
                        : onReal(real(), method, arguments);
            case "getTypeMap":
                return real == null && !isValid(TEST_SECONDS) ? Map.of() : onReal(real(), method, arguments);
            case "getNetworkTimeout":
                return real == null && !isValid(TEST_SECONDS) ? Integer.valueOf(0)
                        : onReal(real(), method, arguments);
            case "isValid":
                return isValid((Integer) arguments[0]);
            case "getMetaData":
                return metaData((Connection) proxy);
            case "isWrapperFor":
                return ((Class<?>) arguments[0]).isInstance(proxy) || real().isWrapperFor((Class<?>) arguments[0]);
            case "unwrap":
                return ((Class<?>) arguments[0]).isInstance(proxy) ? proxy : onReal(real(), method, arguments);
            default:
                return onReal(begun(), method, arguments);
        }
    }

    private static Object onReal(Connection real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** The real connection for a statement; a transaction keeps it to its end. */
    private Connection begun() throws SQLException {
        Connection begun = real();
        inTransaction = !autoCommit;
        return begun;
    }

    private Connection real() throws SQLException {
        if (!inTransaction && real != null && !isAlive()) {
            discard();
        }
        if (real == null) {
            real = connect();
        }
        return real;
    }

    /**
     * One round trip for each transaction. H2 says that it is valid, and finds out that it has closed itself after an
     * error of its disk, and opens its file anew, with a statement only.
     */
    private boolean isAlive() throws SQLException {
        if (real.isClosed() || !real.isValid(TEST_SECONDS)) {
            return false;
        }
        if (!H2.equals(product)) {
            return true;
        }
        try (Statement statement = real.createStatement()) {
            return statement.execute("select 1");
        } catch (SQLException e) {
            return false;
        }
    }

    private Connection connect() throws SQLException {
        Connection fresh = connector.connect();
        try {
            if (isolation != null) {
                fresh.setTransactionIsolation(isolation);
            }
            if (readOnly != null) {
                fresh.setReadOnly(readOnly);
            }
            fresh.setAutoCommit(autoCommit);
            return fresh;
        } catch (SQLException e) {
            fresh.close();
            throw e;
        }
    }

    private void discard() {
        Connection dead = real;
        real = null;
        inTransaction = false;
        if (dead != null) {
            try {
                dead.close();
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "A dead connection could not be closed", e);
            }
        }
    }

    /** A transaction that is under way must not get lost in silence. */
    private void setAutoCommit(boolean on) throws SQLException {
        boolean begun = inTransaction;
        autoCommit = on;
        if (real == null) {
            return;
        }
        try {
            real.setAutoCommit(on);
        } catch (SQLException e) {
            discard();
            if (begun) {
                throw e;
            }
        }
        inTransaction = inTransaction && !on;
    }

    private void commit() throws SQLException {
        if (real == null || !inTransaction) {
            return;
        }
        inTransaction = false;
        try {
            if (isH2()) {
                H2Commit.commit(real);
            } else {
                real.commit();
            }
        } catch (SQLException e) {
            discard();
            throw e;
        }
    }

    /** A pool of the server does not say by itself whose it is. */
    private boolean isH2() throws SQLException {
        return H2.equals(product == null ? real.getMetaData().getDatabaseProductName() : product);
    }

    /** What a dead connection had not committed, its database has rolled back. */
    private Object rollback() throws SQLException {
        if (real != null && inTransaction) {
            inTransaction = false;
            try {
                real.rollback();
            } catch (SQLException e) {
                discard();
            }
        }
        return null;
    }

    private boolean isValid(int seconds) {
        try {
            return real().isValid(seconds);
        } catch (SQLException e) {
            return false;
        }
    }

    private DatabaseMetaData metaData(Connection proxy) throws SQLException {
        try {
            return real().getMetaData();
        } catch (SQLException e) {
            if (product == null || inTransaction) {
                throw e;
            }
            return absent(proxy, e);
        }
    }

    /** As much as a persistence provider asks at its start, while there is no database to ask. */
    private DatabaseMetaData absent(Connection connection, SQLException cause) {
        return proxy(DatabaseMetaData.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getDatabaseProductName" -> product;
            case "getDatabaseProductVersion" -> OLDEST + ".0";
            case "getDatabaseMajorVersion" -> OLDEST;
            case "getDatabaseMinorVersion" -> 0;
            case "getConnection" -> absentConnection(connection, cause);
            case "getDriverName" -> product + " JDBC Driver";
            default -> nothing(method.getReturnType(), cause);
        });
    }

    /** Hibernate asks by a query which of PostgreSQL's kin it is; so what is queried here is the product's name. */
    private Connection absentConnection(Connection connection, SQLException cause) {
        ResultSet row = proxy(ResultSet.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "next" -> true;
            case "getString" -> product;
            default -> nothing(method.getReturnType(), cause);
        });
        Statement query = proxy(Statement.class, (proxy, method, arguments) ->
                method.getName().equals("executeQuery") ? row : nothing(method.getReturnType(), cause));
        return proxy(Connection.class, (proxy, method, arguments) ->
                method.getName().equals("createStatement") ? query : onReal(connection, method, arguments));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(LastingConnection.class.getClassLoader(), new Class<?>[] {type},
                handler));
    }

    /** "No" to every question about an ability: providers do without it. */
    private static Object nothing(Class<?> type, SQLException cause) throws SQLException {
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 0;
        }
        if (type == String.class) {
            return "";
        }
        if (type == void.class) {
            return null;
        }
        throw new SQLException(cause.getMessage(), cause.getSQLState(), cause);
    }
}
