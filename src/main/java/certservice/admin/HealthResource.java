package certservice.admin;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * {@code GET /api/v1/health}, for load balancers: 200 or 503, and one word. Everybody may ask, so it tells neither what
 * is wrong nor any version. It answers whatever {@code Accept} says.
 */
@Path("/v1/health")
@ApplicationScoped
public class HealthResource {

    @Inject
    Health health;

    @GET
    public Response health() {
        boolean up = health.isUp();
        return Response.status(up ? Response.Status.OK : Response.Status.SERVICE_UNAVAILABLE)
                .entity(Json.createObjectBuilder().add("status", up ? "UP" : "DOWN").build().toString())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }
}
