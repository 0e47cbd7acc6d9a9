package certservice.admin.rest;

import certservice.problem.Failure;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses what a page of another site has an administrator's browser send: browsers add Basic credentials to every
 * request by themselves. They also say where a request comes from, and send {@code application/json} to another site
 * only if that allows it.
 */
final class SameSite {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OWN = Set.of("same-origin", "none");

    private SameSite() {
    }

    /** Whether the method changes nothing. */
    static boolean isSafe(String method) {
        return SAFE.contains(method);
    }

    /** @throws Failure 403 if it comes from elsewhere; 415 for a body that a form could send */
    static void require(HttpServletRequest request) {
        if (isSafe(request.getMethod())) {
            return;
        }
        String site = request.getHeader("Sec-Fetch-Site");
        List<String> origins = Collections.list(request.getHeaders("Origin"));
        if (site != null && !OWN.contains(site.toLowerCase(Locale.ROOT))
                || origins.stream().anyMatch(origin -> !isOwn(origin, request.getHeader("Host")))) {
            throw Failure.http(403, "Requests that another site makes are refused");
        }
        if (request.getContentType() != null && !isJson(request.getContentType())) {
            throw Failure.http(415, "The Content-Type must be application/json");
        }
    }

    static boolean isJson(String contentType) {
        return contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }

    /** A proxy may have ended TLS, so the schemes are not compared: nobody else has our host. */
    static boolean isOwn(String origin, String host) {
        try {
            URI uri = URI.create(origin);
            if (uri.getHost() == null || host == null) {
                return false;
            }
            int standard = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
            return withPort(uri.getRawAuthority(), standard).equals(withPort(host, standard));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String withPort(String authority, int standard) {
        String lower = authority.toLowerCase(Locale.ROOT);
        return lower.matches(".*:[0-9]+") ? lower : lower + ":" + standard;
    }
}
