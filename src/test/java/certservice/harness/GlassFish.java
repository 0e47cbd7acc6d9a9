package certservice.harness;

import java.nio.file.Path;
import java.util.List;

/** GlassFish, set up as {@code docs/glassfish.md} says. */
final class GlassFish extends AsadminServer {

    static final String NAME = "glassfish";

    GlassFish(Path directory) {
        super(NAME, directory, "Total startup time including CLI:");
    }

    /** It must be on loopback and on free ports before setup.asadmin has run too. */
    @Override
    String edited(String configuration, int httpPort, int adminPort, int jmxPort) {
        return configuration
                .replace("port=\"8080\"", listener(httpPort))
                .replace("port=\"8181\"", listener(Ports.free()))
                .replace("port=\"4848\"", listener(adminPort))
                .replace("address=\"0.0.0.0\" port=\"8686\"", listener(jmxPort))
                .replaceAll("address=\"0\\.0\\.0\\.0\" port=\"3[0-9]+\"", "enabled=\"false\" $0")
                .replaceFirst("<admin-service ", "<jms-service type=\"REMOTE\"></jms-service>$0");
    }

    private static String listener(int port) {
        return "address=\"127.0.0.1\" port=\"" + port + "\"";
    }

    @Override
    List<String> startOptions() {
        return List.of();
    }

    @Override
    List<String> firstCommands() {
        return List.of("setup.asadmin");
    }
}
