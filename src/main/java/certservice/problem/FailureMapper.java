package certservice.problem;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.List;

/** Turns whatever was thrown into an answer. {@link RequestId} writes its body and the log: it knows the request. */
@Provider
public class FailureMapper implements ExceptionMapper<Throwable> {

    private static final String CHALLENGE = "ApiKey header=\"X-Api-Key\"";

    @Override
    public Response toResponse(Throwable thrown) {
        Failure failure = failureIn(thrown);
        Response.ResponseBuilder response = thrown instanceof WebApplicationException http
                ? Response.fromResponse(http.getResponse()) : Response.status(failure.status());
        response.entity(failure).type(MediaType.APPLICATION_JSON_TYPE);
        if (failure.status() == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
        }
        failure.retryAfter().ifPresent(wait -> response.header(HttpHeaders.RETRY_AFTER,
                Math.max(1, wait.plusNanos(999_999_999).toSeconds())));
        return response.build();
    }

    /** Servers wrap exceptions in their own; ours is somewhere among the causes. */
    private static Failure failureIn(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof Failure failure) {
                return failure;
            }
            if (cause instanceof WebApplicationException http) {
                return Failure.http(http.getResponse().getStatus(),
                        HttpMessages.of(http.getResponse().getStatus()));
            }
        }
        return Outage.in(thrown).orElseGet(() -> Failure.noCertificate(List.of(), thrown));
    }
}
