package certservice.problem;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What a person sees who asked for a page and can't get it. */
final class ErrorPage {

    private static final String POLICY =
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>%2$s – certservice</title>
              <link rel="stylesheet" href="%1$s/admin/assets/admin.css">
            </head>
            <body class="alone">
              <main class="panel">
                <h1>%2$s</h1>
                <p>%3$s</p>
                <p>Request id: <code>%4$s</code></p>
                <form method="post" action="%1$s/admin/logout">
                  <p><a class="button" href="%1$s/admin/">Administration</a>
                  <button type="submit">Log out</button></p>
                </form>
              </main>
            </body>
            </html>
            """;

    private ErrorPage() {
    }

    /** Below {@code /admin/} are pages, and an API that has none. */
    static boolean isFor(String uri, String contextPath) {
        String api = contextPath + "/admin/api";
        return uri.startsWith(contextPath + "/admin") && !uri.equals(api) && !uri.startsWith(api + "/");
    }

    /** The status is set already. */
    static void write(int status, String requestId, String contextPath, HttpServletResponse response)
            throws IOException {
        response.setContentType("text/html");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader(RequestId.HEADER, requestId);
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(PAGE.formatted(contextPath, title(status), text(status), requestId)
                .getBytes(StandardCharsets.UTF_8));
    }

    private static String title(int status) {
        return switch (status) {
            case 403 -> "Not permitted";
            case 404 -> "Not found";
            case 503 -> "Not available";
            default -> "Error " + status;
        };
    }

    private static String text(int status) {
        return switch (status) {
            case 403 -> "You are logged in, but may not do this. The group certservice-admin may do all,"
                    + " certservice-auditor may look.";
            case 404 -> "There is nothing at this address.";
            case 503 -> "The service is not available at the moment. Try again in a minute.";
            default -> "The service could not answer. Its log tells why.";
        };
    }
}
