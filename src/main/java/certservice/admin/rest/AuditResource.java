package certservice.admin.rest;

import certservice.admin.AuditAdministration;
import certservice.admin.AuditAdministration.Filter;
import certservice.admin.AuditItem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code /admin/api/audit}: who did what, and when. */
@Path("audit")
@ApplicationScoped
public class AuditResource {

    @Inject
    AuditAdministration audit;

    @GET
    public Response list(@Context UriInfo uri) {
        Query query = Query.ofPage(uri, "action", "from", "until");
        return Replies.ok(query.fields(audit.list(query.search(), filter(query)), AuditResource::fields)
                .with("actions", audit.actions()));
    }

    /** JSON Lines, oldest first; it leaves as it is read. */
    @GET
    @Path("export")
    public Response export(@Context UriInfo uri) {
        Filter filter = filter(Query.of(uri, "action", "from", "until"));
        audit.check(filter);
        StreamingOutput lines = out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            audit.export("", filter, writer);
            writer.flush();
        };
        return Response.ok(lines, "application/jsonl")
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"audit.jsonl\"").build();
    }

    /** Auditors may too ({@link AdminGate}): it reads the whole log and changes nothing. */
    @POST
    @Path("verify")
    public Response verify() {
        List<String> findings = audit.verify();
        return Replies.ok(new Fields().with("intact", findings.isEmpty()).with("findings", findings));
    }

    private static Filter filter(Query query) {
        return new Filter(query.text("action"), query.moment("from"), query.moment("until"));
    }

    private static Fields fields(AuditItem item) {
        return new Fields().with("number", item.number()).with("moment", item.moment()).with("action", item.action())
                .with("outcome", item.outcome()).with("actorKind", item.actorKind()).with("actor", item.actor())
                .with("keyId", item.keyId()).with("address", item.address()).with("requestId", item.requestId())
                .with("names", item.names()).with("serial", item.serial()).with("detail", item.detail());
    }
}
