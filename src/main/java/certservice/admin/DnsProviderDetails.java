package certservice.admin;

import java.util.List;

/**
 * A DNS provider as administrators see it. Its settings hold secrets and are write-only: only their names are here.
 *
 * @param type     the kind, such as {@code rfc2136}
 * @param settings the names of the settings that it has, sorted
 * @param domains  how many domains are proven by it
 * @param version  changes with each change of the provider
 */
public record DnsProviderDetails(String name, String type, List<String> settings, long domains, long version) {
}
