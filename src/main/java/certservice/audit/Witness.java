package certservice.audit;

import certservice.settings.MasterKey;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Tells the server's log again and again where the chain ends, and verifies what was added since. Logs go where who
 * changes the database does not get at them; so an older state of the whole chain can't be put in its place unnoticed.
 */
@ApplicationScoped
public class Witness {

    private static final Logger LOG = System.getLogger(Witness.class.getName());
    private static final Duration PAUSE = Duration.ofMinutes(15);

    @Inject
    AuditTrail trail;

    @Inject
    MasterKey masterKey;

    @Resource(lookup = "java:app/jdbc/certservice")
    DataSource dataSource;

    @Resource
    ManagedThreadFactory threads;

    private Thread thread;

    /**
     * Records that this node has started, and begins; once the database is there.
     *
     * @throws IllegalStateException if the chain's key is sealed under another master key, or is gone
     */
    public void attend() {
        trail.record(AuditEvent.of(Action.SERVICE_STARTED));
        thread = threads.newThread(this::watch);
        thread.start();
    }

    @PreDestroy
    void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void watch() {
        AuditVerifier verifier = new AuditVerifier(dataSource, masterKey);
        AuditAnchor known = AuditAnchor.BEGINNING;
        try {
            while (true) {
                known = look(verifier, known);
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first look after a start is at the whole chain. */
    private static AuditAnchor look(AuditVerifier verifier, AuditAnchor known) {
        try {
            AuditReport report = verifier.verifySince(known);
            report.findings().forEach(finding -> LOG.log(Level.ERROR, "The audit chain was changed: {0}", finding));
            if (!report.end().equals(known)) {
                LOG.log(Level.INFO, "The audit chain ends with {0}", report.end());
            }
            return report.end();
        } catch (SQLException | RuntimeException e) {
            LOG.log(Level.WARNING, "The audit chain could not be verified now, which is tried again in {0} minutes:"
                    + " {1}", PAUSE.toMinutes(), e.getMessage());
            return known;
        }
    }
}
