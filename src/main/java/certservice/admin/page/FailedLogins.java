package certservice.admin.page;

import certservice.admin.LoginGuard;
import certservice.apikey.ClientAddress;
import certservice.audit.Action;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;

/**
 * Puts down who was shown that a login on the page has failed. The server checks the password, and tells the
 * application nothing but that: some forward the request to the page, some redirect the browser to it.
 */
@Named
@ApplicationScoped
public class FailedLogins {

    private static final Logger LOG = System.getLogger(FailedLogins.class.getName());

    @Inject
    HttpServletRequest request;

    @Inject
    ClientAddress clientAddress;

    @Inject
    AuditTrail audit;

    private final LoginGuard guard = new LoginGuard();
    Clock clock = Clock.systemUTC();

    /** Called before that page is rendered. Beyond the guard's limit nothing is put down: nobody shall fill the log. */
    public void putDown() {
        String address = clientAddress.of(request);
        if (guard.failed(address, clock.instant()).refusedFor().isPresent()) {
            return;
        }
        LOG.log(Level.WARNING, "A login as administrator failed on the page; from {0}", address);
        try {
            audit.record(AuditEvent.of(Action.ADMIN_LOGIN_FAILED).from(address).because("via page"));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A failed login is not in the audit trail", e);
        }
    }
}
