package certservice.admin.rest;

import certservice.admin.ApiKeyAdministration;
import certservice.admin.ApiKeyChange;
import certservice.admin.ApiKeyDetails;
import certservice.admin.NewApiKey;
import certservice.json.JsonFields;
import certservice.problem.Failure;
import certservice.problem.Quoted;
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
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** {@code /admin/api/keys}: API keys. */
@Path("keys")
@ApplicationScoped
public class KeysResource {

    private static final int MOST_REQUESTS = 1_000_000;

    @Inject
    ApiKeyAdministration keys;

    @GET
    public Response list(@Context UriInfo uri) {
        Query query = Query.ofPage(uri);
        return query.page(keys.list(query.search()), KeysResource::fields);
    }

    /** The only answers that hold a GUID are this one and that of {@link #rotate}. */
    @POST
    public Response create(InputStream body, @Context HttpServletRequest call, @Context HttpHeaders headers,
            @Context SecurityContext security) {
        NewApiKey made = keys.create(change(Replies.body(body, headers)), LoggedIn.of(security));
        return Replies.created(call.getContextPath() + "/admin/api/keys/" + made.details().id(),
                fields(made.details()).with("guid", made.guid()), made.details().version());
    }

    @GET
    @Path("{id}")
    public Response get(@PathParam("id") String id) {
        return reply(keys.get(id));
    }

    @PUT
    @Path("{id}")
    public Response change(@PathParam("id") String id, InputStream body, @Context HttpHeaders headers,
            @Context SecurityContext security) {
        ApiKeyChange wanted = change(Replies.body(body, headers));
        Long version = IfMatch.required(headers, () -> keys.get(id).version());
        return reply(keys.change(id, wanted, version, LoggedIn.of(security)));
    }

    @DELETE
    @Path("{id}")
    public void delete(@PathParam("id") String id, @Context HttpHeaders headers, @Context SecurityContext security) {
        Long version = IfMatch.required(headers, () -> keys.get(id).version());
        keys.delete(id, version, LoggedIn.of(security));
    }

    @POST
    @Path("{id}/enable")
    public Response enable(@PathParam("id") String id, @Context SecurityContext security) {
        return reply(keys.enable(id, LoggedIn.of(security)));
    }

    @POST
    @Path("{id}/disable")
    public Response disable(@PathParam("id") String id, @Context SecurityContext security) {
        return reply(keys.disable(id, LoggedIn.of(security)));
    }

    /** The field {@code expires} says when; {@code null}: never. */
    @POST
    @Path("{id}/expire")
    public Response expire(@PathParam("id") String id, InputStream body, @Context HttpHeaders headers,
            @Context SecurityContext security) {
        JsonFields fields = Replies.body(body, headers).knowing("expires");
        if (!fields.isGiven("expires")) {
            throw Failure.badRequest("Field 'expires' is missing; allowed is a moment, or null: never");
        }
        return reply(keys.expire(id, expires(fields), LoggedIn.of(security)));
    }

    /** The field {@code overlap} says how long the old GUID is accepted too; without it not any more. */
    @POST
    @Path("{id}/rotate")
    public Response rotate(@PathParam("id") String id, InputStream body, @Context HttpHeaders headers,
            @Context SecurityContext security) {
        Duration overlap = Replies.optionalBody(body, headers).knowing("overlap").string("overlap")
                .map(KeysResource::duration).orElse(Duration.ZERO);
        Long version = IfMatch.optional(headers, () -> keys.get(id).version());
        NewApiKey made = keys.rotate(id, overlap, version, LoggedIn.of(security));
        return Replies.ok(fields(made.details()).with("guid", made.guid()), made.details().version());
    }

    @PUT
    @Path("{id}/domains/{name}")
    public Response associate(@PathParam("id") String id, @PathParam("name") String name,
            @Context SecurityContext security) {
        return reply(keys.associate(id, name, LoggedIn.of(security)));
    }

    @DELETE
    @Path("{id}/domains/{name}")
    public Response dissociate(@PathParam("id") String id, @PathParam("name") String name,
            @Context SecurityContext security) {
        return reply(keys.dissociate(id, name, LoggedIn.of(security)));
    }

    /** What {@link #fields} adds to what can be set is passed over, so that an answer can be sent back changed. */
    private static ApiKeyChange change(JsonFields body) {
        body.knowing("label", "enabled", "expires", "domains", "networks", "environments", "profiles",
                "requestsPerDay", "id", "requestsToday", "created", "lastUsed", "previousUntil");
        return new ApiKeyChange(body.requiredString("label"), body.bool("enabled").orElse(true), expires(body),
                body.strings("domains"), body.strings("networks"), body.strings("environments"),
                body.strings("profiles"), body.integer("requestsPerDay", 1, MOST_REQUESTS).orElse(null));
    }

    private static Instant expires(JsonFields body) {
        return body.string("expires").map(text -> Query.moment("Field", "expires", text)).orElse(null);
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw Failure.badRequest("Field 'overlap' is " + Quoted.of(text)
                    + "; allowed is an ISO 8601 duration from PT0S to P90D");
        }
    }

    private static Response reply(ApiKeyDetails key) {
        return Replies.ok(fields(key), key.version());
    }

    private static Fields fields(ApiKeyDetails key) {
        return new Fields().with("id", key.id()).with("label", key.label()).with("enabled", key.enabled())
                .with("expires", key.expires()).with("domains", key.domains()).with("networks", key.networks())
                .with("environments", key.environments()).with("profiles", key.profiles())
                .with("requestsPerDay", key.requestsPerDay()).with("requestsToday", key.requestsToday())
                .with("created", key.created()).with("lastUsed", key.lastUsed())
                .with("previousUntil", key.previousUntil());
    }
}
