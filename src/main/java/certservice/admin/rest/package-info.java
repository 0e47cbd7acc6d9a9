/**
 * The administration as a REST API below {@code /admin/api}, for portals and scripts; {@code docs/admin-api.md} is its
 * page, {@code /openapi.json} its description.
 *
 * <ul>
 * <li>R13.1 Who calls is a user of the server's own realm, with Basic credentials in each request; there is no session.
 * An API key opens nothing here, and credentials open nothing below {@code /api}: the two are applications of their own
 * ({@link certservice.admin.rest.AdminApplication}, {@code certservice.RestApplication}), each listing what belongs to
 * it.</li>
 * <li>R13.2 Auditors may look and have the audit log verified, and change nothing.</li>
 * <li>R13.3 A page of another site can change nothing through an administrator's browser.</li>
 * <li>R13.4 What was changed meanwhile is not overwritten: {@code If-Match} is required where something is replaced or
 * removed.</li>
 * <li>R13.5 A resource parses, delegates to the administration's beans and renders; what can be done is decided
 * there.</li>
 * </ul>
 *
 * <p>Entry points: {@link certservice.admin.rest.AdminGate} and {@link certservice.admin.rest.AdminApplication}, called
 * by the server.
 */
package certservice.admin.rest;
