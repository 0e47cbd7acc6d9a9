package certservice.problem;

import jakarta.annotation.Resource;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.InvocationContext;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Turns the database's trouble into a 503 where it arises. Servers write a page about every other exception that leaves
 * an EJB; a bean that writes flushes, so that the trouble arises here and not at the commit.
 */
public class DatabaseGuard {

    @Resource(lookup = "java:app/jdbc/certservice")
    DataSource dataSource;

    @AroundInvoke
    Object guard(InvocationContext call) throws Exception {
        try {
            requireDatabase();
            return call.proceed();
        } catch (RuntimeException | SQLException e) {
            throw Outage.in(e).map(Exception.class::cast).orElse(e);
        }
    }

    /**
     * The cheapest call that needs a connection that is alive. EclipseLink would try for ten seconds to connect again.
     */
    private void requireDatabase() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.nativeSQL("select 1");
        }
    }
}
