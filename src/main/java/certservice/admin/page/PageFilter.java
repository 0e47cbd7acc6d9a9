package certservice.admin.page;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;

/**
 * What holds for each page of the administration: the headers that browsers obey, and that no other site sends a form
 * here. The Content-Security-Policy of pages is PrimeFaces' ({@code web.xml}): it has to have a nonce in it.
 *
 * <p>{@code /admin} and {@code /admin/} lead to the overview. It is done here, since Open Liberty finds no servlet that
 * is mapped to a path with a slash at its end.
 */
@WebFilter(urlPatterns = "/admin/*", dispatcherTypes = {DispatcherType.REQUEST, DispatcherType.FORWARD})
public class PageFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final String API = "/admin/api";
    private static final Set<String> FIRST = Set.of("/admin", "/admin/");
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (isApi(request.getServletPath())) {
            chain.doFilter(request, response);
            return;
        }
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cache-Control", isAsset(request.getServletPath()) ? "no-cache" : "no-store");
        if (!SAFE.contains(request.getMethod()) && isFromElsewhere(request.getHeader("Sec-Fetch-Site"),
                request.getHeader("Origin"), request.getHeader("Host"))) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        if (isFirst(request)) {
            response.sendRedirect(request.getContextPath() + "/admin/overview.xhtml");
            return;
        }
        chain.doFilter(request, response);
    }

    private static boolean isFirst(HttpServletRequest request) {
        return FIRST.contains(request.getServletPath() + Objects.toString(request.getPathInfo(), ""));
    }

    /**
     * Whether a page of another site has sent a request. Browsers of today say it in {@code Sec-Fetch-Site}; older
     * ones, and those without TLS, send the {@code Origin}. What sends neither is no browser, and has no session of
     * one.
     */
    static boolean isFromElsewhere(String site, String origin, String host) {
        if (site != null) {
            return !"same-origin".equals(site) && !"none".equals(site);
        }
        return origin != null && (host == null || !origin.replaceFirst("^https?://", "").equalsIgnoreCase(host));
    }

    private static boolean isApi(String path) {
        return path.equals(API) || path.startsWith(API + "/");
    }

    private static boolean isAsset(String path) {
        return path.startsWith("/admin/assets/");
    }
}
