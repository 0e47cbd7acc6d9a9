package certservice.audit;

import certservice.TestDatabase;
import certservice.settings.MasterKey;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** Chains of entries about nothing. */
public final class ChainOfTests {

    private ChainOfTests() {
    }

    /** Appends so many entries, each in a transaction of its own, on a node that has just started. */
    public static void append(DataSource dataSource, MasterKey masterKey, int entries) {
        AuditNode node = AuditTrails.node(masterKey);
        IntStream.rangeClosed(1, entries).forEach(number -> TestDatabase.inTransaction(dataSource,
                entityManager -> AuditTrails.of(entityManager, node).record(event(number))));
    }

    static void append(EntityManager entityManager, AuditNode node, int number) {
        AuditTrails.of(entityManager, node).record(event(number));
    }

    /** With a value in every field. */
    static AuditEvent event(int number) {
        return AuditEvent.of(Action.CERTIFICATE_ISSUED).by(Actor.apiKey("k" + number, "Größe")).from("192.0.2.1")
                .request("r" + number).names(List.of("www.example.com", "example.com")).serial("0" + number)
                .because("for a test");
    }
}
