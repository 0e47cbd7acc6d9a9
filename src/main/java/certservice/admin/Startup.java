package certservice.admin;

import certservice.problem.Outage;
import certservice.settings.Configuration;
import certservice.settings.Settings;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Brings the service up before the first request: settings, schema, import file. What goes wrong here stops the
 * deployment, except that the database is not there.
 */
@WebListener
public class Startup implements ServletContextListener {

    private static final Logger LOG = System.getLogger(Startup.class.getName());

    @Inject
    Configuration configuration;

    @Inject
    Instance<Settings> settings;

    @Inject
    Readiness readiness;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        try {
            configuration.read(event.getServletContext());
            readiness.bringUp(FirstRun.on(event.getServletContext()));
            warnAboutTerms();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "certservice does not start: {0}",
                    Outage.isIn(e) ? Outage.summary(e) : e.getMessage());
            throw e;
        }
    }

    private void warnAboutTerms() {
        if (!settings.get().acmeTermsAgreed()) {
            LOG.log(Level.WARNING, "Setting certservice.acme.terms-agreed is not true: no ACME account can be made,"
                    + " and without one there are no certificates");
        }
    }
}
