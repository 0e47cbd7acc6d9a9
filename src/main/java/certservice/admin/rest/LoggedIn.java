package certservice.admin.rest;

import certservice.admin.Administrator;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;

/**
 * Whoever has logged in for this request.
 *
 * @param mayChange whether as an administrator; else as an auditor
 */
record LoggedIn(Administrator administrator, boolean mayChange) implements Principal {

    /** The name of the servlet request's attribute. */
    static final String ATTRIBUTE = LoggedIn.class.getName();

    static Administrator of(SecurityContext security) {
        return ((LoggedIn) security.getUserPrincipal()).administrator();
    }

    @Override
    public String getName() {
        return administrator.name();
    }
}
