package certservice.challenge;

import certservice.settings.MasterKey;
import certservice.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The DNS providers that were set up, and the kinds that there are. */
@ApplicationScoped
public class DnsProviders {

    @Inject
    DnsProviderStore store;

    @Inject
    MasterKey masterKey;

    @Inject
    Settings settings;

    @Inject
    @Any
    Instance<DnsProviderKind> kinds;

    private final Map<String, Opened> opened = new ConcurrentHashMap<>();

    /** The solver of dns-01, over whatever providers there are at the moment of its use. */
    @Produces
    Solver dns01() {
        return new Dns01Solver(name -> editor(name).orElse(null), Resolvers.of(settings.dnsResolvers()),
                Clock.systemUTC());
    }

    /** The same editor as long as the provider does not change, so that one order's records go together. */
    private Optional<RecordEditor> editor(String name) {
        return store.find(name).map(provider -> opened.compute(name, (key, known) ->
                known != null && known.version() == provider.version() ? known
                        : new Opened(provider.version(), kind(provider.type()).open(provider.settings(masterKey))))
                .editor());
    }

    private record Opened(long version, RecordEditor editor) {
    }

    /**
     * Adds a provider, or changes the one of that name.
     *
     * @throws IllegalArgumentException if there is no such kind or it does not accept the settings; the message says
     *                                  what is allowed
     */
    public void configure(String name, String type, JsonObject providerSettings) {
        kind(type).open(providerSettings);
        store.save(name, type, providerSettings, masterKey);
    }

    /** Whether there is a provider of that name. */
    public boolean exists(String name) {
        return store.find(name).isPresent();
    }

    private DnsProviderKind kind(String type) {
        return kinds.stream().filter(kind -> kind.type().equals(type)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("type '" + type + "': allowed is "
                        + kinds.stream().map(DnsProviderKind::type).sorted().collect(Collectors.joining(", "))));
    }
}
