package certservice.admin.jmx;

import certservice.admin.SystemAdministration;
import certservice.admin.SystemState;
import certservice.admin.SystemState.RefusedAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

@Described("How this node is.")
final class Health {

    /** Clients read all attributes at once, and each would ask the database. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final SystemAdministration system;
    private SystemState state;
    private long read;

    Health(SystemAdministration system) {
        this.system = system;
    }

    @Described("UP or DOWN, as load balancers see it.")
    public String getStatus() {
        return state().status();
    }

    @Described("The version of the service.")
    public String getVersion() {
        return state().version();
    }

    @Described("This node's id.")
    public String getNode() {
        return state().node();
    }

    @Described("When this node was deployed.")
    public Instant getStarted() {
        return state().started();
    }

    @Described("Product and version of the database.")
    public String getDatabase() {
        return state().database();
    }

    @Described("How many orders this node works on.")
    public int getRunning() {
        return state().running();
    }

    @Described("How many orders wait in line on this node.")
    public int getWaiting() {
        return state().waiting();
    }

    @Described("Each setting that is not a secret.")
    public Map<String, String> getSettings() {
        return state().settings();
    }

    @Described("Addresses that are refused at the moment for guessing keys; a good key is served all the same.")
    public List<RefusedAddress> getRefusedAddresses() {
        return state().addresses();
    }

    @Described(value = "Serves an address again that was refused for guessing keys.", changes = true)
    public synchronized void forgive(@Parameter(name = "address", is = "as RefusedAddresses shows it") String address) {
        system.forgive(Texts.optional(address), Caller.now());
        state = null;
    }

    private synchronized SystemState state() {
        if (state == null || System.nanoTime() - read > FRESH.toNanos()) {
            state = system.state();
            read = System.nanoTime();
        }
        return state;
    }
}
