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
        write(response.getHeaderString(RequestId.HEADER), request.getMethod(), request.getUriInfo().getPath(), caller,
                response.getStatus());
    }

    static void write(String id, String method, String path, Principal caller, int status) {
        Level level = caller == null && status == 200 ? Level.DEBUG : Level.INFO;
        LOG.log(level, "Request {0}: {1} {2} by {3}: {4}", id, Quoted.of(method), Quoted.of(path),
                caller == null ? "nobody known" : Quoted.of(caller.getName()), String.valueOf(status));
    }

    private static Principal caller(ContainerRequestContext request) {
        SecurityContext security = request.getSecurityContext();
        return security == null ? null : security.getUserPrincipal();
    }
}
