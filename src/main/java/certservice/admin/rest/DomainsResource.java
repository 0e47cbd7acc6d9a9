package certservice.admin.rest;

import certservice.admin.DomainAdministration;
import certservice.admin.DomainChange;
import certservice.admin.DomainDetails;
import certservice.json.JsonFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;

/** {@code /admin/api/domains}: what keys can be associated with, and how it is proven. */
@Path("domains")
@ApplicationScoped
public class DomainsResource {

    @Inject
    DomainAdministration domains;

    @GET
    public Response list(@Context UriInfo uri) {
        Query query = Query.ofPage(uri);
        return Replies.ok(query.fields(domains.list(query.search()), DomainsResource::fields)
                .with("challenges", domains.challenges()));
    }

    @POST
    public Response create(InputStream body, @Context HttpServletRequest call, @Context HttpHeaders headers,
            @Context SecurityContext security) {
        JsonFields fields = Replies.body(body, headers);
        DomainChange wanted = change(fields);
        DomainDetails made = domains.create(fields.requiredString("name"), wanted, LoggedIn.of(security));
        return Replies.created(call.getContextPath() + "/admin/api/domains/" + made.name(), fields(made),
                made.version());
    }

    @GET
    @Path("{name}")
    public Response get(@PathParam("name") String name) {
        return reply(domains.get(name));
    }

    @PUT
    @Path("{name}")
    public Response change(@PathParam("name") String name, InputStream body, @Context HttpHeaders headers,
            @Context SecurityContext security) {
        DomainChange wanted = change(Replies.body(body, headers));
        Long version = IfMatch.required(headers, () -> domains.get(name).version());
        return reply(domains.change(name, wanted, version, LoggedIn.of(security)));
    }

    @DELETE
    @Path("{name}")
    public void delete(@PathParam("name") String name, @Context HttpHeaders headers,
            @Context SecurityContext security) {
        Long version = IfMatch.required(headers, () -> domains.get(name).version());
        domains.delete(name, version, LoggedIn.of(security));
    }

    /** What {@link #fields} adds to what can be set is passed over, so that an answer can be sent back changed. */
    private static DomainChange change(JsonFields body) {
        body.knowing("name", "subdomains", "challenge", "provider", "keys", "lastValidated", "lastFailed",
                "lastFailure");
        return new DomainChange(body.bool("subdomains").orElse(false), body.string("challenge").orElse("http-01"),
                body.string("provider").orElse(null));
    }

    private static Response reply(DomainDetails domain) {
        return Replies.ok(fields(domain), domain.version());
    }

    private static Fields fields(DomainDetails domain) {
        return new Fields().with("name", domain.name()).with("subdomains", domain.subdomains())
                .with("challenge", domain.challenge()).with("provider", domain.provider()).with("keys", domain.keys())
                .with("lastValidated", domain.lastValidated()).with("lastFailed", domain.lastFailed())
                .with("lastFailure", domain.lastFailure());
    }
}
