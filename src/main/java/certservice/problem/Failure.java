package certservice.problem;

import jakarta.ejb.ApplicationException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The one way in which a request fails: an HTTP status with what the caller is told. It is thrown wherever the
 * cause is known, and rendered at the edge alone (the mapper in this package).
 *
 * <p>Message and problems go to the caller as they are: never put a secret, a class name, a path or an internal
 * address into them. The cause is for the log only.
 */
@ApplicationException(rollback = true)
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final String NO_CERTIFICATE = "No certificate was generated";

    private final int status;
    private final transient List<Problem> problems;
    private final transient Duration retryAfter;

    private Failure(int status, String message, List<Problem> problems, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.status = status;
        this.problems = List.copyOf(problems);
        this.retryAfter = retryAfter;
    }

    /** 400: the message names the field, its value and what is allowed. */
    public static Failure badRequest(String message) {
        return new Failure(400, Objects.requireNonNull(message), List.of(), null, null);
    }

    /** 401: the same answer whatever the cause, so that nothing can be learned from it. */
    public static Failure unauthorized() {
        return new Failure(401, "Invalid or unauthorized API key", List.of(), null, null);
    }

    /** Any other status that HTTP itself asks for, such as 413 or 415. */
    public static Failure http(int status, String message) {
        return new Failure(status, message, List.of(), null, null);
    }

    /** 500: the request was good and allowed, and the CA, or the way to it, yielded no certificate. */
    public static Failure noCertificate(List<Problem> problems) {
        return new Failure(500, NO_CERTIFICATE, problems, null, null);
    }

    /** As {@link #noCertificate(List)}, with the exception that showed the problems. */
    public static Failure noCertificate(List<Problem> problems, Throwable cause) {
        return new Failure(500, NO_CERTIFICATE, problems, null, cause);
    }

    /** As {@link #noCertificate(List, Throwable)}, for one problem. */
    public static Failure noCertificate(Problem problem, Throwable cause) {
        return noCertificate(List.of(problem), cause);
    }

    /** 429: a rate limit, the CA's or ours; {@code retryAfter} says how long it lasts. */
    public static Failure rateLimited(List<Problem> problems, Duration retryAfter, Throwable cause) {
        return new Failure(429, NO_CERTIFICATE, problems, Objects.requireNonNull(retryAfter), cause);
    }

    /** 409: it will be otherwise a moment later. */
    public static Failure conflict(String message, int retryAfterSeconds) {
        return new Failure(409, message, List.of(), Duration.ofSeconds(retryAfterSeconds), null);
    }

    /** 409: it can't be done as things are. */
    public static Failure conflict(String message) {
        return new Failure(409, Objects.requireNonNull(message), List.of(), null, null);
    }

    /** 404: what the request is about does not exist. */
    public static Failure notFound(String message) {
        return new Failure(404, Objects.requireNonNull(message), List.of(), null, null);
    }

    /** 412: what is to be changed is not as the caller has seen it. */
    public static Failure preconditionFailed(String message) {
        return new Failure(412, Objects.requireNonNull(message), List.of(), null, null);
    }

    /** 428 (RFC 6585 section 3): the caller must say which state it has seen. */
    public static Failure preconditionRequired(String message) {
        return new Failure(428, Objects.requireNonNull(message), List.of(), null, null);
    }

    /** 500, where it is not about a certificate: the cause is a fault of this service, and for the log. */
    public static Failure internal(Throwable cause) {
        return new Failure(500, "The service has failed; its log tells why", List.of(), null, cause);
    }

    /** 429, though no rate limit is reached: this service has enough to do. */
    public static Failure busy(String message, Duration retryAfter) {
        return new Failure(429, message, List.of(), Objects.requireNonNull(retryAfter), null);
    }

    /** 503: this service can't work at the moment, for instance without its database. */
    public static Failure unavailable(String message, Duration retryAfter, Throwable cause) {
        return new Failure(503, message, List.of(), Objects.requireNonNull(retryAfter), cause);
    }

    public int status() {
        return status;
    }

    /** One for every domain that failed; empty where the message says all. */
    public List<Problem> problems() {
        return problems;
    }

    /** How long the caller should wait before it tries again, rendered as {@code Retry-After} in whole seconds. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
