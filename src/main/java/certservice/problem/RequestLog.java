package certservice.problem;

import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Principal;

/**
 * One line in the log for each request: its id, what was asked for, by whom, and how it ended. Never the query. The
 * lower priority puts it behind {@link RequestId} on the way out.
 */
@Provider
@Priority(50)
public class RequestLog implements ContainerResponseFilter {

    private static final Logger LOG = System.getLogger(RequestLog.class.getName());

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        Principal caller = caller(request);
        Level level = caller == null && response.getStatus() == 200 ? Level.DEBUG : Level.INFO;
        LOG.log(level, "Request {0}: {1} {2} by {3}: {4}", response.getHeaderString(RequestId.HEADER),
                Quoted.of(request.getMethod()), Quoted.of(request.getUriInfo().getPath()),
                caller == null ? "nobody known" : Quoted.of(caller.getName()), String.valueOf(response.getStatus()));
    }

    private static Principal caller(ContainerRequestContext request) {
        SecurityContext security = request.getSecurityContext();
        return security == null ? null : security.getUserPrincipal();
    }
}
