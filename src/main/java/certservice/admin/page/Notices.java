package certservice.admin.page;

import jakarta.enterprise.context.SessionScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What was done, for the next page that the user sees; Faces' own flash would need another cookie. */
@Named
@SessionScoped
public class Notices implements Serializable {

    private static final long serialVersionUID = 1L;
    private final List<String> waiting = new ArrayList<>();

    synchronized void add(String text) {
        waiting.add(text);
    }

    /** Called before a page is rendered. */
    public synchronized void show() {
        waiting.forEach(text -> FacesContext.getCurrentInstance().addMessage(null, new FacesMessage(text)));
        waiting.clear();
    }
}
