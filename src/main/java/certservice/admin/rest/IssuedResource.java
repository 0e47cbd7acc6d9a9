package certservice.admin.rest;

import certservice.admin.CertificateAdministration;
import certservice.admin.CertificateAdministration.Expiries;
import certservice.admin.CertificateAdministration.Filter;
import certservice.admin.CertificateDetails;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;

/** {@code /admin/api/certificates}: the issued certificates of all keys. */
@Path("certificates")
@ApplicationScoped
public class IssuedResource {

    private static final int DEFAULT_DAYS = 90;

    @Inject
    CertificateAdministration certificates;

    @GET
    public Response list(@Context UriInfo uri) {
        Query query = Query.ofPage(uri, "status", "environment", "expiresBefore");
        Filter filter = new Filter(query.text("status"), query.text("environment"), query.moment("expiresBefore"));
        return query.page(certificates.list(query.search(), filter), IssuedResource::fields);
    }

    /** How many expire on each of the coming days. */
    @GET
    @Path("timeline")
    public Response timeline(@Context UriInfo uri) {
        int days = Query.of(uri, "days").number("days", DEFAULT_DAYS);
        return Replies.ok(new Fields().with("items",
                certificates.timeline(days).stream().map(IssuedResource::fields).toList()));
    }

    @GET
    @Path("{serial}")
    public Response get(@PathParam("serial") String serial) {
        return Replies.ok(fields(certificates.get(serial)));
    }

    /** The body may be empty, or a JSON object with the field {@code reason}. */
    @POST
    @Path("{serial}/revoke")
    public Response revoke(@PathParam("serial") String serial, InputStream body, @Context HttpHeaders headers,
            @Context SecurityContext security) {
        String reason = Replies.optionalBody(body, headers).knowing("reason").string("reason").orElse(null);
        return Replies.ok(fields(certificates.revoke(serial, reason, LoggedIn.of(security))));
    }

    private static Fields fields(Expiries expiries) {
        return new Fields().with("day", expiries.day()).with("production", expiries.production())
                .with("staging", expiries.staging()).with("renewed", expiries.renewed());
    }

    private static Fields fields(CertificateDetails certificate) {
        return new Fields().with("serial", certificate.serial()).with("names", certificate.names())
                .with("environment", certificate.environment()).with("profile", certificate.profile())
                .with("keyType", certificate.keyType()).with("issuedAt", certificate.issuedAt())
                .with("expiresAt", certificate.expiresAt()).with("renewAt", certificate.renewAt())
                .with("status", certificate.status()).with("replaced", certificate.replaced())
                .with("keyLabel", certificate.keyLabel()).with("orderId", certificate.orderId());
    }
}
