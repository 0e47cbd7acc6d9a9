package certservice.admin.page;

import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.PhaseEvent;
import jakarta.faces.event.PhaseId;
import jakarta.faces.event.PhaseListener;
import java.util.Set;

/**
 * Answers 401 to a page's script whose user is logged in no more. Servers have the login page answer it, and Faces
 * would make of that a change of the page in which nothing changes. {@code admin.js} tells the user. Whatever else
 * wants a page without a login the server has let through by mistake, since {@code web.xml} forbids it: a 401 too.
 */
public class EndedSession implements PhaseListener {

    private static final long serialVersionUID = 1L;
    private static final Set<String> OPEN = Set.of("/admin/login.xhtml", "/admin/login-failed.xhtml");

    @Override
    public PhaseId getPhaseId() {
        return PhaseId.RESTORE_VIEW;
    }

    @Override
    public void beforePhase(PhaseEvent event) {
        FacesContext faces = event.getFacesContext();
        ExternalContext external = faces.getExternalContext();
        if (external.getUserPrincipal() != null) {
            return;
        }
        if (!faces.getPartialViewContext().isAjaxRequest()) {
            if (!isOpen(external.getRequestServletPath())) {
                Refusal.with(401, faces);
            }
            return;
        }
        // WildFly would send this very request again after the next login, as if it were for a page
        external.invalidateSession();
        external.setResponseStatus(401);
        faces.responseComplete();
    }

    /** Whether a page is for people who are not logged in yet. */
    static boolean isOpen(String path) {
        return OPEN.contains(path);
    }
}
