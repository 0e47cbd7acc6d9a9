package certservice.domain;

import crawlercommons.domains.EffectiveTldFinder;

/**
 * What somebody has registered to have a name: {@code example.co.uk} for {@code www.example.co.uk}, by the
 * <a href="https://publicsuffix.org/list/">public suffix list</a> that is bundled, so as old as the release. Both its
 * sections count, as they do at Let's Encrypt: {@code www.me.github.io} belongs to {@code me.github.io}.
 */
public final class RegisteredDomain {

    private static final boolean ALSO_WHAT_IS_NO_DOMAIN = false;
    private static final boolean WITH_PRIVATE_SECTION = false;

    static {
        // It reads the list when it is asked first, and is not made for several threads that ask first.
        EffectiveTldFinder.getInstance();
    }

    private RegisteredDomain() {
    }

    /**
     * The registered domain, never a wildcard. A name that is a public suffix itself, or whose top-level domain is not
     * on the list (nor on the Internet), stands for itself.
     */
    public static DomainName of(DomainName name) {
        DomainName base = name.base();
        String registered = EffectiveTldFinder.getAssignedDomain(base.toString(), ALSO_WHAT_IS_NO_DOMAIN,
                WITH_PRIVATE_SECTION);
        return registered == null ? base : DomainName.of(registered);
    }
}
