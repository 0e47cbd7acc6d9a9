/**
 * Who did what, and when: one chain of entries for all nodes, to which is only ever added, and which shows what was
 * changed or removed in it.
 *
 * <ul>
 * <li>R9.1 A change and its entry are committed together: {@link certservice.audit.AuditTrail} writes in the
 * transaction of its caller.</li>
 * <li>R9.2 Each entry holds the HMAC of itself and of the one before. Its key is random and sealed under the master
 * key: who has the database alone can neither make an entry nor change one unnoticed.</li>
 * <li>R9.3 Entries are numbered without gaps, in the order in which they were committed; the number and hash of the
 * last one are sealed too, so that what is cut off at the end is missed.</li>
 * <li>R9.4 An entry never holds a secret: neither an API key, nor its hash, nor a private key, nor a password.</li>
 * <li>R9.5 No entry is changed or deleted by this service.</li>
 * <li>R9.6 Who found the chain broken goes on, but says so in the chain first: nothing is covered up by what is written
 * after it.</li>
 * </ul>
 *
 * <p>It does not decide what is worth an entry: that is up to the rooms. It sends nothing to other systems.
 *
 * <p>Entry points: {@link certservice.audit.AuditTrail} takes an {@link certservice.audit.AuditEvent}; an
 * {@link certservice.audit.Origin} says who asked, from where. {@link certservice.audit.AuditLog} reads and exports
 * {@link certservice.audit.AuditEntry}; {@link certservice.audit.AuditVerifier} and the command
 * {@link certservice.audit.VerifyAudit} verify; {@link certservice.audit.Witness} tells the log what the chain's end
 * is.
 */
package certservice.audit;
