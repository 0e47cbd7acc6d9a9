package certservice.admin.rest;

import certservice.admin.DnsProviderAdministration;
import certservice.admin.DnsProviderDetails;
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

/** {@code /admin/api/dns-providers}: who publishes dns-01 proofs. Settings go in, and only their names come out. */
@Path("dns-providers")
@ApplicationScoped
public class DnsProvidersResource {

    @Inject
    DnsProviderAdministration providers;

    @GET
    public Response list(@Context UriInfo uri) {
        Query query = Query.ofPage(uri);
        return Replies.ok(query.fields(providers.list(query.search()), DnsProvidersResource::fields)
                .with("types", providers.types()));
    }

    @POST
    public Response create(InputStream body, @Context HttpServletRequest call, @Context HttpHeaders headers,
            @Context SecurityContext security) {
        JsonFields fields = Replies.body(body, headers).knowing("name", "type", "settings");
        DnsProviderDetails made = providers.create(fields.requiredString("name"), fields.requiredString("type"),
                fields.requiredObject("settings"), LoggedIn.of(security));
        return Replies.created(call.getContextPath() + "/admin/api/dns-providers/" + made.name(), fields(made),
                made.version());
    }

    @GET
    @Path("{name}")
    public Response get(@PathParam("name") String name) {
        return reply(providers.get(name));
    }

    /** Type and settings as a whole: what was there can't be read, so it can't be kept in part. */
    @PUT
    @Path("{name}")
    public Response change(@PathParam("name") String name, InputStream body, @Context HttpHeaders headers,
            @Context SecurityContext security) {
        JsonFields fields = Replies.body(body, headers).knowing("name", "type", "settings");
        Long version = IfMatch.required(headers, () -> providers.get(name).version());
        return reply(providers.change(name, fields.requiredString("type"), fields.requiredObject("settings"), version,
                LoggedIn.of(security)));
    }

    @DELETE
    @Path("{name}")
    public void delete(@PathParam("name") String name, @Context HttpHeaders headers,
            @Context SecurityContext security) {
        Long version = IfMatch.required(headers, () -> providers.get(name).version());
        providers.delete(name, version, LoggedIn.of(security));
    }

    private static Response reply(DnsProviderDetails provider) {
        return Replies.ok(fields(provider), provider.version());
    }

    private static Fields fields(DnsProviderDetails provider) {
        return new Fields().with("name", provider.name()).with("type", provider.type())
                .with("settings", provider.settings()).with("domains", provider.domains());
    }
}
