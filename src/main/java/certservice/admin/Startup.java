package certservice.admin;

import certservice.settings.Configuration;
import certservice.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Brings the service up before the first request: settings, schema, import file. What goes wrong here stops the
 * deployment.
 */
@WebListener
public class Startup implements ServletContextListener {

    private static final Logger LOG = System.getLogger(Startup.class.getName());

    @Inject
    Configuration configuration;

    @Inject
    Instance<Settings> settings;

    @Inject
    ConfigurationImport configurationImport;

    @Resource(lookup = "java:app/jdbc/certservice")
    DataSource dataSource;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        try {
            configuration.read(event.getServletContext());
            migrate();
            settings.get().importFile().ifPresent(this::importFrom);
            warnAboutTerms();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "certservice does not start: {0}", e.getMessage());
            throw e;
        }
    }

    private void migrate() {
        Flyway.configure(Startup.class.getClassLoader()).dataSource(dataSource).load().migrate();
    }

    private void importFrom(Path file) {
        configurationImport.apply(ImportFile.read(file));
        LOG.log(Level.INFO, "Imported keys and domains from {0}", file);
    }

    private void warnAboutTerms() {
        if (!settings.get().acmeTermsAgreed()) {
            LOG.log(Level.WARNING, "Setting certservice.acme.terms-agreed is not true: no ACME account can be made,"
                    + " and without one there are no certificates");
        }
    }
}
