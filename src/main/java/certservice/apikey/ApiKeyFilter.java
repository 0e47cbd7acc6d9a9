package certservice.apikey;

import certservice.problem.Failure;
import jakarta.annotation.Priority;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.security.Principal;
import java.util.Set;

/**
 * Tells JAX-RS who is calling, as {@link Gate} has found out. What has come past the gate is refused here, before it is
 * matched: without a key nobody learns which paths and methods there are.
 */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION)
public class ApiKeyFilter implements ContainerRequestFilter {

    /** Load balancers have no key; nothing can be learned there but up or down. */
    private static final String OPEN_PATH = "v1/health";
    private static final Set<String> OPEN_METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    @Override
    public void filter(ContainerRequestContext request) {
        if (isOpen(request)) {
            return;
        }
        if (!(request.getProperty(Gate.CALLER) instanceof Caller caller)) {
            throw Failure.unauthorized();
        }
        request.setSecurityContext(new CallerContext(caller, request.getSecurityContext().isSecure()));
    }

    /** Only this path in exactly this spelling; servers differ in whether it begins with a slash. */
    private static boolean isOpen(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath(false);
        return OPEN_METHODS.contains(request.getMethod())
                && OPEN_PATH.equals(path.startsWith("/") ? path.substring(1) : path);
    }

    private record CallerContext(Caller caller, boolean secure) implements SecurityContext {
        @Override
        public Principal getUserPrincipal() {
            return caller;
        }

        @Override
        public boolean isUserInRole(String role) {
            return false;
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public String getAuthenticationScheme() {
            return "ApiKey";
        }
    }
}
