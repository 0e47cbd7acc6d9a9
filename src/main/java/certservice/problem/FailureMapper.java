package certservice.problem;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Turns whatever was thrown into an answer. {@link RequestId} writes its body and the log: it knows the request. */
@Provider
public class FailureMapper implements ExceptionMapper<Throwable> {

    @Override
    public Response toResponse(Throwable thrown) {
        Failure failure = FailureAnswer.in(thrown);
        Response.ResponseBuilder response = thrown instanceof WebApplicationException http
                ? Response.fromResponse(http.getResponse()) : Response.status(failure.status());
        response.entity(failure).type(MediaType.APPLICATION_JSON_TYPE);
        if (failure.status() == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, FailureAnswer.CHALLENGE);
        }
        failure.retryAfter().ifPresent(wait -> response.header(HttpHeaders.RETRY_AFTER,
                FailureAnswer.seconds(wait)));
        return response.build();
    }
}
