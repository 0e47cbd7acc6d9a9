package certservice.admin.rest;

import certservice.problem.Failure;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;

/** Tells JAX-RS who is calling, as {@link AdminGate} has found out. What has come past the gate is refused here. */
@PreMatching
@Priority(Priorities.AUTHENTICATION)
public class AdministratorFilter implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext request) {
        if (!(request.getProperty(LoggedIn.ATTRIBUTE) instanceof LoggedIn who)) {
            throw Failure.http(401, "The credentials of an administrator are needed");
        }
        request.setSecurityContext(new Context(who, request.getSecurityContext().isSecure()));
    }

    private record Context(LoggedIn who, boolean secure) implements SecurityContext {
        @Override
        public Principal getUserPrincipal() {
            return who;
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
            return BASIC_AUTH;
        }
    }
}
