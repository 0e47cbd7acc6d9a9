package certservice.admin;

import java.time.Instant;
import java.util.List;

/**
 * An API key as administrators see it; never the key itself.
 *
 * @param domains         the names of the associated domains, sorted
 * @param expires         or {@code null}: never
 * @param networks        CIDR, from where alone it is accepted; empty: from everywhere
 * @param environments    {@code staging}, {@code production}; empty: all
 * @param profiles        such as {@code classic}; empty: all
 * @param requestsPerDay  how many certificate requests a UTC day, or {@code null}: as many as it likes
 * @param requestsToday   how many there were today (UTC)
 * @param lastUsed        to a minute, or {@code null}: not yet
 * @param previousUntil   until when the key that was rotated away is accepted too, or {@code null}
 * @param version         changes with each change of the key
 */
public record ApiKeyDetails(String id, String label, boolean enabled, Instant expires, List<String> domains,
                            List<String> networks, List<String> environments, List<String> profiles,
                            Integer requestsPerDay, int requestsToday, Instant created, Instant lastUsed,
                            Instant previousUntil, long version) {
}
