package certservice.audit;

import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import jakarta.persistence.EntityManager;

/** Audit trails without a server. */
public final class AuditTrails {

    /** Under which {@link #of(EntityManager)} seals the key of the chain. */
    public static final MasterKey MASTER_KEY = MasterKeys.of(1);

    private AuditTrails() {
    }

    /** The trail of a node that has just started. */
    public static AuditTrail of(EntityManager entityManager) {
        return of(entityManager, node(MASTER_KEY));
    }

    static AuditTrail of(EntityManager entityManager, AuditNode node) {
        AuditTrail trail = new AuditTrail();
        trail.entityManager = entityManager;
        trail.node = node;
        return trail;
    }

    /** What was written, for whoever reads it. */
    public static AuditLog log(EntityManager entityManager) {
        AuditLog log = new AuditLog();
        log.entityManager = entityManager;
        return log;
    }

    static AuditNode node(MasterKey masterKey) {
        AuditNode node = new AuditNode();
        node.masterKey = masterKey;
        return node;
    }
}
