package certservice.harness;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The servers that the harness can start, by the names of their folders in {@code server-config}. */
final class KnownServers {

    private static final Map<String, Function<Path, ApplicationServer>> BY_NAME = new TreeMap<>(Map.of(
            PayaraMicro.NAME, PayaraMicro::new,
            PayaraServer.NAME, PayaraServer::new,
            WildFly.NAME, WildFly::new));

    private KnownServers() {
    }

    /** @throws IllegalArgumentException if there is no server of that name; it tells those that there are */
    static ApplicationServer create(String name, Path directory) {
        Function<Path, ApplicationServer> constructor = BY_NAME.get(name);
        if (constructor == null) {
            throw new IllegalArgumentException("Unknown server '" + name + "'; known: " + String.join(", ", names()));
        }
        return constructor.apply(directory);
    }

    static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }
}
