package certservice.admin.page;

import certservice.admin.AuditAdministration;
import certservice.problem.Failure;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code GET /admin/audit.jsonl?q=&action=&from=&until=}: what the page lists as a file of JSON Lines. */
@WebServlet(urlPatterns = AuditExport.PATH)
public class AuditExport extends HttpServlet {

    static final String PATH = "/admin/audit.jsonl";
    private static final long serialVersionUID = 1L;

    @Inject
    transient AuditAdministration audit;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AuditAdministration.Filter filter;
        try {
            filter = AuditPage.filter(request.getParameter("action"), request.getParameter("from"),
                    request.getParameter("until"));
            audit.check(filter);
        } catch (Failure wrong) {
            response.sendError(wrong.status());
            return;
        }
        response.setContentType("application/jsonl");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"certservice-audit.jsonl\"");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        audit.export(request.getParameter("q"), filter, response.getWriter());
    }
}
