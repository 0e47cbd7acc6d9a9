package certservice.admin.page;

import certservice.admin.DnsProviderAdministration;
import certservice.admin.DnsProviderDetails;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;

/** The list of DNS providers. */
@Named
@ViewScoped
public class ProvidersPage implements Serializable {

    private static final long serialVersionUID = 1L;

    @Inject
    DnsProviderAdministration providers;

    private final Listing listing = new Listing();
    private List<DnsProviderDetails> rows = List.of();

    public void load() {
        rows = listing.load(providers::list);
    }

    public Listing getListing() {
        return listing;
    }

    public List<DnsProviderDetails> getRows() {
        return rows;
    }
}
