package certservice.admin.page;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Map;

/** Requests of which there is nothing but what tests need. */
final class Requests {

    private Requests() {
    }

    /** @param query what comes after the question mark, or {@code null} */
    static HttpServletRequest of(String path, String query, Map<String, String> parameters) {
        return (HttpServletRequest) Proxy.newProxyInstance(Requests.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class}, (proxy, called, arguments) -> switch (called.getName()) {
                    case "getContextPath" -> "";
                    case "getServletPath" -> path;
                    case "getQueryString" -> query;
                    case "getParameter" -> parameters.get((String) arguments[0]);
                    default -> throw new UnsupportedOperationException(called.toString());
                });
    }
}
