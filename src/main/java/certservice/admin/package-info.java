/**
 * What operators and admins do: bring the service up, watch whether it is, set up keys, domains and DNS providers, and
 * see and handle what was ordered, the accounts at the CAs and the audit trail.
 *
 * <ul>
 * <li>R6.1 What goes wrong at start stops the deployment, with one message that says how to mend it. A database that
 * is not there yet is awaited instead; callers get 503 meanwhile. Without any key the log says how to make one.</li>
 * <li>R6.2 An import is applied as a whole or not at all; applying it again does no harm.</li>
 * <li>R6.3 Keys and secrets are never shown, not even in a message about them.</li>
 * <li>R6.4 Whoever asks for the node's health learns up or down and no more, within seconds, whatever hangs.</li>
 * <li>R6.5 What administrators see and do is decided in this room once, in the beans named {@code …Administration};
 * their faces {@code admin.rest}, {@code admin.page} and {@code admin.jmx} only parse and render, and nothing here
 * knows of them. Every change is in the audit trail, in the transaction of the change unless the CA made it. What an
 * import file may say of a key or a domain and what an administrator may is checked by the same code.</li>
 * </ul>
 *
 * <p>It does not issue certificates.
 *
 * <p>Entry points: {@link certservice.admin.Startup} and {@link certservice.admin.HealthResource}, called by the
 * server; {@link certservice.admin.Readiness}; the beans of R6.5; the
 * commands {@link certservice.admin.CopyDatabase} and {@link certservice.admin.ChangeMasterKey}, which operators run
 * beside the service: they use nothing of a server.
 */
package certservice.admin;
