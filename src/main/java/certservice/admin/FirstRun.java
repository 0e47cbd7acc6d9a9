package certservice.admin;

import jakarta.servlet.ServletContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;

/**
 * What operators are told in the log when the service starts without any API key and without an import file.
 *
 * @param page  of the documentation about this server
 * @param admin path of the administration
 */
record FirstRun(String page, String admin) {

    /** Parts of what servers say of themselves; the first that fits counts. */
    private static final List<Map.Entry<String, String>> PAGES = List.of(
            Map.entry("payara micro", "docs/payara-micro.md"),
            Map.entry("payara", "docs/payara.md"),
            Map.entry("glassfish", "docs/glassfish.md"),
            Map.entry("wildfly", "docs/wildfly.md"),
            Map.entry("undertow", "docs/wildfly.md"),
            Map.entry("jboss", "docs/wildfly.md"),
            Map.entry("liberty", "docs/liberty.md"),
            Map.entry("smf webcontainer", "docs/liberty.md"),
            Map.entry("websphere", "docs/liberty.md"),
            Map.entry("tomee", "docs/tomee.md"));
    private static final String ANY = "the server's documentation";

    static FirstRun on(ServletContext context) {
        return of(context.getServerInfo(), context.getContextPath());
    }

    static FirstRun of(String serverInfo, String contextPath) {
        String info = serverInfo == null ? "" : serverInfo.toLowerCase(Locale.ROOT);
        return new FirstRun(PAGES.stream().filter(page -> info.contains(page.getKey())).map(Map.Entry::getValue)
                .findFirst().orElse(ANY), contextPath + "/admin/");
    }

    /** Whether nobody can call the service. */
    static boolean isWithoutKeys(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
            statement.setMaxRows(1);
            try (ResultSet keys = statement.executeQuery("select 1 from api_key where removed is null")) {
                return !keys.next();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> lines() {
        return List.of("There is no API key yet: every request is answered with 401. Make the first key in one of two"
                        + " ways:",
                "Either give a user of this server the role certservice-admin (" + page + " says how), log in at the"
                        + " path " + admin + " and make a domain and a key there;",
                "or write an import file as docs/configuration.md shows, give its path in the setting"
                        + " certservice.import, and start again.");
    }
}
