package certservice.issuance;

import certservice.apikey.Caller;
import certservice.apikey.Gate;
import certservice.issuance.CertificateIssuer.Commission;
import certservice.order.Idempotency;
import certservice.order.OrderEngine;
import certservice.order.Receipt;
import certservice.problem.RequestId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** {@code POST /api/v1/cert} and {@code POST /api/v1/pem}. */
@Path("/v1")
@Consumes(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class CertificateResource {

    @Inject
    CertificateIssuer issuer;

    @Inject
    Answers answers;

    @Inject
    OrderEngine engine;

    @Inject
    OrderAnswers orderAnswers;

    @POST
    @Path("cert")
    @Produces({Rendering.PFX, MediaType.APPLICATION_JSON})
    public void cert(InputStream body, @Context HttpServletRequest call, @Context HttpHeaders headers,
            @Context SecurityContext security, @Suspended AsyncResponse answer) {
        CertificateRequest request = parse(body, call);
        request.rejectCsr();
        request.rejectCovered();
        answer(commission(Endpoint.CERT, request, call, headers, security), call, headers, answer);
    }

    @POST
    @Path("pem")
    @Produces(MediaType.APPLICATION_JSON)
    public void pem(InputStream body, @Context HttpServletRequest call, @Context HttpHeaders headers,
            @Context SecurityContext security, @Suspended AsyncResponse answer) {
        answer(commission(Endpoint.PEM, parse(body, call), call, headers, security), call, headers, answer);
    }

    /** A body without a media type matches every {@code @Consumes}; the contract asks for one. */
    private static CertificateRequest parse(InputStream body, HttpServletRequest call) {
        if (call.getContentType() == null) {
            throw new NotSupportedException();
        }
        return CertificateRequest.parse(body);
    }

    private static Commission commission(Endpoint endpoint, CertificateRequest request, HttpServletRequest call,
            HttpHeaders headers, SecurityContext security) {
        Optional<Idempotency> idempotency = IdempotencyKey.of(values(headers, "Idempotency-Key"))
                .map(key -> new Idempotency(key.value(), body(endpoint, request)));
        boolean later = Prefer.of(values(headers, "Prefer")).respondAsync();
        return new Commission((Caller) security.getUserPrincipal(), endpoint, request, RequestId.of(call), idempotency,
                later);
    }

    private static List<String> values(HttpHeaders headers, String name) {
        List<String> values = headers.getRequestHeader(name);
        return values == null ? List.of() : values;
    }

    private static byte[] body(Endpoint endpoint, CertificateRequest request) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes((endpoint + "\n").getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(request.canonicalForm());
        return body.toByteArray();
    }

    private void answer(Commission commission, HttpServletRequest call, HttpHeaders headers, AsyncResponse answer) {
        // RESTEasy shows the request to its own thread alone
        String root = call.getContextPath();
        List<String> cached = values(headers, HttpHeaders.IF_NONE_MATCH);
        long arrived = Gate.arrived(call);
        if (commission.later()) {
            answers.give(answer, begun(() -> issuer.order(commission)),
                    id -> orderAnswers.accepted(commission.caller(), id, root), arrived);
        } else {
            answers.give(answer, begun(() -> issuer.issue(commission)),
                    issuance -> result(commission, issuance, cached), arrived);
        }
    }

    /** All failures in the future, so that a 401 can be answered later. */
    private static <T> CompletableFuture<T> begun(Supplier<CompletableFuture<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Response result(Commission commission, Issuance issuance, List<String> cached) {
        Rendering rendering = Rendering.of(commission.endpoint(), commission.request());
        boolean pfx = commission.endpoint() == Endpoint.CERT;
        byte[] body = pfx ? rendering.pfx(issuance.certificates()) : rendering.pem(issuance.certificates());
        Response.ResponseBuilder response =
                answers.deliver(body, rendering.mediaType(), receipt(commission, issuance, true));
        if (commission.request().reuse()) {
            String tag = EntityTags.strong(body);
            if (EntityTags.of(cached).contain(tag)) {
                engine.delivered(receipt(commission, issuance, false));
                return Response.notModified().header(HttpHeaders.ETAG, tag)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store").build();
            }
            response.header(HttpHeaders.ETAG, tag);
        }
        if (pfx) {
            response.header(HttpHeaders.CONTENT_DISPOSITION,
                    "attachment; filename=\"" + rendering.fileName(".pfx", Instant.now()) + "\"");
        }
        return response.build();
    }

    private static Receipt receipt(Commission commission, Issuance issuance, boolean sent) {
        return new Receipt(issuance.batchId(), false, commission.caller().origin(commission.requestId()),
                sent && IssuedCertificate.holdPrivateKeys(issuance.certificates()));
    }
}
