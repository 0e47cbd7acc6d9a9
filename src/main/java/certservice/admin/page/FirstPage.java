package certservice.admin.page;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code /admin} and {@code /admin/} lead to the overview. */
@WebServlet(urlPatterns = {"/admin", "/admin/"})
public class FirstPage extends HttpServlet {

    static final String PATH = "/admin/overview.xhtml";
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.sendRedirect(request.getContextPath() + PATH);
    }
}
