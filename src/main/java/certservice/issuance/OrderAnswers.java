package certservice.issuance;

import certservice.apikey.Caller;
import certservice.order.BatchStatus;
import certservice.order.CertificateOrder;
import certservice.order.NameProgress;
import certservice.order.Orders;
import certservice.order.StoredBatch;
import certservice.problem.Failure;
import certservice.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How far a caller's order is, as JSON. */
@ApplicationScoped
public class OrderAnswers {

    /** In seconds; an order of one name that is proven by http-01 takes about as long. */
    private static final int ASK_AGAIN = 2;

    @Inject
    Orders orders;

    /**
     * The order was taken, and goes on.
     *
     * @param root the application's context path
     */
    Response accepted(Caller caller, String batchId, String root) {
        return Response.status(Response.Status.ACCEPTED)
                .header(HttpHeaders.LOCATION, root + "/api/v1/orders/" + batchId)
                .header(HttpHeaders.RETRY_AFTER, ASK_AGAIN)
                .header("Preference-Applied", "respond-async")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .type(MediaType.APPLICATION_JSON_TYPE).entity(json(of(caller, batchId))).build();
    }

    /** How far the order is. */
    Response state(Caller caller, String batchId) {
        StoredBatch stored = of(caller, batchId);
        Response.ResponseBuilder response = Response.ok(json(stored), MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (!stored.batch().status().isFinal()) {
            response.header(HttpHeaders.RETRY_AFTER, ASK_AGAIN);
        }
        return response.build();
    }

    /**
     * The caller's own order.
     *
     * @throws Failure 404 for any other, whether it is there or not
     */
    StoredBatch of(Caller caller, String batchId) {
        return orders.find(batchId).filter(stored -> stored.batch().isOf(caller.keyId()))
                .orElseThrow(() -> Failure.http(404, "There is no such order"));
    }

    /** The same text as long as nothing has changed. */
    String json(StoredBatch stored) {
        JsonArrayBuilder domains = Json.createArrayBuilder();
        for (CertificateOrder order : stored.orders()) {
            order.progress().forEach(name -> domains.add(json(name)));
        }
        JsonArrayBuilder problems = Json.createArrayBuilder();
        stored.batch().problems().forEach(problem -> problems.add(json(problem)));
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("id", stored.batch().id())
                .add("status", stored.status())
                .add("domains", domains)
                .add("created", text(stored.batch().created()));
        stored.batch().erasure().ifPresentOrElse(erasure -> json.add("expires", text(erasure)),
                () -> json.addNull("expires"));
        return json.add("problems", problems).build().toString();
    }

    private static JsonObjectBuilder json(NameProgress progress) {
        return Json.createObjectBuilder()
                .add("name", progress.name().name().toString())
                .add("status", progress.status())
                .add("challenge", progress.name().challenge())
                .add("detail", progress.detail());
    }

    private static JsonObjectBuilder json(Problem problem) {
        JsonObjectBuilder json = Json.createObjectBuilder();
        if (problem.domain() != null) {
            json.add("domain", problem.domain());
        }
        return json.add("type", problem.type()).add("detail", problem.detail()).add("hint", problem.hint());
    }

    private static String text(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static boolean isFinal(StoredBatch stored) {
        return stored.batch().status() == BatchStatus.ISSUED || stored.batch().status() == BatchStatus.FAILED;
    }
}
