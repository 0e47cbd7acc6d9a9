package certservice.admin.rest;

import certservice.admin.OrderAdministration;
import certservice.admin.OrderDetails;
import certservice.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;

/** {@code /admin/api/orders}: requests for certificates, and how far they are. */
@Path("orders")
@ApplicationScoped
public class OrdersResource {

    @Inject
    OrderAdministration orders;

    @GET
    public Response list(@Context UriInfo uri) {
        Query query = Query.ofPage(uri, "status");
        return query.page(orders.list(query.search(), query.text("status")), OrdersResource::fields);
    }

    /** Those that are worked on now. */
    @GET
    @Path("running")
    public Response running() {
        return Replies.ok(new Fields().with("items", orders.running().stream().map(OrdersResource::fields).toList()));
    }

    @GET
    @Path("{id}")
    public Response get(@PathParam("id") String id) {
        return Replies.ok(fields(orders.get(id)));
    }

    @POST
    @Path("{id}/retry")
    public Response retry(@PathParam("id") String id, @Context SecurityContext security) {
        return Replies.ok(fields(orders.retry(id, LoggedIn.of(security))));
    }

    @POST
    @Path("{id}/cancel")
    public Response cancel(@PathParam("id") String id, @Context SecurityContext security) {
        return Replies.ok(fields(orders.cancel(id, LoggedIn.of(security))));
    }

    private static Fields fields(OrderDetails order) {
        return new Fields().with("id", order.id()).with("requestId", order.requestId())
                .with("keyLabel", order.keyLabel()).with("endpoint", order.endpoint())
                .with("environment", order.environment()).with("profile", order.profile())
                .with("keyType", order.keyType()).with("status", order.status())
                .with("names", order.names().stream().map(OrdersResource::fields).toList())
                .with("problems", order.problems().stream().map(OrdersResource::fields).toList())
                .with("created", order.created()).with("finished", order.finished())
                .with("delivered", order.delivered()).with("retriable", order.retriable())
                .with("cancellable", order.cancellable());
    }

    private static Fields fields(OrderDetails.Name name) {
        return new Fields().with("name", name.name()).with("status", name.status())
                .with("challenge", name.challenge()).with("detail", name.detail());
    }

    private static Fields fields(Problem problem) {
        return new Fields().with("domain", problem.domain()).with("type", problem.type())
                .with("detail", problem.detail()).with("hint", problem.hint());
    }
}
