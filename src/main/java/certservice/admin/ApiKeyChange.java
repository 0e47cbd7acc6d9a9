package certservice.admin;

import java.time.Instant;
import java.util.List;

/**
 * What an administrator can set of an API key, always all of it. For what the parts mean see {@link ApiKeyDetails}.
 *
 * @param label          1 to 100 characters, unique
 * @param expires        or {@code null}: never
 * @param domains        names of domains that exist
 * @param requestsPerDay 1 or more, or {@code null}
 */
public record ApiKeyChange(String label, boolean enabled, Instant expires, List<String> domains,
                           List<String> networks, List<String> environments, List<String> profiles,
                           Integer requestsPerDay) {
}
