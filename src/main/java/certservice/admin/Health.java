package certservice.admin;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** Whether this node can do its work: its start is complete, and its database answers. */
@ApplicationScoped
public class Health {

    private static final Logger LOG = System.getLogger(Health.class.getName());

    /** Less than the time-out of any load balancer's check. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** However many ask, the database is asked about once a second. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    @Resource(lookup = "java:app/jdbc/certservice")
    DataSource dataSource;

    @Resource
    ManagedThreadFactory threads;

    private ThreadPoolExecutor executor;
    private BoundedCheck database;

    @PostConstruct
    void open() {
        executor = new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        executor.allowCoreThreadTimeOut(true);
        database = new BoundedCheck(this::databaseAnswers, LIMIT, FRESH, executor, System::nanoTime);
    }

    @PreDestroy
    void close() {
        executor.shutdownNow();
    }

    /** Answers within two seconds, whatever the database does. */
    public boolean isUp() {
        return database.passes();
    }

    private boolean databaseAnswers() {
        try (Connection connection = dataSource.getConnection()) {
            return connection.isValid((int) LIMIT.toSeconds());
        } catch (SQLException e) {
            LOG.log(Level.WARNING, "The database does not answer: {0}", e.getMessage());
            return false;
        }
    }
}
