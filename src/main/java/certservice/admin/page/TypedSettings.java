package certservice.admin.page;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;

/** A DNS provider's settings on their way in: they are forgotten with the request, and no page can show them. */
@Named
@RequestScoped
public class TypedSettings {

    private String text;

    String take() {
        return text;
    }

    /** Always empty. */
    public String getText() {
        return "";
    }

    public void setText(String typed) {
        text = typed;
    }
}
