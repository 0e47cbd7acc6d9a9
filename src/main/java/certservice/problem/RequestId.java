package certservice.problem;

import jakarta.annotation.Priority;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.util.UUID;

/**
 * Gives every request an id. It is in the header {@code X-Request-Id} of every answer, in the body of a failure, and
 * in the log lines about the request.
 */
@Provider
@PreMatching
@Priority(100)
public class RequestId implements ContainerRequestFilter, ContainerResponseFilter {

    public static final String HEADER = "X-Request-Id";
    private static final String PROPERTY = RequestId.class.getName();

    @Override
    public void filter(ContainerRequestContext request) {
        request.setProperty(PROPERTY, UUID.randomUUID().toString());
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        String id = of(request);
        response.getHeaders().putSingle(HEADER, id);
        if (response.getEntity() instanceof Failure failure) {
            FailureAnswer.logIfUnforeseen(id, failure);
            response.setEntity(FailureBody.json(failure, id), null, MediaType.APPLICATION_JSON_TYPE);
        }
    }

    /** The request's id; a request that the server refused before our filter ran gets a new one. */
    public static String of(ContainerRequestContext request) {
        return idOrNew(request.getProperty(PROPERTY));
    }

    /** The same where a resource needs it; RESTEasy gives resources no {@code ContainerRequestContext}. */
    public static String of(HttpServletRequest request) {
        return idOrNew(request.getAttribute(PROPERTY));
    }

    private static String idOrNew(Object property) {
        return property instanceof String id ? id : UUID.randomUUID().toString();
    }
}
