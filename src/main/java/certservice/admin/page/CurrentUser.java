package certservice.admin.page;

import certservice.admin.Administrator;
import certservice.apikey.ClientAddress;
import certservice.problem.Failure;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;

/** Who is logged in, as the server's container knows the user. Pages call it {@code user}. */
@Named("user")
@RequestScoped
public class CurrentUser {

    @Inject
    HttpServletRequest request;

    @Inject
    ClientAddress address;

    public String getName() {
        return request.getUserPrincipal() == null ? null : request.getUserPrincipal().getName();
    }

    /** Whether the user may change something. */
    public boolean isAdmin() {
        return request.isUserInRole(Administrator.ROLE);
    }

    /** @throws Failure 403, if the user may only look */
    public Administrator administrator() {
        if (!isAdmin()) {
            throw Failure.http(403, "Only a user with the role " + Administrator.ROLE + " may do this");
        }
        return new Administrator(getName(), address.of(request), "page");
    }
}
