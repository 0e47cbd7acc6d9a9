package certservice.issuance;

import certservice.apikey.Caller;
import certservice.order.BatchStatus;
import certservice.order.OrderEngine;
import certservice.order.Receipt;
import certservice.order.StoredBatch;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.problem.RequestId;
import certservice.settings.MasterKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code /api/v1/orders/{id}}: how far an order is, its result, and its cancellation. */
@Path("/v1/orders/{id}")
@ApplicationScoped
public class OrderResource {

    private static final int ASK_AGAIN_SECONDS = 2;

    @Inject
    OrderAnswers states;

    @Inject
    OrderStreams streams;

    @Inject
    OrderEngine orders;

    @Inject
    CertificateIssuer issuer;

    @Inject
    Answers answers;

    @Inject
    MasterKey masterKey;

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response state(@PathParam("id") String id, @Context SecurityContext security) {
        return states.state(caller(security), id);
    }

    /** The same object as an event each time when it has changed; the stream ends with the order. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void events(@PathParam("id") String id, @Context SecurityContext security, @Context SseEventSink sink,
            @Context Sse sse) {
        streams.open(caller(security), id, sink, sse);
    }

    /** The result, once: when it has been fetched it is gone, unless the request asked for it to be kept. */
    @GET
    @Path("certificate")
    @Produces({Rendering.PFX, MediaType.APPLICATION_JSON, Rendering.PEM_FILE})
    public void certificate(@PathParam("id") String id, @Context SecurityContext security, @Context HttpHeaders headers,
            @Context HttpServletRequest call, @Suspended AsyncResponse answer) {
        Caller caller = caller(security);
        List<String> accept = headers.getRequestHeader(HttpHeaders.ACCEPT);
        String requestId = RequestId.of(call);
        boolean only = HttpMethod.HEAD.equals(call.getMethod());
        answers.give(answer, CompletableFuture.completedFuture(id),
                known -> certificate(caller, known, accept == null ? List.of() : accept, only, requestId));
    }

    /** HEAD must not use the result up. */
    private Response certificate(Caller caller, String id, List<String> accept, boolean headOnly, String requestId) {
        StoredBatch stored = states.of(caller, id);
        requireIssued(stored);
        Rendering rendering = stored.batch().options(masterKey, caller.sealingKey()).map(Rendering::ofBytes)
                .orElseThrow(OrderResource::gone);
        List<IssuedCertificate> issued = issuer.certificates(caller, stored, rendering.csr())
                .orElseThrow(OrderResource::gone);
        String type = choose(accept, rendering, issued);
        if (headOnly) {
            return Response.ok().type(type).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
        }
        Receipt receipt = new Receipt(id, true, caller.origin(requestId), IssuedCertificate.holdPrivateKeys(issued));
        return switch (type) {
            case Rendering.PFX -> answers.deliver(rendering.pfx(issued), type, receipt)
                    .header(HttpHeaders.CONTENT_DISPOSITION, attachment(rendering, ".pfx")).build();
            case Rendering.PEM_FILE -> answers.deliver(rendering.pemFile(issued), type, receipt)
                    .header(HttpHeaders.CONTENT_DISPOSITION, attachment(rendering, ".pem")).build();
            default -> answers.deliver(rendering.pem(issued), type, receipt).build();
        };
    }

    private static void requireIssued(StoredBatch stored) {
        if (stored.batch().status() == BatchStatus.FAILED) {
            throw stored.batch().failure();
        }
        if (stored.batch().status() != BatchStatus.ISSUED) {
            throw Failure.conflict("The order is not finished; ask again when its status is 'valid'",
                    ASK_AGAIN_SECONDS);
        }
    }

    private static Failure gone() {
        return Failure.http(410, "The result is not here any more: it was fetched, not fetched in time, or revoked");
    }

    /** What the caller likes best; the endpoint's own form if it doesn't matter. */
    private static String choose(List<String> accept, Rendering rendering, List<IssuedCertificate> issued) {
        List<String> offered = new ArrayList<>(List.of(Rendering.PEM_FILE));
        offered.add(0, MediaType.APPLICATION_JSON);
        if (rendering.canBePfx(issued)) {
            offered.add(rendering.endpoint() == Endpoint.CERT ? 0 : 1, Rendering.PFX);
        }
        return Accept.choose(accept, offered).orElseThrow(NotAcceptableException::new);
    }

    private static String attachment(Rendering rendering, String extension) {
        return "attachment; filename=\"" + rendering.fileName(extension, Instant.now()) + "\"";
    }

    @DELETE
    public Response cancel(@PathParam("id") String id, @Context HttpServletRequest call,
            @Context SecurityContext security) {
        Caller caller = caller(security);
        StoredBatch stored = states.of(caller, id);
        Failure cancelled = Failure.noCertificate(List.of(Problem.own(null, "cancelled",
                "The order was cancelled by its caller", "Send the request again if that was a mistake")));
        if (!orders.cancel(stored.batch().id(), cancelled, caller.origin(RequestId.of(call)))) {
            throw Failure.http(409, "The order can't be cancelled any more: the CA is issuing its certificates, or"
                    + " has issued at least one, or the order has failed");
        }
        return Response.noContent().build();
    }

    private static Caller caller(SecurityContext security) {
        return (Caller) security.getUserPrincipal();
    }
}
