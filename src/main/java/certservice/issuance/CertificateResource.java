package certservice.issuance;

import certservice.apikey.Caller;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.problem.RequestId;
import certservice.settings.Settings;
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
import java.io.InputStream;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** {@code POST /api/v1/cert} and {@code POST /api/v1/pem}. */
@Path("/v1")
@Consumes(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class CertificateResource {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    /** How much longer than the order itself its request waits, so that the order's own words reach the caller. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    @Inject
    CertificateIssuer issuer;

    @Inject
    Settings settings;

    @POST
    @Path("cert")
    @Produces("application/x-pkcs12")
    public void cert(InputStream body, @Context HttpServletRequest call, @Context SecurityContext security,
            @Suspended AsyncResponse answer) {
        CertificateRequest request = parse(body, call);
        request.rejectCsr();
        request.rejectCovered();
        answer(answer, issuer.issueOne(caller(security), request, RequestId.of(call)),
                issued -> pfx(issued, request));
    }

    @POST
    @Path("pem")
    @Produces(MediaType.APPLICATION_JSON)
    public void pem(InputStream body, @Context HttpServletRequest call, @Context SecurityContext security,
            @Suspended AsyncResponse answer) {
        CertificateRequest request = parse(body, call);
        answer(answer, issuer.issueEach(caller(security), request, RequestId.of(call)), CertificateResource::pem);
    }

    /** A body without a media type matches every {@code @Consumes}; the contract asks for one. */
    private static CertificateRequest parse(InputStream body, HttpServletRequest call) {
        if (call.getContentType() == null) {
            throw new NotSupportedException();
        }
        return CertificateRequest.parse(body);
    }

    private static Caller caller(SecurityContext security) {
        return (Caller) security.getUserPrincipal();
    }

    private <T> void answer(AsyncResponse answer, CompletionStage<T> issued, Function<T, Response> render) {
        answer.setTimeout(settings.issuanceTimeout().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        answer.setTimeoutHandler(late -> late.resume(Failure.noCertificate(Problem.own(null, "timeout",
                "The CA did not finish the order in time", "Send the request again"), null)));
        issued.thenApply(render).whenComplete((response, failure) -> {
            if (failure == null) {
                answer.resume(response);
            } else {
                answer.resume(failure instanceof CompletionException ? failure.getCause() : failure);
            }
        });
    }

    private static Response pfx(IssuedCertificate issued, CertificateRequest request) {
        byte[] file = Pfx.write(issued.privateKey(), issued.chain(), request.password().toCharArray(),
                request.encryption(), request.friendlyName());
        String name = "cert-" + issued.name().toString().replace('*', '_') + "-"
                + STAMP.format(ZonedDateTime.now(ZoneOffset.UTC)) + ".pfx";
        return Response.ok(file, "application/x-pkcs12")
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    private static Response pem(List<IssuedCertificate> issued) {
        return Response.ok(PemAnswer.json(issued), MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }
}
