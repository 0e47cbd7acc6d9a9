package certservice.admin.jmx;

import certservice.admin.DomainAdministration;
import certservice.admin.DomainChange;
import certservice.admin.DomainDetails;
import certservice.admin.Page;
import certservice.admin.Search;
import java.util.List;

@Described("Domains that keys can be associated with, and how each is proven to the CA.")
final class Domains {

    private static final String NAME = "such as example.com or *.example.com";
    private static final String SUBDOMAINS = "whether keys may request everything below it too";
    private static final String CHALLENGE = "how it is proven: one of the attribute Challenges";
    private static final String PROVIDER = "name of the DNS provider that publishes the proofs; empty for challenges"
            + " that need none";

    private final DomainAdministration domains;

    Domains(DomainAdministration domains) {
        this.domains = domains;
    }

    @Described("The challenge types that can be chosen.")
    public List<String> getChallenges() {
        return domains.challenges();
    }

    @Described("The first 1000 domains, sorted by name, and how many there are.")
    public Page<DomainDetails> list() {
        return domains.list(new Search("", 0, Search.MOST));
    }

    @Described("The domains in whose name or provider a text occurs; at most 1000, and how many there are.")
    public Page<DomainDetails> find(@Parameter(name = "text", is = "in any case; empty: all") String text) {
        return domains.list(new Search(text, 0, Search.MOST));
    }

    @Described("A part of what find finds.")
    public Page<DomainDetails> page(@Parameter(name = "text", is = "in any case; empty: all") String text,
            @Parameter(name = "first", is = "how many are left out before; 0 or more") int first,
            @Parameter(name = "limit", is = "at most how many; 1 to 1000") int limit) {
        return domains.list(new Search(text, first, limit));
    }

    @Described("One domain.")
    public DomainDetails get(@Parameter(name = "name", is = NAME) String name) {
        return domains.get(Texts.optional(name));
    }

    @Described(value = "Makes a domain; no key is associated with it yet.", changes = true)
    public DomainDetails create(@Parameter(name = "name", is = NAME) String name,
            @Parameter(name = "subdomains", is = SUBDOMAINS) boolean subdomains,
            @Parameter(name = "challenge", is = CHALLENGE) String challenge,
            @Parameter(name = "provider", is = PROVIDER) String provider) {
        return domains.create(Texts.optional(name), wanted(subdomains, challenge, provider), Caller.now());
    }

    @Described(value = "Sets all of a domain that can be set.", changes = true)
    public DomainDetails change(@Parameter(name = "name", is = NAME) String name,
            @Parameter(name = "subdomains", is = SUBDOMAINS) boolean subdomains,
            @Parameter(name = "challenge", is = CHALLENGE) String challenge,
            @Parameter(name = "provider", is = PROVIDER) String provider) {
        return domains.change(Texts.optional(name), wanted(subdomains, challenge, provider), null, Caller.now());
    }

    private static DomainChange wanted(boolean subdomains, String challenge, String provider) {
        return new DomainChange(subdomains, Texts.optional(challenge), Texts.optional(provider));
    }

    @Described(value = "Removes a domain, and takes it from all keys.", changes = true)
    public void delete(@Parameter(name = "name", is = NAME) String name) {
        domains.delete(Texts.optional(name), null, Caller.now());
    }
}
