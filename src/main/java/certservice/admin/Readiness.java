package certservice.admin;

import certservice.audit.Witness;
import certservice.order.OrderEngine;
import certservice.problem.Outage;
import certservice.settings.CertserviceDataSource;
import certservice.settings.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Whether this node can work: its database has the schema and what the import file says. A database that is not there
 * at start is awaited in the background; {@link UntilReady} answers callers meanwhile.
 */
@ApplicationScoped
public class Readiness {

    private static final Logger LOG = System.getLogger(Readiness.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int ANSWER_SECONDS = 2;

    @Inject
    Settings settings;

    @Inject
    ConfigurationImport configurationImport;

    @Inject
    OrderEngine orders;

    @Inject
    Witness witness;

    @Resource(lookup = "java:app/jdbc/certservice")
    DataSource dataSource;

    @Resource
    ManagedThreadFactory threads;

    private final Instant started = Instant.now();
    private volatile boolean up;
    private Thread waiting;

    /** Whether this node has what it needs in the database. Once true, it stays so, also while the database is gone. */
    public boolean isUp() {
        return up;
    }

    /** When this node was deployed. */
    public Instant started() {
        return started;
    }

    /** Whether the database answers now; asks it. Takes as long as the server's pool makes it wait. */
    public boolean databaseAnswers() {
        try (Connection connection = dataSource.getConnection()) {
            return connection.isValid(ANSWER_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }

    /**
     * Brings the database up to date, now or, if it is not there, as soon as it is.
     *
     * @param firstRun what operators are told if there is no key afterwards
     * @throws RuntimeException if the database or the import file are there and can't be used
     */
    void bringUp(FirstRun firstRun) {
        Optional<ImportFile> file = settings.importFile().map(ImportFile::read);
        try {
            prepare(file, firstRun);
        } catch (RuntimeException e) {
            if (!Outage.isIn(e) || Outage.isRefusal(e)) {
                throw e;
            }
            LOG.log(Level.WARNING, "The database is not available; requests are answered with 503 until it is, which"
                    + " is tried every {0} s: {1}", PAUSE.toSeconds(), Outage.summary(e));
            waiting = threads.newThread(() -> keepTrying(file, firstRun));
            waiting.start();
        }
    }

    @PreDestroy
    void close() {
        if (waiting != null) {
            waiting.interrupt();
        }
        CertserviceDataSource.end();
    }

    private void keepTrying(Optional<ImportFile> file, FirstRun firstRun) {
        try {
            do {
                Thread.sleep(PAUSE.toMillis());
            } while (!isPrepared(file, firstRun));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "certservice can not work, and answers every request with 503 until it is mended and"
                    + " started again: {0}", e.getMessage());
        }
    }

    private boolean isPrepared(Optional<ImportFile> file, FirstRun firstRun) {
        try {
            prepare(file, firstRun);
            LOG.log(Level.INFO, "The database is there; the service is up");
            return true;
        } catch (RuntimeException e) {
            if (!Outage.isIn(e)) {
                throw e;
            }
            LOG.log(Level.DEBUG, "The database is still not available", e);
            return false;
        }
    }

    private void prepare(Optional<ImportFile> file, FirstRun firstRun) {
        Flyway.configure(Readiness.class.getClassLoader()).dataSource(dataSource).load().migrate();
        file.ifPresent(this::importFrom);
        if (file.isEmpty() && FirstRun.isWithoutKeys(dataSource)) {
            firstRun.lines().forEach(line -> LOG.log(Level.INFO, line));
        }
        witness.attend();
        orders.attend();
        up = true;
    }

    private void importFrom(ImportFile file) {
        try {
            configurationImport.apply(file);
        } catch (EJBException anotherNodeWroteTheSameRows) {
            configurationImport.apply(file);
        }
        LOG.log(Level.INFO, "Imported keys and domains from {0}", settings.importFile().orElseThrow());
    }
}
