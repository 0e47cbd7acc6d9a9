package certservice.admin.page;

import certservice.admin.ApiKeyAdministration;
import certservice.admin.ApiKeyDetails;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;

/** The list of API keys. */
@Named
@ViewScoped
public class KeysPage implements Serializable {

    private static final long serialVersionUID = 1L;

    @Inject
    ApiKeyAdministration keys;

    private final Listing listing = new Listing();
    private List<ApiKeyDetails> rows = List.of();

    public void load() {
        rows = listing.load(keys::list);
    }

    public Listing getListing() {
        return listing;
    }

    public List<ApiKeyDetails> getRows() {
        return rows;
    }
}
