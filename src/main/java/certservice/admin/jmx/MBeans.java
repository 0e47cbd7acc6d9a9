package certservice.admin.jmx;

import certservice.admin.AccountAdministration;
import certservice.admin.ApiKeyAdministration;
import certservice.admin.AuditAdministration;
import certservice.admin.CertificateAdministration;
import certservice.admin.DnsProviderAdministration;
import certservice.admin.DomainAdministration;
import certservice.admin.OrderAdministration;
import certservice.admin.SystemAdministration;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Has the MBeans in the JVM's MBean server as long as the WAR is deployed. */
@WebListener
public class MBeans implements ServletContextListener {

    @Inject
    ApiKeyAdministration keys;

    @Inject
    DomainAdministration domains;

    @Inject
    DnsProviderAdministration providers;

    @Inject
    OrderAdministration orders;

    @Inject
    CertificateAdministration certificates;

    @Inject
    AccountAdministration accounts;

    @Inject
    AuditAdministration audit;

    @Inject
    SystemAdministration system;

    private Registration registration;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        registration = new Registration(ManagementFactory.getPlatformMBeanServer(),
                event.getServletContext().getContextPath());
        registration.register(List.of(new ApiKeys(keys), new Domains(domains), new DnsProviders(providers),
                new Orders(orders), new Certificates(certificates), new AcmeAccounts(accounts), new Audit(audit),
                new Health(system)));
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (registration != null) {
            registration.unregister();
        }
    }
}
