package certservice.admin.page;

import certservice.admin.DnsProviderAdministration;
import certservice.admin.DnsProviderDetails;
import certservice.admin.DomainAdministration;
import certservice.admin.DomainChange;
import certservice.admin.DomainDetails;
import certservice.admin.Search;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;

/** One domain, or a new one. */
@Named
@ViewScoped
public class DomainPage implements Serializable {

    private static final long serialVersionUID = 1L;

    @Inject
    DomainAdministration domains;

    @Inject
    DnsProviderAdministration providers;

    @Inject
    CurrentUser user;

    @Inject
    Notices notices;

    private String name;
    private String newName;
    private DomainDetails domain;
    private boolean subdomains;
    private String challenge;
    private String provider;
    private List<String> challenges = List.of();
    private List<String> providerNames = List.of();

    public void load() {
        challenges = domains.challenges();
        providerNames = providers.list(new Search("", 0, Search.MOST)).items().stream()
                .map(DnsProviderDetails::name).toList();
        if (!isFresh()) {
            show(domains.get(name));
        }
    }

    public String create() {
        show(domains.create(newName == null ? "" : newName.strip(), wanted(), user.administrator()));
        notices.add("Domain " + name + " is created.");
        return "/admin/domain?faces-redirect=true&includeViewParams=true";
    }

    public void save() {
        show(domains.change(name, wanted(), domain.version(), user.administrator()));
        notices.add("Domain " + name + " is saved.");
    }

    public String delete() {
        domains.delete(name, domain.version(), user.administrator());
        notices.add("Domain " + name + " is deleted.");
        return "/admin/domains?faces-redirect=true";
    }

    private DomainChange wanted() {
        return new DomainChange(subdomains, challenge, Lines.orNull(provider));
    }

    private void show(DomainDetails current) {
        name = current.name();
        domain = current;
        subdomains = current.subdomains();
        challenge = current.challenge();
        provider = current.provider();
    }

    /** Whether it is about a domain that does not exist yet. */
    public boolean isFresh() {
        return name == null || name.isBlank();
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getNewName() {
        return newName;
    }

    public void setNewName(String newName) {
        this.newName = newName;
    }

    public DomainDetails getDomain() {
        return domain;
    }

    public boolean isSubdomains() {
        return subdomains;
    }

    public void setSubdomains(boolean subdomains) {
        this.subdomains = subdomains;
    }

    public String getChallenge() {
        return challenge;
    }

    public void setChallenge(String challenge) {
        this.challenge = challenge;
    }

    public String getProvider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = provider;
    }

    public List<String> getChallenges() {
        return challenges;
    }

    public List<String> getProviderNames() {
        return providerNames;
    }
}
