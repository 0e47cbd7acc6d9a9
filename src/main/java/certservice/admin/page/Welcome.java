package certservice.admin.page;

import certservice.admin.Health;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** {@code /}: where the links of servers' consoles lead. Everybody may see it, so it says no more than health does. */
@WebServlet(urlPatterns = "")
public class Welcome extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none';"
            + " frame-ancestors 'none'; base-uri 'none'";
    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>certservice</title>
              <link rel="icon" href="%1$s/admin/assets/icon.svg" type="image/svg+xml">
              <link rel="stylesheet" href="%1$s/admin/assets/admin.css">
            </head>
            <body class="alone">
              <main class="panel">
                <h1>certservice</h1>
                <p>TLS certificates from an ACME certificate authority in one HTTP call.</p>
                <p>State: <strong class="badge %2$s">%3$s</strong></p>
                <ul class="links">
                  <li><a href="%1$s/admin/">Administration</a></li>
                  <li><a href="%1$s/openapi.json">Description of the API (OpenAPI)</a></li>
                </ul>
              </main>
            </body>
            </html>
            """;

    @Inject
    transient Health health;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean up = health.isUp();
        response.setContentType("text/html");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(PAGE.formatted(request.getContextPath(), up ? "valid" : "invalid",
                up ? "UP" : "DOWN").getBytes(StandardCharsets.UTF_8));
    }
}
