package certservice.admin;

import certservice.challenge.DnsProviders;
import certservice.challenge.Solvers;
import certservice.domain.Domain;
import certservice.domain.DomainName;
import certservice.problem.Quoted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** How domains can be proven. */
@ApplicationScoped
public class DomainProofs {

    private static final String DNS_01 = "dns-01";

    @Inject
    DnsProviders dnsProviders;

    @Inject
    Solvers solvers;

    /** How it is proven, for the audit trail. */
    static String text(Domain domain) {
        return (domain.subdomains() ? "with subdomains, " : "") + domain.challenge()
                + domain.provider().map(provider -> ", provider " + provider).orElse("");
    }

    /** The challenge types that can be chosen, sorted. */
    List<String> challenges() {
        return List.copyOf(solvers.types());
    }

    /**
     * Checks it; the provider can't be removed then until the end of the transaction.
     *
     * @param provider or {@code null}
     * @throws WrongField if the domain can't be proven so
     */
    void check(DomainName name, boolean subdomains, String challenge, String provider) {
        if (subdomains && name.isWildcard()) {
            throw new WrongField("subdomains", "is true for a wildcard; give the name without '*.' instead");
        }
        if (!challenges().contains(challenge)) {
            throw new WrongField("challenge", "is " + Quoted.of(challenge) + "; allowed are "
                    + String.join(", ", challenges()));
        }
        boolean dns = challenge.equals(DNS_01);
        if (name.isWildcard() && !dns) {
            throw new WrongField("challenge", "is '" + challenge + "'; a wildcard can be proven by dns-01 only");
        }
        if (dns != (provider != null)) {
            throw new WrongField("provider", dns ? "is missing; dns-01 needs one"
                    : "is given, but " + challenge + " uses none");
        }
        if (provider != null && !dnsProviders.keep(provider)) {
            throw new WrongField("provider", "is " + Quoted.of(provider) + "; there is no such DNS provider");
        }
    }
}
