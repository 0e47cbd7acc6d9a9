package certservice.admin.jmx;

import certservice.admin.DnsProviderAdministration;
import certservice.admin.DnsProviderDetails;
import certservice.admin.Page;
import certservice.admin.Search;
import java.util.List;

@Described("DNS providers, which publish proofs of the challenge dns-01. Their settings hold secrets: they can be"
        + " written, but not read.")
final class DnsProviders {

    private static final String NAME = "1 to 100 letters, digits, dots, hyphens or underscores; first a letter"
            + " or digit";
    private static final String TYPE = "one of the attribute Types";
    private static final String SETTINGS = "all its settings as the text of a JSON object, such as"
            + " {\"server\": \"ns.example.net\"}";

    private final DnsProviderAdministration providers;

    DnsProviders(DnsProviderAdministration providers) {
        this.providers = providers;
    }

    @Described("The kinds that can be chosen.")
    public List<String> getTypes() {
        return providers.types();
    }

    @Described("The first 1000 providers, sorted by name, and how many there are.")
    public Page<DnsProviderDetails> list() {
        return providers.list(new Search("", 0, Search.MOST));
    }

    @Described("The providers in whose name or type a text occurs; at most 1000, and how many there are.")
    public Page<DnsProviderDetails> find(@Parameter(name = "text", is = "in any case; empty: all") String text) {
        return providers.list(new Search(text, 0, Search.MOST));
    }

    @Described("One provider.")
    public DnsProviderDetails get(@Parameter(name = "name", is = NAME) String name) {
        return providers.get(Texts.optional(name));
    }

    @Described(value = "Makes a provider.", changes = true)
    public DnsProviderDetails create(@Parameter(name = "name", is = NAME) String name,
            @Parameter(name = "type", is = TYPE) String type,
            @Parameter(name = "settings", is = SETTINGS) String settings) {
        return providers.create(Texts.optional(name), Texts.optional(type), Texts.json("settings", settings),
                Caller.now());
    }

    @Described(value = "Replaces type and settings as a whole, secrets included.", changes = true)
    public DnsProviderDetails change(@Parameter(name = "name", is = NAME) String name,
            @Parameter(name = "type", is = TYPE) String type,
            @Parameter(name = "settings", is = SETTINGS) String settings) {
        return providers.change(Texts.optional(name), Texts.optional(type), Texts.json("settings", settings), null,
                Caller.now());
    }

    @Described(value = "Removes a provider that no domain is proven by.", changes = true)
    public void delete(@Parameter(name = "name", is = NAME) String name) {
        providers.delete(Texts.optional(name), null, Caller.now());
    }
}
