package certservice.admin.rest;

import certservice.admin.SystemAdministration;
import certservice.admin.SystemState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

/** {@code /admin/api/system}: how this node and the service are. */
@Path("system")
@ApplicationScoped
public class SystemResource {

    @Inject
    SystemAdministration system;

    @GET
    public Response state() {
        return Replies.ok(fields(system.state()));
    }

    /** A network, as IPv6 addresses are refused by, has a slash in it. */
    @DELETE
    @Path("addresses/{address: .+}")
    public void forgive(@PathParam("address") String address, @Context SecurityContext security) {
        system.forgive(address, LoggedIn.of(security));
    }

    private static Fields fields(SystemState state) {
        return new Fields().with("status", state.status()).with("version", state.version())
                .with("node", state.node()).with("started", state.started()).with("database", state.database())
                .with("running", state.running()).with("waiting", state.waiting()).with("settings", state.settings())
                .with("addresses", state.addresses().stream().map(SystemResource::fields).toList());
    }

    private static Fields fields(SystemState.RefusedAddress address) {
        return new Fields().with("address", address.address()).with("guesses", address.guesses())
                .with("until", address.until());
    }
}
