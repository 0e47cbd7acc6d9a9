package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** WildFly with {@code standalone.xml}, started and given the WAR as {@code docs/wildfly.md} says. */
final class WildFly extends ServerProcess {

    static final String NAME = "wildfly";
    private static final String UP = "WFLYSRV0025:";

    private final int managementPort = Ports.free();
    private final int httpsPort = Ports.free();
    private Path deployed;

    WildFly(Path directory) {
        super(NAME, directory);
    }

    @Override
    ManagedProcess launch(Path war, Map<String, String> settings, int port) {
        if (!war.equals(deployed)) {
            BuildDirectory.freshCopy(home().resolve("standalone"), base());
        }
        return process(
                Map.of("JAVA_HOME", JAVA_HOME,
                        "JBOSS_JAVA_SIZING", "-Xmx512m",
                        "PREPEND_JAVA_OPTS", "-Dorg.jboss.logmanager.nocolor=true",
                        "LAUNCH_JBOSS_IN_BACKGROUND", "true"),
                List.of("sh", home().resolve("bin").resolve("standalone.sh").toString(),
                        "-Djboss.server.base.dir=" + base(),
                        "-b", "127.0.0.1",
                        "-bmanagement", "127.0.0.1",
                        "-Djboss.http.port=" + port,
                        "-Djboss.https.port=" + httpsPort,
                        "-Djboss.management.http.port=" + managementPort,
                        "--properties=" + write(settings)));
    }

    /** A WAR that does not start is no failure here: that is for the caller to see. */
    @Override
    void deploy(ManagedProcess launched, Path war, Map<String, String> settings) {
        if (war.equals(deployed)) {
            return;
        }
        awaitLog(launched, UP);
        tool("jboss-cli", List.of("sh", home().resolve("bin").resolve("jboss-cli.sh").toString(),
                "--connect", "--controller=127.0.0.1:" + managementPort,
                "--command=deploy --force --name=certservice.war \"" + war + "\""));
        deployed = war;
    }

    private Path write(Map<String, String> settings) {
        Path file = directory().resolve("certservice.properties");
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private Path base() {
        return directory().resolve("standalone");
    }

    private static Path home() {
        return Distribution.home(NAME);
    }
}
