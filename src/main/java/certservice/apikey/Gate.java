package certservice.apikey;

import certservice.apikey.Guessing.Consequence;
import certservice.apikey.Refusal.Reason;
import certservice.problem.Failure;
import certservice.problem.FailureAnswer;
import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Lets a request to {@code /api} in if it carries one usable {@code X-Api-Key}; {@code web.xml} puts it before JAX-RS.
 * A filter of JAX-RS could not do it: it has to answer at once, or hold a request thread. Only
 * {@code GET /api/v1/health} needs no key: load balancers have none.
 */
public class Gate implements Filter {

    static final String HEADER = "X-Api-Key";
    static final String CALLER = Caller.class.getName();
    private static final String ARRIVED = Gate.class.getName();
    private static final String OPEN_PATH = "/api/v1/health";
    private static final Set<String> OPEN_METHODS = Set.of("GET", "HEAD");

    @Inject
    ClientAddress clientAddress;

    @Inject
    ApiKeys apiKeys;

    @Inject
    KeyUsage usage;

    @Inject
    Guessing guessing;

    @Inject
    Refusals refusals;

    @Inject
    SlowAnswers slowAnswers;

    /** {@link System#nanoTime()} when the request came; on the request's own thread. */
    public static long arrived(HttpServletRequest request) {
        return request.getAttribute(ARRIVED) instanceof Long nanos ? nanos : System.nanoTime();
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        request.setAttribute(ARRIVED, System.nanoTime());
        request.removeAttribute(CALLER);
        if (isOpen(request) || isIn(request, response)) {
            chain.doFilter(request, response);
        }
    }

    /** Only this path in exactly this spelling. */
    private static boolean isOpen(HttpServletRequest request) {
        return OPEN_METHODS.contains(request.getMethod())
                && request.getRequestURI().equals(request.getContextPath() + OPEN_PATH);
    }

    private boolean isIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String id = UUID.randomUUID().toString();
        try {
            String address = clientAddress.of(request);
            Identification found = identify(request, address);
            if (found instanceof Caller caller) {
                request.setAttribute(CALLER, caller);
                usage.seen(caller, Instant.now());
                return true;
            }
            refuse((Refusal) found, id, address, request, response);
        } catch (RuntimeException e) {
            FailureAnswer.write(FailureAnswer.in(e), id, request, response);
        }
        return false;
    }

    private Identification identify(HttpServletRequest request, String address) {
        List<String> values = Collections.list(request.getHeaders(HEADER));
        // two headers are ambiguous, so they are none
        Optional<ApiKeyGuid> guid = values.size() == 1 ? ApiKeyGuid.parse(values.get(0)) : Optional.empty();
        return guid.map(key -> apiKeys.identify(key, address)).orElseGet(() ->
                new Refusal(Reason.NO_KEY, values.isEmpty() ? "no key" : "not one GUID"));
    }

    private void refuse(Refusal refusal, String id, String address, HttpServletRequest request,
                        HttpServletResponse response) throws IOException {
        Instant now = Instant.now();
        Consequence consequence = refusal.reason().isGuess() ? guessing.count(address, now) : Consequence.NONE;
        Failure failure = consequence.refusedUntil().map(until -> tooManyGuesses(Duration.between(now, until)))
                .orElseGet(() -> refusals.refuse(refusal, id, address));
        slowAnswers.give(failure, FailureAnswer.CHALLENGE, id, arrived(request), consequence.slower(), request,
                response);
    }

    private static Failure tooManyGuesses(Duration wait) {
        return Failure.busy("Too many requests with an API key that is not accepted came from this address."
                + " Requests with a good one are served all the same", wait);
    }
}
