package certservice;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The REST API lives below {@code /api}; its resources, filters and mappers are found by the server. */
@ApplicationPath("/api")
public class RestApplication extends Application {
}
