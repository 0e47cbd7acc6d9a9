package certservice.audit;

import certservice.problem.DatabaseGuard;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes what happened, in the transaction of its caller if there is one: a change and its entry are there together, or
 * neither is.
 *
 * <p>To be called last in a transaction, since from then until its end no other entry is written, by any node. Changes
 * that wait in the persistence context are flushed before.
 */
@Stateless
@Interceptors(DatabaseGuard.class)
public class AuditTrail {

    private static final Logger LOG = System.getLogger(AuditTrail.class.getName());

    @PersistenceContext
    EntityManager entityManager;

    @Inject
    AuditNode node;

    /**
     * Appends an entry.
     *
     * @throws IllegalStateException if the chain's key is sealed under another master key, or is gone
     */
    public void record(AuditEvent event) {
        record(List.of(event));
    }

    /** Appends an entry for each, in this sequence; costs little more than one. */
    public void record(List<AuditEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        entityManager.flush();
        Head head = lock();
        String sealed = head.isNew() ? node.freshKey() : head.sealedKey();
        ChainKey key = node.key(sealed);
        List<AuditEvent> all = new ArrayList<>();
        AuditAnchor end = head.end();
        Optional<String> broken = wrong(head, key);
        if (broken.isPresent()) {
            LOG.log(Level.ERROR, "The audit chain was changed: {0}", broken.get());
            all.add(AuditEvent.of(Action.TAMPERING_FOUND).because(broken.get()));
            end = stored().orElse(end);
        }
        all.addAll(events);
        Instant now = Clock.systemUTC().instant();
        for (AuditEvent event : all) {
            AuditEntry entry = new AuditEntry(end, event, node.name(), now, key);
            entityManager.persist(entry);
            end = entry.anchor();
        }
        entityManager.flush();
        entityManager.createNativeQuery("update audit_head set last_number = ?, last_hash = ?, seal = ?,"
                        + " sealed_key = ? where id = ?")
                .setParameter(1, end.number()).setParameter(2, end.hash()).setParameter(3, key.sealOf(end))
                .setParameter(4, sealed).setParameter(5, ChainKey.HEAD).executeUpdate();
    }

    private record Head(AuditAnchor end, String seal, String sealedKey) {
        boolean isNew() {
            return sealedKey == null && end.equals(AuditAnchor.BEGINNING);
        }
    }

    /** The chain's end as it was committed; it stays so until this transaction ends. */
    private Head lock() {
        Object[] row = (Object[]) entityManager.createNativeQuery("select last_number, last_hash, seal, sealed_key"
                        + " from audit_head where id = ? for update")
                .setParameter(1, ChainKey.HEAD).getSingleResult();
        Head head = new Head(new AuditAnchor(((Number) row[0]).longValue(), (String) row[1]), (String) row[2],
                (String) row[3]);
        if (head.sealedKey() == null && !head.isNew()) {
            throw new IllegalStateException("The key of the audit chain is not in the database any more");
        }
        return head;
    }

    /**
     * What is wrong with the chain's end, as far as that is seen at a glance. A sealed end that was the right one
     * earlier is known by the entries behind it, or by this node's memory.
     */
    private Optional<String> wrong(Head head, ChainKey key) {
        long number = head.end().number();
        long before = node.see(number);
        if (!head.isNew() && !key.sealOf(head.end()).equals(head.seal())) {
            return Optional.of("the seal of its end, entry " + number + ", is wrong");
        }
        if (number < before) {
            return Optional.of("it ends with entry " + number + ", though entry " + before + " was there");
        }
        if (before < 0) {
            AuditAnchor last = stored().orElse(AuditAnchor.BEGINNING);
            return last.equals(head.end()) ? Optional.empty()
                    : Optional.of("its last entry is " + last.number() + ", but should be " + number);
        }
        return Optional.empty();
    }

    private Optional<AuditAnchor> stored() {
        return entityManager.createQuery("select e from AuditEntry e order by e.number desc", AuditEntry.class)
                .setMaxResults(1).getResultStream().findFirst().map(AuditEntry::anchor);
    }
}
