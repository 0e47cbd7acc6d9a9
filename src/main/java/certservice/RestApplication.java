package certservice;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;

/** The REST API lives below {@code /api}; its resources, filters and mappers are found by the server. */
@ApplicationPath("/api")
public class RestApplication extends Application {

    /**
     * What Jersey, in Payara and GlassFish, would do otherwise than other servers: it would make {@code Location}
     * absolute, with an address that only the proxy before it should know, and hold a result back until it is complete,
     * so that nobody could tell whether its caller is still there.
     */
    @Override
    public Map<String, Object> getProperties() {
        return Map.of("jersey.config.server.headers.location.relative.resolution.disabled", true,
                "jersey.config.server.contentLength.buffer", 0);
    }
}
