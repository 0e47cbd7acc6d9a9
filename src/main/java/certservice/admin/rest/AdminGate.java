package certservice.admin.rest;

import certservice.admin.Administrator;
import certservice.admin.LoginGuard;
import certservice.admin.LoginTurns;
import certservice.apikey.ClientAddress;
import certservice.apikey.SlowAnswers;
import certservice.audit.Action;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import certservice.problem.Failure;
import certservice.problem.FailureAnswer;
import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.UUID;

/**
 * Lets a request to {@code /admin/api} in if it carries the credentials of an administrator, or of an auditor who only
 * looks; {@code web.xml} puts it before JAX-RS. It asks the server's own realm, for this one request: the login ends
 * before the request goes on, and leaves no session.
 *
 * <p>A filter of JAX-RS could not do it: it has to answer at once, or hold a request thread; and what a server's login
 * leaves behind is to be gone before the answer begins.
 */
public class AdminGate implements Filter {

    private static final Logger LOG = System.getLogger(AdminGate.class.getName());

    private static final String VERIFICATION = "/admin/api/audit/verify";

    private final LoginGuard guard = new LoginGuard();
    private final LoginTurns turns = new LoginTurns();
    Clock clock = Clock.systemUTC();

    @Inject
    ClientAddress clientAddress;

    @Inject
    SlowAnswers slowAnswers;

    @Inject
    AuditTrail audit;

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        request.removeAttribute(LoggedIn.ATTRIBUTE);
        if (isIn(request, response)) {
            chain.doFilter(request, response);
        }
    }

    private boolean isIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long arrived = System.nanoTime();
        String id = UUID.randomUUID().toString();
        try {
            SameSite.require(request);
            BasicCredentials credentials = BasicCredentials.of(Collections.list(request.getHeaders("Authorization")))
                    .orElseThrow(AdminGate::unauthorized);
            String address = clientAddress.of(request);
            Optional<LoggedIn> who = logInAtItsTurn(credentials, address, request);
            if (who.isEmpty()) {
                LoginGuard.Consequence consequence = guard.failed(address, clock.instant());
                putDown(consequence, address, id);
                slowAnswers.give(consequence.refusedFor().map(AdminGate::tooMany).orElseGet(AdminGate::unauthorized),
                        BasicCredentials.CHALLENGE, id, arrived, consequence.slower(), request, response);
                return false;
            }
            requireRight(who.get(), request);
            request.setAttribute(LoggedIn.ATTRIBUTE, who.get());
            return true;
        } catch (RuntimeException e) {
            FailureAnswer.write(AdminFailureMapper.failureIn(e), BasicCredentials.CHALLENGE, id, request, response);
            return false;
        }
    }

    /** Neither log nor audit trail can be filled: what is beyond the limit is not put down. */
    private void putDown(LoginGuard.Consequence consequence, String address, String id) {
        if (consequence.refusedFor().isEmpty()) {
            LOG.log(Level.WARNING, "Request {0}: a login as administrator failed; from {1}", id, address);
            audit.record(AuditEvent.of(Action.ADMIN_LOGIN_FAILED).from(address).request(id).because("via rest"));
        }
    }

    /** @throws Failure 429 if this user has failed so often from there that it isn't this request's turn */
    private Optional<LoggedIn> logInAtItsTurn(BasicCredentials credentials, String address,
            HttpServletRequest request) {
        LoginTurns.Turn turn = turns.enter(address, credentials.user(), clock.instant());
        if (!turn.isGiven()) {
            throw Failure.busy("Too many logins of this user failed from this address, so the credentials were not"
                    + " looked at. They will be if they are sent again later", turn.delay());
        }
        boolean failed = false;
        try {
            Optional<LoggedIn> who = logIn(credentials, address, request);
            failed = who.isEmpty();
            return who;
        } finally {
            turns.left(turn, failed, clock.instant());
        }
    }

    /**
     * @return empty if the server does not accept the credentials
     * @throws Failure 403 if the user has neither of the roles
     */
    private static Optional<LoggedIn> logIn(BasicCredentials credentials, String address, HttpServletRequest request) {
        if (request.getUserPrincipal() != null) {
            throw Failure.badRequest("The request carries a session of the page; here it must be without one");
        }
        boolean hadSession = request.getSession(false) != null;
        try {
            request.login(credentials.user(), credentials.password());
        } catch (ServletException refused) {
            return Optional.empty();
        }
        try {
            boolean mayChange = request.isUserInRole(Administrator.ROLE);
            if (!mayChange && !request.isUserInRole(Administrator.AUDITOR)) {
                throw Failure.http(403, "This user has neither the role " + Administrator.ROLE + " nor "
                        + Administrator.AUDITOR);
            }
            return Optional.of(new LoggedIn(new Administrator(request.getRemoteUser(), address, "rest"), mayChange));
        } finally {
            logOut(hadSession, request);
        }
    }

    /** Some servers make a session for a login, to remember it. */
    private static void logOut(boolean hadSession, HttpServletRequest request) {
        try {
            request.logout();
        } catch (ServletException e) {
            LOG.log(Level.DEBUG, "The server did not end a login", e);
        }
        HttpSession session = request.getSession(false);
        if (!hadSession && session != null) {
            session.invalidate();
        }
    }

    private static void requireRight(LoggedIn who, HttpServletRequest request) {
        String method = request.getMethod();
        if (!who.mayChange() && !method.equals("GET") && !method.equals("HEAD") && !isVerification(request)) {
            throw Failure.http(403, "An auditor may look, but change nothing: GET, HEAD and POST " + VERIFICATION
                    + " are allowed");
        }
    }

    /** It changes nothing; it is a POST because it takes its time. As it is written, so that no other path is meant. */
    private static boolean isVerification(HttpServletRequest request) {
        return request.getMethod().equals("POST")
                && request.getRequestURI().equals(request.getContextPath() + VERIFICATION);
    }

    private static Failure unauthorized() {
        return Failure.http(401, "The credentials of an administrator are needed");
    }

    private static Failure tooMany(Duration wait) {
        return Failure.busy("Too many logins failed from this address. Right credentials are accepted all the same",
                wait);
    }
}
