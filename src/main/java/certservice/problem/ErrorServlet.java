package certservice.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The error page of everything that JAX-RS does not see, so that no caller ever gets a server's HTML. */
@WebServlet(urlPatterns = ErrorServlet.PATH)
public class ErrorServlet extends HttpServlet {

    static final String PATH = "/error";
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 404;
        String requestId = UUID.randomUUID().toString();
        response.setStatus(status);
        if (isPage(request)) {
            ErrorPage.write(status, requestId, request.getContextPath(), response);
            return;
        }
        response.setContentType("application/json");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader(RequestId.HEADER, requestId);
        if (status == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
            response.setHeader("Retry-After", Long.toString(Outage.RETRY_AFTER.toSeconds()));
        }
        response.getOutputStream().write(FailureBody.json(Failure.http(status, HttpMessages.of(status)), requestId)
                .getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a person looks at the answer: a browser has asked for a page of the administration. */
    private static boolean isPage(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri
                && ErrorPage.isFor(uri, request.getContextPath()) && accept != null && accept.contains("text/html");
    }
}
