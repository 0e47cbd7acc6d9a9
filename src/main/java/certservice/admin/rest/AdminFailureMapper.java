package certservice.admin.rest;

import certservice.problem.Failure;
import certservice.problem.FailureAnswer;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Turns whatever was thrown into an answer of the administration; {@code RequestId} writes its body and the log. */
public class AdminFailureMapper implements ExceptionMapper<Throwable> {

    @Override
    public Response toResponse(Throwable thrown) {
        Failure failure = failureIn(thrown);
        Response.ResponseBuilder response = thrown instanceof WebApplicationException http
                ? Response.fromResponse(http.getResponse()) : Response.status(failure.status());
        response.entity(failure).type(MediaType.APPLICATION_JSON_TYPE);
        if (failure.status() == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, BasicCredentials.CHALLENGE);
        }
        failure.retryAfter().ifPresent(wait -> response.header(HttpHeaders.RETRY_AFTER, FailureAnswer.seconds(wait)));
        return response.build();
    }

    /** What is unforeseen has nothing to do with a certificate here. */
    static Failure failureIn(Throwable thrown) {
        Failure failure = FailureAnswer.in(thrown);
        return failure.status() == 500 && failure.problems().isEmpty() ? Failure.internal(failure.getCause())
                : failure;
    }
}
