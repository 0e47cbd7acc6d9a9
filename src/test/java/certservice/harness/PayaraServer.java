package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Payara Server with a domain of its own, set up as {@code docs/payara.md} says. */
final class PayaraServer extends ServerProcess {

    static final String NAME = "payara";
    private static final String DOMAIN = "domain1";
    private static final String UP = " startup time : ";
    private static final String HTTP_PORT = "set configs.config.server-config.network-config.network-listeners"
            + ".network-listener.http-listener-1.port=";
    private static final String JMS_OFF = "<jms-service type=\"DISABLED\" default-jms-host=\"default_JMS_host\">"
            + "<jms-host name=\"default_JMS_host\"></jms-host></jms-service>";

    private final int adminPort = Ports.free();
    private Setup setUp;

    /** What the domain has been told. */
    private record Setup(Path war, Map<String, String> settings) {
    }

    PayaraServer(Path directory) {
        super(NAME, directory);
    }

    /** With another WAR or other settings it begins with a new domain: asadmin must not run while a WAR is starting. */
    @Override
    ManagedProcess launch(Path war, Map<String, String> settings, int port) {
        if (!isSetUp(war, settings)) {
            makeDomain();
        }
        return process(Map.of("AS_JAVA", JAVA_HOME), asadmin("start-domain", "--verbose",
                "--domaindir", domains().toString(), "--prebootcommandfile", preBoot(port).toString(), DOMAIN));
    }

    /** A WAR that does not start is no failure here: that is for the caller to see. */
    @Override
    void deploy(ManagedProcess launched, Path war, Map<String, String> settings) {
        if (isSetUp(war, settings)) {
            return;
        }
        awaitLog(launched, UP);
        Path commands = write("settings.asadmin", settings.entrySet().stream().map(PayaraServer::command));
        tool("asadmin-settings", remote("multimode", "--file", commands.toString()));
        tool("asadmin-deploy", remote("deploy", "--name", "certservice", "--contextroot", "/", war.toString()));
        setUp = new Setup(war, Map.copyOf(settings));
    }

    private boolean isSetUp(Path war, Map<String, String> settings) {
        return new Setup(war, settings).equals(setUp);
    }

    /** The distribution's own domain, but for what asadmin reads from the file itself before it starts the server. */
    private void makeDomain() {
        Path domain = BuildDirectory.freshCopy(
                home().resolve("glassfish").resolve("domains").resolve(DOMAIN), domains().resolve(DOMAIN));
        edit(domain.resolve("config").resolve("domain.xml"));
    }

    private void edit(Path configuration) {
        try {
            Files.writeString(configuration, Files.readString(configuration)
                    .replace("port=\"4848\"", "port=\"" + adminPort + "\"")
                    .replaceFirst("<admin-service ", JMS_OFF + "$0"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path preBoot(int port) {
        try (Stream<String> script = Files.lines(BuildDirectory.serverConfig(NAME).resolve("pre-boot.asadmin"))) {
            return write("pre-boot.asadmin", Stream.concat(script, Stream.of(HTTP_PORT + port)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** asadmin separates several properties by colons. */
    private static String command(Map.Entry<String, String> setting) {
        return "create-system-properties \"" + setting.getKey() + "="
                + setting.getValue().replace("\\", "\\\\").replace(":", "\\:") + "\"";
    }

    private Path write(String name, Stream<String> lines) {
        Path file = directory().resolve(name);
        try {
            return Files.write(file, lines.toList());
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
