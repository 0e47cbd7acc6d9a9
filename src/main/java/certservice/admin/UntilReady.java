package certservice.admin;

import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers 503 as long as the database was never there; the error page writes the body. {@link HealthResource} is asked
 * all the same, and says so in its own words. {@code web.xml} puts it first.
 */
public class UntilReady implements Filter {

    private static final String HEALTH = "/api/v1/health";

    @Inject
    Readiness readiness;

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (readiness.isUp() || isAboutHealth((HttpServletRequest) request)) {
            chain.doFilter(request, response);
        } else {
            ((HttpServletResponse) response).sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
    }

    private static boolean isAboutHealth(HttpServletRequest request) {
        return request.getRequestURI().equals(request.getContextPath() + HEALTH);
    }
}
