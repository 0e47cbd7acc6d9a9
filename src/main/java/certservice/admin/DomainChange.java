package certservice.admin;

/**
 * What an administrator can set of a domain, always all of it. For what the parts mean see {@link DomainDetails}.
 *
 * @param provider or {@code null} for challenges that need none
 */
public record DomainChange(boolean subdomains, String challenge, String provider) {
}
