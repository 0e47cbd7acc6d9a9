package certservice.admin.jmx;

import certservice.admin.ApiKeyAdministration;
import certservice.admin.ApiKeyChange;
import certservice.admin.ApiKeyDetails;
import certservice.admin.NewApiKey;
import certservice.admin.Page;
import certservice.admin.Search;

@Described("API keys: who may call the service, for which domains. Every change is audited and holds on all nodes at"
        + " once. A key's GUID is shown once, by create and rotate.")
final class ApiKeys {

    private static final String ID = "the key's id, as list shows it; not its GUID";
    private static final String LABEL = "its name among administrators, unique; 1 to 100 characters";
    private static final String EXPIRES = "from when on it is refused, such as 2027-01-31T00:00:00Z; empty: never";
    private static final String DOMAINS = "names of domains that exist, separated by commas or spaces";
    private static final String NETWORKS = "networks (CIDR) from where alone it is accepted, separated by commas or"
            + " spaces; empty: from everywhere";
    private static final String ENVIRONMENTS = "staging, production, or both; empty: all";
    private static final String PROFILES = "such as classic, separated by commas or spaces; empty: all";
    private static final String REQUESTS = "how many certificate requests a day (UTC); 0: as many as it likes";

    private final ApiKeyAdministration keys;

    ApiKeys(ApiKeyAdministration keys) {
        this.keys = keys;
    }

    @Described("The first 1000 keys, sorted by label, and how many there are.")
    public Page<ApiKeyDetails> list() {
        return keys.list(new Search("", 0, Search.MOST));
    }

    @Described("The keys in whose label, id or domains a text occurs; at most 1000, and how many there are.")
    public Page<ApiKeyDetails> find(@Parameter(name = "text", is = "in any case; empty: all") String text) {
        return keys.list(new Search(text, 0, Search.MOST));
    }

    @Described("A part of what find finds.")
    public Page<ApiKeyDetails> page(@Parameter(name = "text", is = "in any case; empty: all") String text,
            @Parameter(name = "first", is = "how many are left out before; 0 or more") int first,
            @Parameter(name = "limit", is = "at most how many; 1 to 1000") int limit) {
        return keys.list(new Search(text, first, limit));
    }

    @Described("One key.")
    public ApiKeyDetails get(@Parameter(name = "id", is = ID) String id) {
        return keys.get(Texts.optional(id));
    }

    @Described(value = "Makes an enabled key for some domains. Returns its GUID, this once.", changes = true)
    public NewApiKey create(@Parameter(name = "label", is = LABEL) String label,
            @Parameter(name = "domains", is = DOMAINS) String domains) {
        return create(label, null, domains, null, null, null, 0);
    }

    @Described(value = "Makes an enabled key, with limits. Returns its GUID, this once.", changes = true)
    public NewApiKey create(@Parameter(name = "label", is = LABEL) String label,
            @Parameter(name = "expires", is = EXPIRES) String expires,
            @Parameter(name = "domains", is = DOMAINS) String domains,
            @Parameter(name = "networks", is = NETWORKS) String networks,
            @Parameter(name = "environments", is = ENVIRONMENTS) String environments,
            @Parameter(name = "profiles", is = PROFILES) String profiles,
            @Parameter(name = "requestsPerDay", is = REQUESTS) int requestsPerDay) {
        return keys.create(wanted(label, true, expires, domains, networks, environments, profiles, requestsPerDay),
                Caller.now());
    }

    @Described(value = "Sets all of a key that can be set.", changes = true)
    public ApiKeyDetails change(@Parameter(name = "id", is = ID) String id,
            @Parameter(name = "label", is = LABEL) String label,
            @Parameter(name = "enabled", is = "whether it is accepted") boolean enabled,
            @Parameter(name = "expires", is = EXPIRES) String expires,
            @Parameter(name = "domains", is = DOMAINS) String domains,
            @Parameter(name = "networks", is = NETWORKS) String networks,
            @Parameter(name = "environments", is = ENVIRONMENTS) String environments,
            @Parameter(name = "profiles", is = PROFILES) String profiles,
            @Parameter(name = "requestsPerDay", is = REQUESTS) int requestsPerDay) {
        return keys.change(Texts.optional(id),
                wanted(label, enabled, expires, domains, networks, environments, profiles, requestsPerDay), null,
                Caller.now());
    }

    private static ApiKeyChange wanted(String label, boolean enabled, String expires, String domains, String networks,
            String environments, String profiles, int requestsPerDay) {
        return new ApiKeyChange(label, enabled, Texts.moment("expires", expires), Texts.list(domains),
                Texts.list(networks), Texts.list(environments), Texts.list(profiles), Texts.limit(requestsPerDay));
    }

    @Described(value = "Lets a key be used again.", changes = true)
    public ApiKeyDetails enable(@Parameter(name = "id", is = ID) String id) {
        return keys.enable(Texts.optional(id), Caller.now());
    }

    @Described(value = "Refuses a key until it is enabled again.", changes = true)
    public ApiKeyDetails disable(@Parameter(name = "id", is = ID) String id) {
        return keys.disable(Texts.optional(id), Caller.now());
    }

    @Described(value = "Sets when a key expires.", changes = true)
    public ApiKeyDetails expire(@Parameter(name = "id", is = ID) String id,
            @Parameter(name = "moment", is = EXPIRES) String moment) {
        return keys.expire(Texts.optional(id), Texts.moment("moment", moment), Caller.now());
    }

    @Described(value = "Gives a key another GUID and returns it, this once. For a while the old one is accepted too.",
            changes = true)
    public NewApiKey rotate(@Parameter(name = "id", is = ID) String id,
            @Parameter(name = "overlap", is = "how long, such as P7D or PT12H, up to P90D; empty: not at all")
            String overlap) {
        return keys.rotate(Texts.optional(id), Texts.duration("overlap", overlap), null, Caller.now());
    }

    @Described(value = "Lets a key request certificates for a domain.", changes = true)
    public ApiKeyDetails associate(@Parameter(name = "id", is = ID) String id,
            @Parameter(name = "domain", is = "the name of a domain that exists") String domain) {
        return keys.associate(Texts.optional(id), Texts.optional(domain), Caller.now());
    }

    @Described(value = "Takes a domain from a key.", changes = true)
    public ApiKeyDetails dissociate(@Parameter(name = "id", is = ID) String id,
            @Parameter(name = "domain", is = "one of the key's domains") String domain) {
        return keys.dissociate(Texts.optional(id), Texts.optional(domain), Caller.now());
    }

    @Described(value = "Removes a key. What it ordered stays in the records.", changes = true)
    public void delete(@Parameter(name = "id", is = ID) String id) {
        keys.delete(Texts.optional(id), null, Caller.now());
    }
}
