package certservice.settings;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The class behind {@code java:app/jdbc/certservice} in {@code web.xml}: an H2 file in the data directory,
 * or what {@code certservice.db.url} or {@code certservice.db.jndi} name. So the same WAR works without any
 * configuration and with the admin's own database.
 *
 * <p>Servers open it before the web application exists, so these settings can't come from a {@code context-param}.
 */
public final class CertserviceDataSource implements DataSource {

    private static final Pattern KIND_OF_URL = Pattern.compile("jdbc:[a-z0-9]+:");

    /** Of one exchange with PostgreSQL: a host that has vanished must not hold requests for ever. */
    private static final int SOCKET_SECONDS = 60;

    /** SQLSTATE "invalid catalog name": as a database that is not there, it does not mend itself. */
    private static final String WRONG_SETTING = "3D000";

    /** H2's own hook would close the file while the server still works. */
    static final String H2_OPTIONS = ";DB_CLOSE_ON_EXIT=FALSE";

    private static final OpenConnections OPEN = new OpenConnections();

    private DataSource target;

    /** Connects when it is first used, and again after an outage. */
    @Override
    public Connection getConnection() throws SQLException {
        DataSource source = target();
        if (source instanceof JdbcDataSource) {
            return LastingConnection.to(() -> OPEN.open(source::getConnection), "H2");
        }
        if (source instanceof PGSimpleDataSource) {
            return LastingConnection.to(() -> OPEN.open(source::getConnection), "PostgreSQL");
        }
        return LastingConnection.to(source::getConnection, null);
    }

    /** The application ends: its database is closed, whatever the server's pool does. A pool of the admin's is not. */
    public static void end() {
        OPEN.end();
    }

    /** The credentials of {@code web.xml} are there because Payara wants some; ours come from the settings. */
    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    private synchronized DataSource target() throws SQLException {
        if (target == null) {
            target = open(SettingSource.ofProcess(Map.of()));
        }
        return target;
    }

    /**
     * Another database than that of the settings, for a command beside the service.
     *
     * @param user         or {@code null}
     * @param passwordFile the path of a text file with the password, or {@code null}
     * @throws WrongSetting if the URL is no database's, or the file can't be read
     */
    public static DataSource of(String url, String user, String passwordFile) throws SQLException {
        Map<String, String> settings = new HashMap<>();
        settings.put("certservice.db.url", url);
        settings.put("certservice.db.user", user);
        settings.put("certservice.db.password-file", passwordFile);
        return open(new SettingSource(settings::get, name -> null, Map.of()));
    }

    static DataSource open(SettingSource source) throws SQLException {
        String jndi = source.get("certservice.db.jndi").orElse(null);
        if (jndi != null) {
            return lookUp(jndi);
        }
        String url = source.get("certservice.db.url").orElse(null);
        String user = source.get("certservice.db.user").orElse(null);
        String password = source.secret("certservice.db.password").orElse(null);
        if (url == null) {
            return h2(CurrentFilePath.URL + dataFile(source), "certservice", "");
        }
        if (url.startsWith("jdbc:h2:")) {
            return h2(url, user, password);
        }
        if (url.startsWith("jdbc:postgresql:")) {
            return postgresql(url, user, password);
        }
        throw wrongUrl(url);
    }

    /** Only its beginning is shown: a URL can hold a password in many places, and drivers quote it as a whole. */
    private static WrongSetting wrongUrl(String url) {
        Matcher beginning = KIND_OF_URL.matcher(url);
        return new WrongSetting("certservice.db.url", beginning.lookingAt() ? beginning.group() + "…" : "(not shown)",
                "a URL that starts with jdbc:h2: or jdbc:postgresql: and that its driver understands", null);
    }

    private static String dataFile(SettingSource source) throws SQLException {
        Path directory = Settings.dataDirectory(source);
        try {
            DataDirectory.create(directory);
        } catch (IOException e) {
            throw new SQLException("Can't create the folder of setting certservice.data.dir: " + directory,
                    WRONG_SETTING, e);
        }
        return directory.resolve("certservice") + H2_OPTIONS;
    }

    private static DataSource h2(String url, String user, String password) {
        CurrentFilePath.register();
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL(CurrentFilePath.url(url));
        h2.setUser(user);
        h2.setPassword(password);
        return h2;
    }

    private static DataSource postgresql(String url, String user, String password) {
        PGSimpleDataSource postgresql = new PGSimpleDataSource();
        try {
            postgresql.setURL(url);
        } catch (IllegalArgumentException e) {
            throw wrongUrl(url);
        }
        if (postgresql.getSocketTimeout() == 0) {
            postgresql.setSocketTimeout(SOCKET_SECONDS);
        }
        if (user != null) {
            postgresql.setUser(user);
        }
        if (password != null) {
            postgresql.setPassword(password);
        }
        return postgresql;
    }

    /** On Payara the thread has no context class loader during deployment, and JNDI needs one. */
    private static DataSource lookUp(String jndi) throws SQLException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(CertserviceDataSource.class.getClassLoader());
        try {
            return (DataSource) new InitialContext().lookup(jndi);
        } catch (NamingException | ClassCastException e) {
            throw new SQLException("Setting certservice.db.jndi = '" + jndi
                    + "': allowed is the JNDI name of a non-JTA datasource of this server", WRONG_SETTING, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        // drivers log through their own loggers
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        target().setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return target().getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        return target().unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || target().isWrapperFor(type);
    }

    /** Some servers set the properties of {@code web.xml} on every data source class; ours come from the settings. */
    public void setUser(String ignored) {
        // see class comment
    }

    /** As {@link #setUser}. */
    public void setPassword(String ignored) {
        // see class comment
    }
}
