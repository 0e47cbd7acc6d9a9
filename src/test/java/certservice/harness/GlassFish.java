package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** GlassFish with a domain of its own, set up as {@code docs/glassfish.md} says. */
final class GlassFish extends ServerProcess {

    static final String NAME = "glassfish";
    private static final String DOMAIN = "domain1";
    private static final String UP = "Total startup time including CLI:";

    private final int adminPort = Ports.free();
    private int httpPort;
    private Setup setUp;

    /** What the domain has been told. */
    private record Setup(Path war, Map<String, String> settings, int port) {
    }

    GlassFish(Path directory) {
        super(NAME, directory);
    }

    /** With another WAR or other settings it begins with a new domain: asadmin must not run while a WAR is starting. */
    @Override
    ManagedProcess launch(Path war, Map<String, String> settings, int port) {
        httpPort = port;
        if (!isSetUp(war, settings)) {
            makeDomain();
            setUpDomain();
        }
        return process(Map.of("AS_JAVA", JAVA_HOME), startDomain());
    }

    /** A WAR that does not start is no failure here: that is for the caller to see. */
    @Override
    void deploy(ManagedProcess launched, Path war, Map<String, String> settings) {
        if (isSetUp(war, settings)) {
            return;
        }
        awaitLog(launched, UP);
        tool("asadmin-settings", remote("multimode", "--file", write(settings).toString()));
        tool("asadmin-deploy",
                remote("deploy", "--force=true", "--name", "certservice", "--contextroot", "/", war.toString()));
        setUp = new Setup(war, Map.copyOf(settings), httpPort);
    }

    private boolean isSetUp(Path war, Map<String, String> settings) {
        return new Setup(war, settings, httpPort).equals(setUp);
    }

    /** The distribution's own domain; but it must be on loopback and on free ports before setup.asadmin has run too. */
    private void makeDomain() {
        Path domain = BuildDirectory.freshCopy(
                home().resolve("glassfish").resolve("domains").resolve(DOMAIN), domains().resolve(DOMAIN));
        Path configuration = domain.resolve("config").resolve("domain.xml");
        try {
            Files.writeString(configuration, Files.readString(configuration)
                    .replace("port=\"8080\"", listener(httpPort))
                    .replace("port=\"8181\"", listener(Ports.free()))
                    .replace("port=\"4848\"", listener(adminPort))
                    .replace("address=\"0.0.0.0\" port=\"8686\"", listener(Ports.free()))
                    .replaceAll("address=\"0\\.0\\.0\\.0\" port=\"3[0-9]+\"", "enabled=\"false\" $0")
                    .replaceFirst("<admin-service ", "<jms-service type=\"REMOTE\"></jms-service>$0"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void setUpDomain() {
        ManagedProcess first = ManagedProcess.start("setup", directory(), Map.of("AS_JAVA", JAVA_HOME), startDomain());
        awaitLog(first, UP);
        tool("asadmin-setup", remote("multimode", "--file",
                BuildDirectory.serverConfig(NAME).resolve("setup.asadmin").toString()));
        first.stop();
    }

    private List<String> startDomain() {
        return asadmin("start-domain", "--verbose", "--domaindir", domains().toString(), DOMAIN);
    }

    private static String listener(int port) {
        return "address=\"127.0.0.1\" port=\"" + port + "\"";
    }

    /** As {@code settings.asadmin}; asadmin separates several properties by colons. */
    private Path write(Map<String, String> settings) {
        List<String> commands = settings.entrySet().stream()
                .map(setting -> "create-system-properties \"" + setting.getKey() + "="
                        + setting.getValue().replace("\\", "\\\\").replace(":", "\\:") + "\"")
                .toList();
        try {
            return Files.write(directory().resolve("settings.asadmin"), commands);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path domains() {
        return directory().resolve("domains");
    }

    private List<String> remote(String... command) {
        List<String> all = new ArrayList<>(asadmin("--port", Integer.toString(adminPort)));
        all.addAll(List.of(command));
        return all;
    }

    private static List<String> asadmin(String... command) {
        List<String> all = new ArrayList<>(List.of("sh", home().resolve("bin").resolve("asadmin").toString()));
        all.addAll(List.of(command));
        return all;
    }

    private static Path home() {
        return Distribution.home(NAME);
    }
}
