/**
 * What operators and admins do: bring the service up, watch whether it is, and set up keys, domains and DNS providers.
 *
 * <ul>
 * <li>R6.1 What goes wrong at start stops the deployment, with one message that says how to mend it. A database that
 * is not there yet is awaited instead; callers get 503 meanwhile.</li>
 * <li>R6.2 An import is applied as a whole or not at all; applying it again does no harm.</li>
 * <li>R6.3 Keys and secrets are never shown, not even in a message about them.</li>
 * <li>R6.4 Whoever asks for the node's health learns up or down and no more, within seconds, whatever hangs.</li>
 * </ul>
 *
 * <p>It does not issue certificates.
 *
 * <p>Entry points: {@link certservice.admin.Startup} and {@link certservice.admin.HealthResource}, called by the
 * server; {@link certservice.admin.Readiness}; the
 * commands {@link certservice.admin.CopyDatabase} and {@link certservice.admin.ChangeMasterKey}, which operators run
 * beside the service: they use nothing of a server.
 */
package certservice.admin;
