package certservice.admin.page;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/**
 * Browsers send the session's cookie with requests of our own pages only. In {@code web.xml} this has no effect on any
 * server; Payara takes it from {@code glassfish-web.xml}, GlassFish from nowhere.
 */
@WebListener
public class SessionCookie implements ServletContextListener {

    @Override
    public void contextInitialized(ServletContextEvent event) {
        event.getServletContext().getSessionCookieConfig().setAttribute("SameSite", "Strict");
    }
}
