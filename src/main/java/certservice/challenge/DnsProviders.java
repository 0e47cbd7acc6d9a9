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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

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
                known != null && known.provider().isAs(provider) ? known
                        : new Opened(provider, kind(provider.type()).open(provider.settings(masterKey))))
                .editor());
    }

    private record Opened(DnsProvider provider, RecordEditor editor) {
    }

    /**
     * Adds a provider, or changes the one of that name if anything is different.
     *
     * @return what was done
     * @throws IllegalArgumentException if there is no such kind or it does not accept the settings; the message says
     *                                  what is allowed
     */
    public Change configure(String name, String type, JsonObject providerSettings) {
        kind(type).open(providerSettings);
        return store.save(name, type, providerSettings, masterKey);
    }

    /** Whether there is a provider of that name; until the end of the transaction it stays. None has a NUL in it. */
    public boolean keep(String name) {
        return name.indexOf('\0') < 0 && store.hold(name).isPresent();
    }

    /** The kinds that can be chosen, sorted. */
    public List<String> types() {
        return kinds.stream().map(DnsProviderKind::type).sorted().toList();
    }

    /** The names of a provider's settings, sorted. Their values may be secret. */
    public List<String> settingsOf(DnsProvider provider) {
        return provider.settings(masterKey).keySet().stream().sorted().toList();
    }

    private DnsProviderKind kind(String type) {
        return kinds.stream().filter(kind -> kind.type().equals(type)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("type '" + type + "': allowed is "
                        + String.join(", ", types())));
    }
}
