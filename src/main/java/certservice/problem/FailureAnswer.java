package certservice.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A failure where JAX-RS is not there yet, or not any more: in servlet filters. The answer is the same. */
public final class FailureAnswer {

    public static final String CHALLENGE = "ApiKey header=\"X-Api-Key\"";
    private static final Logger LOG = System.getLogger(FailureAnswer.class.getName());

    private FailureAnswer() {
    }

    /** What a caller is told of an exception. Servers wrap exceptions in their own; ours is among the causes. */
    public static Failure in(Throwable thrown) {
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

    /**
     * Writes the whole answer, as {@link FailureMapper} and {@link RequestId} would together, and the line in the log.
     *
     * @param id the request's
     */
    public static void write(Failure failure, String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        write(failure, CHALLENGE, id, request, response);
    }

    /** @param challenge what a 401 asks for */
    public static void write(Failure failure, String challenge, String id, HttpServletRequest request,
                             HttpServletResponse response) throws IOException {
        logIfUnforeseen(id, failure);
        RequestLog.write(id, request.getMethod(), request.getRequestURI(), null, failure.status());
        byte[] body = FailureBody.json(failure, id).getBytes(StandardCharsets.UTF_8);
        response.setStatus(failure.status());
        response.setHeader(RequestId.HEADER, id);
        if (failure.status() == 401) {
            response.setHeader("WWW-Authenticate", challenge);
        }
        failure.retryAfter().ifPresent(wait -> response.setHeader("Retry-After", Long.toString(seconds(wait))));
        response.setContentType("application/json");
        response.setContentLength(body.length);
        if (!"HEAD".equals(request.getMethod())) {
            response.getOutputStream().write(body);
        }
        response.flushBuffer();
    }

    /** Whole seconds, one at least: {@code Retry-After}. */
    public static long seconds(Duration wait) {
        return Math.max(1, wait.plusNanos(999_999_999).toSeconds());
    }

    /** What has problems is logged by the room that found them. An outage is foreseen: one line is enough. */
    static void logIfUnforeseen(String id, Failure failure) {
        if (Outage.isIn(failure)) {
            LOG.log(Level.WARNING, "Request {0}: the database failed: {1}", id, Outage.summary(failure));
        } else if (failure.getCause() != null && failure.problems().isEmpty()) {
            LOG.log(Level.ERROR, "Request " + id + ": " + failure.getMessage(), failure.getCause());
        }
    }
}
