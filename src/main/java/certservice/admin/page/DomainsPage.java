package certservice.admin.page;

import certservice.admin.DomainAdministration;
import certservice.admin.DomainDetails;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;

/** The list of domains. */
@Named
@ViewScoped
public class DomainsPage implements Serializable {

    private static final long serialVersionUID = 1L;

    @Inject
    DomainAdministration domains;

    private final Listing listing = new Listing();
    private List<DomainDetails> rows = List.of();

    public void load() {
        rows = listing.load(domains::list);
    }

    /** Whether the last that is known of its proofs is a failure. */
    public boolean failing(DomainDetails domain) {
        return domain.lastFailed() != null
                && (domain.lastValidated() == null || domain.lastFailed().isAfter(domain.lastValidated()));
    }

    public Listing getListing() {
        return listing;
    }

    public List<DomainDetails> getRows() {
        return rows;
    }
}
