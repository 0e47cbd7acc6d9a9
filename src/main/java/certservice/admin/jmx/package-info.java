/**
 * The JMX face of the administration: what jconsole and the management connections of the servers show and can do.
 *
 * <ul>
 * <li>R6.10 MBeans {@code certservice:type=…} are there as long as the WAR is deployed. Of two WARs in one JVM the
 * first has them; the second says so in the log and runs without.</li>
 * <li>R6.11 Only what every client understands crosses the wire: open types and exceptions of the JDK. Times are ISO
 * 8601 texts, lists in parameters are texts too, so that jconsole can fill them in.</li>
 * <li>R6.12 Every attribute, operation and parameter has a name and a description.</li>
 * <li>R6.13 Messages name field, value and what is allowed, never a secret; what is unexpected is in the log only.</li>
 * </ul>
 *
 * <p>It has no logic and no login of its own: who may connect is decided by the server's management connection, and
 * what is done by the {@code *Administration} beans of {@code admin}, which knows nothing of this room.
 *
 * <p>Entry point: {@link certservice.admin.jmx.MBeans}, called by the server. A new operation is a method with
 * {@link certservice.admin.jmx.Described} in the class of its MBean.
 */
package certservice.admin.jmx;
