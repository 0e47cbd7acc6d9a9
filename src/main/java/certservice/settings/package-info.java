/**
 * The configuration: read and checked once, at start.
 *
 * <ul>
 * <li>R1.1 A value that can't be used stops the deployment with a message that names setting, value and what is
 * allowed; the value of a secret is never shown.</li>
 * <li>R1.2 Nobody else reads system properties, environment variables or context parameters.</li>
 * <li>R1.3 What the database must not show is sealed by {@link certservice.settings.MasterKey}; what not even we may
 * read without its owner, by a {@link certservice.settings.SealingKey} of that owner's secret too.</li>
 * <li>R1.4 What was committed to the H2 file is found there, at whatever moment the process was killed.</li>
 * <li>R1.5 When the application ends, its own database is closed, and nobody can open it there any more.</li>
 * </ul>
 *
 * <p>It knows nothing of the other rooms, and does not reread a setting while the service runs.
 *
 * <p>Entry points: {@link certservice.settings.Settings} (with {@link certservice.settings.AcmeLimits}) and
 * {@link certservice.settings.MasterKey}, both injected; {@link certservice.settings.SealingKey};
 * {@link certservice.settings.CertserviceDataSource}, named in {@code web.xml};
 * {@link certservice.settings.Network} and {@link certservice.settings.IpAddress}, which need no setting.
 */
package certservice.settings;
