package certservice.admin.page;

import certservice.admin.Administrator;
import certservice.admin.DnsProviderAdministration;
import certservice.admin.DnsProviderDetails;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.json.JsonObject;
import java.io.Serializable;
import java.util.List;

/** One DNS provider, or a new one. */
@Named
@ViewScoped
public class ProviderPage implements Serializable {

    private static final long serialVersionUID = 1L;

    @Inject
    DnsProviderAdministration providers;

    @Inject
    CurrentUser user;

    @Inject
    Notices notices;

    @Inject
    TypedSettings typed;

    private String name;
    private String newName;
    private String type;
    private DnsProviderDetails provider;
    private List<String> types = List.of();

    public void load() {
        types = providers.types();
        if (!isFresh()) {
            show(providers.get(name));
        }
    }

    public String create() {
        Administrator by = user.administrator();
        JsonObject settings = ProviderSettings.parse(typed.take());
        show(providers.create(newName == null ? "" : newName.strip(), type, settings, by));
        notices.add("DNS provider " + name + " is created.");
        return "/admin/provider?faces-redirect=true&includeViewParams=true";
    }

    public void save() {
        Administrator by = user.administrator();
        JsonObject settings = ProviderSettings.parse(typed.take());
        show(providers.change(name, type, settings, provider.version(), by));
        notices.add("DNS provider " + name + " has new settings.");
    }

    public String delete() {
        providers.delete(name, provider.version(), user.administrator());
        notices.add("DNS provider " + name + " is deleted.");
        return "/admin/providers?faces-redirect=true";
    }

    private void show(DnsProviderDetails current) {
        name = current.name();
        provider = current;
        type = current.type();
    }

    /** Whether it is about a provider that does not exist yet. */
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

    public String getType() {
        return type;
    }

    public void setType(String type) {
        this.type = type;
    }

    public DnsProviderDetails getProvider() {
        return provider;
    }

    public List<String> getTypes() {
        return types;
    }
}
