package certservice.admin;

import certservice.apikey.Guessing;
import certservice.audit.Action;
import certservice.audit.AuditEvent;
import certservice.audit.AuditNode;
import certservice.audit.AuditTrail;
import certservice.order.OrderEngine;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import certservice.settings.Configuration;
import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.ResourceBundle;
import javax.sql.DataSource;

/** What administrators see of the service itself. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SystemAdministration {

    private static final String VERSION = ResourceBundle.getBundle("certservice.version").getString("version");

    @Inject
    Health health;

    @Inject
    Readiness readiness;

    @Inject
    AuditNode node;

    @Inject
    OrderEngine engine;

    @Inject
    Configuration configuration;

    @Inject
    Guessing guessing;

    @Inject
    AuditTrail audit;

    @Resource(lookup = "java:app/jdbc/certservice")
    DataSource dataSource;

    /** Answers within seconds whatever the database does; what is then unknown is empty or {@code null}. */
    public SystemState state() {
        boolean up = health.isUp();
        return new SystemState(up ? "UP" : "DOWN", VERSION, node.name(), readiness.started(), up ? database() : null,
                engine.running().size(), engine.waiting(), configuration.shown(), up ? refused() : List.of());
    }

    private String database() {
        try (Connection connection = dataSource.getConnection()) {
            DatabaseMetaData database = connection.getMetaData();
            return database.getDatabaseProductName() + " " + database.getDatabaseProductVersion();
        } catch (SQLException e) {
            return null;
        }
    }

    private List<SystemState.RefusedAddress> refused() {
        return guessing.refused(Instant.now()).stream().map(each -> new SystemState.RefusedAddress(each.address(),
                (int) Math.min(Integer.MAX_VALUE, each.guesses()), each.until())).toList();
    }

    /**
     * Serves an address again that was refused for guessing keys.
     *
     * @throws Failure 404 if nothing was counted of it
     */
    @TransactionAttribute(TransactionAttributeType.REQUIRED)
    public void forgive(String address, Administrator by) {
        if (!guessing.forgive(address)) {
            throw Failure.notFound("Nothing is counted of the address " + Quoted.of(address));
        }
        audit.record(by.did(AuditEvent.of(Action.ADDRESS_FORGIVEN).because(address)));
    }
}
