package certservice.issuance;

import certservice.apikey.Caller;
import certservice.json.JsonFields;
import certservice.order.CertificateOrder;
import certservice.order.Certificates;
import certservice.order.Revocations;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import certservice.problem.RequestId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** {@code /api/v1/certificates}: what a key was given, when it is to be renewed, and its revocation. */
@Path("/v1/certificates")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class CertificatesResource {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MOST = 200;
    private static final Instant OLDEST = Instant.parse("2000-01-01T00:00:00Z");

    @Inject
    Certificates certificates;

    @Inject
    Revocations revocations;

    @Inject
    Answers answers;

    /**
     * A page of the key's certificates, newest first.
     *
     * @param limit from 1 to 200; 50 without it
     * @param after {@code next} of the page before
     */
    @GET
    public Response list(@QueryParam("limit") String limit, @QueryParam("after") String after,
            @Context SecurityContext security) {
        int size = limit(limit);
        List<CertificateOrder> found = certificates.page(caller(security).keyId(), position(after), size + 1);
        List<CertificateOrder> shown = found.subList(0, Math.min(size, found.size()));
        Instant now = Instant.now();
        certificates.refresh(shown, now);
        JsonArrayBuilder items = Json.createArrayBuilder();
        shown.forEach(order -> items.add(json(order, now)));
        JsonObjectBuilder page = Json.createObjectBuilder().add("items", items);
        if (found.size() > size) {
            page.add("next", text(shown.get(size - 1)));
        } else {
            page.addNull("next");
        }
        return Response.ok(page.build().toString()).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    /** The body may be empty, or a JSON object with the field {@code reason}. */
    @POST
    @Path("{serial}/revoke")
    public void revoke(@PathParam("serial") String serial, InputStream body, @Context HttpServletRequest call,
            @Context SecurityContext security, @Suspended AsyncResponse answer) {
        String reason = reason(body);
        Caller caller = caller(security);
        String keyId = caller.keyId();
        CertificateOrder order = find(keyId, serial);
        answers.give(answer, revocations.revoke(order, reason, caller.origin(RequestId.of(call))), done -> Response.ok(
                json(find(keyId, serial), Instant.now()).build().toString())
                .header(HttpHeaders.CACHE_CONTROL, "no-store").build());
    }

    private CertificateOrder find(String keyId, String serial) {
        return certificates.find(keyId, serial.toUpperCase(Locale.ROOT))
                .orElseThrow(() -> Failure.http(404, "There is no such certificate"));
    }

    private static String reason(InputStream body) {
        String reason = JsonFields.ofOptional(body).string("reason").orElse(Revocations.reasons().get(0));
        if (!Revocations.reasons().contains(reason)) {
            throw Failure.badRequest("Field 'reason' is " + Quoted.of(reason) + "; it must be one of "
                    + String.join(", ", Revocations.reasons()));
        }
        return reason;
    }

    private static int limit(String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw Failure.badRequest("Parameter 'limit' is " + Quoted.of(text) + "; it must be a whole number from 1 to "
                + MOST);
    }

    private static Optional<Certificates.Position> position(String after) {
        if (after == null) {
            return Optional.empty();
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(after), StandardCharsets.US_ASCII).split(" ");
            Instant issued = Instant.parse(parts[0]);
            if (issued.isBefore(OLDEST) || issued.isAfter(Instant.now().plus(1, ChronoUnit.DAYS))) {
                throw new DateTimeException("not a time of ours");
            }
            return Optional.of(new Certificates.Position(issued, UUID.fromString(parts[1]).toString()));
        } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
            throw Failure.badRequest("Parameter 'after' is " + Quoted.of(after)
                    + "; it must be the 'next' of an earlier answer");
        }
    }

    private static String text(CertificateOrder last) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
                (last.issuedAt() + " " + last.id()).getBytes(StandardCharsets.US_ASCII));
    }

    /** Never a private key. */
    private static JsonObjectBuilder json(CertificateOrder order, Instant now) {
        JsonArrayBuilder names = Json.createArrayBuilder();
        order.names().forEach(name -> names.add(name.toString()));
        return Json.createObjectBuilder()
                .add("serial", order.serial())
                .add("names", names)
                .add("profile", order.profile().toString())
                .add("environment", order.environment().name().toLowerCase(Locale.ROOT))
                .add("issuedAt", text(order.issuedAt()))
                .add("expiresAt", text(order.expiresAt()))
                .add("renewAt", text(order.renewAt()))
                .add("status", order.certificateStatus(now));
    }

    private static String text(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static Caller caller(SecurityContext security) {
        return (Caller) security.getUserPrincipal();
    }
}
