package certservice.admin;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Whether this node can do its work: its start is complete, and its database answers. */
@ApplicationScoped
public class Health {

    /** Less than the time-out of any load balancer's check. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** However many ask, the database is asked about once a second. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    @Inject
    Readiness readiness;

    @Resource
    ManagedThreadFactory threads;

    private ThreadPoolExecutor executor;
    private BoundedCheck database;

    @PostConstruct
    void open() {
        executor = new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        executor.allowCoreThreadTimeOut(true);
        database = new BoundedCheck(readiness::databaseAnswers, LIMIT, FRESH, executor, System::nanoTime);
    }

    @PreDestroy
    void close() {
        executor.shutdownNow();
    }

    /** Answers within two seconds, whatever the database does. */
    public boolean isUp() {
        return readiness.isUp() && database.passes();
    }
}
