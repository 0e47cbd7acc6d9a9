package certservice.admin.page;

import certservice.admin.Administrator;
import jakarta.faces.component.UICommand;
import jakarta.faces.component.UIComponent;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.PhaseEvent;
import jakarta.faces.event.PhaseId;
import jakarta.faces.event.PhaseListener;
import java.util.HashSet;
import java.util.Set;

/**
 * Answers 403 to an auditor who presses a button that the page doesn't have for auditors. Faces itself ignores such a
 * request, so nothing would be changed; but somebody who forges requests shall not see a page that looks as if.
 */
public class Unoffered implements PhaseListener {

    private static final long serialVersionUID = 1L;

    @Override
    public PhaseId getPhaseId() {
        return PhaseId.RESTORE_VIEW;
    }

    @Override
    public void afterPhase(PhaseEvent event) {
        FacesContext faces = event.getFacesContext();
        if (!faces.isPostback() || faces.getViewRoot() == null || faces.getResponseComplete()
                || faces.getExternalContext().isUserInRole(Administrator.ROLE)) {
            return;
        }
        ExternalContext external = faces.getExternalContext();
        Set<String> pressed = new HashSet<>(external.getRequestParameterMap().keySet());
        pressed.add(external.getRequestParameterMap().getOrDefault("jakarta.faces.source", ""));
        if (pressed.stream().anyMatch(name -> isUnoffered(name, faces))) {
            Refusal.with(403, faces);
        }
    }

    private static boolean isUnoffered(String parameter, FacesContext faces) {
        UIComponent component = find(parameter, faces);
        if (!(component instanceof UICommand)) {
            return false;
        }
        for (UIComponent each = component; each != null; each = each.getParent()) {
            if (!each.isRendered()) {
                return true;
            }
        }
        return false;
    }

    /** In rows of a table, ids have the row's number in them. */
    private static UIComponent find(String parameter, FacesContext faces) {
        if (parameter.isEmpty()) {
            return null;
        }
        try {
            return faces.getViewRoot().findComponent(parameter.replaceAll(":[0-9]+(?=:)", ""));
        } catch (IllegalArgumentException noSuchId) {
            return null;
        }
    }
}
