package certservice.admin;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How this node and the service are.
 *
 * @param status     {@code UP} or {@code DOWN}, as load balancers see it
 * @param version    of the service
 * @param node       this node's id
 * @param started    when this node was deployed
 * @param database   product and version, never a URL
 * @param running    orders that this node works on
 * @param waiting    orders that wait in line on this node
 * @param settings   name and value of each setting that is not a secret, sorted
 * @param addresses  that are refused at the moment for guessing keys
 */
public record SystemState(String status, String version, String node, Instant started, String database, int running,
                          int waiting, Map<String, String> settings, List<RefusedAddress> addresses) {

    /** @param until when it is served again; a good key is served from it all the same */
    public record RefusedAddress(String address, int guesses, Instant until) {
    }
}
