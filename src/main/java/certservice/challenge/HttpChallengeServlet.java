package certservice.challenge;

import certservice.problem.Failure;
import certservice.problem.Outage;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Answers the CA's http-01 requests, for GET and HEAD; whatever else comes here gets a 404. */
@WebServlet(urlPatterns = "/.well-known/acme-challenge/*")
public class HttpChallengeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = System.getLogger(HttpChallengeServlet.class.getName());

    /** RFC 8555 section 8.3: a token is Base64url; anything else is not even looked up. */
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9_-]{1,255}");

    @Inject
    transient Http01Solver published;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            Optional<String> keyAuthorization = keyAuthorization(request);
            if (keyAuthorization.isEmpty()) {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
            } else {
                write(keyAuthorization.get(), request, response);
            }
        } catch (RuntimeException e) {
            Failure outage = Outage.in(e).orElseThrow(() -> e);
            LOG.log(Level.WARNING, "A challenge could not be answered, since the database failed: {0}",
                    Outage.summary(outage));
            response.sendError(outage.status());
        }
    }

    private static void write(String keyAuthorization, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        byte[] body = keyAuthorization.getBytes(StandardCharsets.US_ASCII);
        response.setContentType("text/plain");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        if ("GET".equals(request.getMethod())) {
            response.getOutputStream().write(body);
        }
    }

    private Optional<String> keyAuthorization(HttpServletRequest request) {
        boolean read = "GET".equals(request.getMethod()) || "HEAD".equals(request.getMethod());
        String path = request.getPathInfo();
        if (!read || path == null || !PATH.matcher(path).matches()) {
            return Optional.empty();
        }
        return published.keyAuthorization(path.substring(1));
    }
}
