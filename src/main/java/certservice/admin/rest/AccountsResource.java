package certservice.admin.rest;

import certservice.admin.AccountAdministration;
import certservice.admin.AccountDetails;
import certservice.json.JsonFields;
import certservice.problem.Failure;
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
import java.io.InputStream;

/** {@code /admin/api/accounts}: the ACME accounts. */
@Path("accounts")
@ApplicationScoped
public class AccountsResource {

    @Inject
    AccountAdministration accounts;

    @GET
    public Response list() {
        return Replies.ok(new Fields().with("items", accounts.list().stream().map(AccountsResource::fields).toList()));
    }

    @GET
    @Path("{environment}")
    public Response get(@PathParam("environment") String environment) {
        return Replies.ok(fields(accounts.get(environment)));
    }

    /** The field {@code contact} is an e-mail address; {@code null}: none. */
    @POST
    @Path("{environment}/contact")
    public Response changeContact(@PathParam("environment") String environment, InputStream body,
            @Context HttpHeaders headers, @Context SecurityContext security) {
        JsonFields fields = Replies.body(body, headers).knowing("contact");
        if (!fields.isGiven("contact")) {
            throw Failure.badRequest("Field 'contact' is missing; allowed is an e-mail address, or null: none");
        }
        return Replies.ok(fields(accounts.changeContact(environment, fields.string("contact").orElse(null),
                LoggedIn.of(security))));
    }

    @POST
    @Path("{environment}/rollover")
    public Response rollOver(@PathParam("environment") String environment, @Context SecurityContext security) {
        return Replies.ok(fields(accounts.rollOverKey(environment, LoggedIn.of(security))));
    }

    private static Fields fields(AccountDetails account) {
        return new Fields().with("environment", account.environment()).with("directory", account.directory())
                .with("url", account.url()).with("contact", account.contact())
                .with("termsAgreed", account.termsAgreed()).with("terms", account.terms())
                .with("keyChanged", account.keyChanged())
                .with("limits", account.limits().stream().map(AccountsResource::fields).toList());
    }

    private static Fields fields(AccountDetails.LimitUse limit) {
        return new Fields().with("kind", limit.kind()).with("subject", limit.subject()).with("used", limit.used())
                .with("limit", limit.limit()).with("freeAt", limit.freeAt());
    }
}
