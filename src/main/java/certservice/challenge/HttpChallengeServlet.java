package certservice.challenge;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Answers the CA's http-01 requests, for GET and HEAD; whatever else comes here gets a 404. */
@WebServlet(urlPatterns = "/.well-known/acme-challenge/*")
public class HttpChallengeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    /** RFC 8555 section 8.3: a token is Base64url; anything else is not even looked up. */
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9_-]{1,255}");

    @Inject
    transient HttpChallenges challenges;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<String> keyAuthorization = keyAuthorization(request);
        if (keyAuthorization.isEmpty()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        byte[] body = keyAuthorization.get().getBytes(StandardCharsets.US_ASCII);
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
        return challenges.keyAuthorization(path.substring(1));
    }
}
