package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;

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
    Optional<String> poolName() {
        return Optional.of("java:/jdbc/certservice-pool");
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
    void deploy(ManagedProcess launched, Path war, Map<String, String> settings, int port) {
        if (war.equals(deployed)) {
            return;
        }
        awaitLog(launched, UP);
        pool().ifPresent(database -> {
            write("database.properties", configured("database.properties", Map.of(
                    "jdbc:postgresql://db.example.net/certservice", database.url(),
                    "database.user=certservice", "database.user=" + database.user(),
                    "database.password=", "database.password=" + database.password(),
                    "/opt/postgresql.jar", driver().toString())));
            String[] options = {"--resolve-parameter-values",
                "--properties=" + directory().resolve("database.properties")};
            cli("database-postgresql.cli", Map.of(), options);
            cli("database-postgresql.cli", Map.of(), options);
        });
        users().forEach(user -> {
            makeUser(user);
            makeUser(user);
        });
        manager().ifPresent(manager -> addUser("-u", manager.name(), "-p", manager.password()));
        deploy(war);
    }

    private void deploy(Path war) {
        cli("deploy.cli", Map.of("/opt/certservice/certservice.war", war.toString()));
        deployed = war;
    }

    @Override
    public void upgrade(Path war, Predicate<URI> ready) {
        deploy(war);
        awaitReady(ready);
    }

    @Override
    public void remove() {
        cli("remove.cli", Map.of());
        deployed = null;
    }

    /** As {@code docs/wildfly.md} says. */
    private void makeUser(User user) {
        addUser("-a", "-u", user.name(), "-p", user.password(), "-g", user.group());
    }

    private void addUser(String... options) {
        List<String> command = new ArrayList<>(List.of("sh", home().resolve("bin").resolve("add-user.sh").toString(),
                "-sc", base().resolve("configuration").toString()));
        command.addAll(List.of(options));
        tool("add-user", command);
    }

    /** The client that WildFly's own {@code jconsole.sh} has. */
    @Override
    public ManagementConnection management(String user, String password) throws IOException {
        return ManagementConnection.open("service:jmx:remote+http://127.0.0.1:" + managementPort, user, password,
                home().resolve("bin").resolve("client").resolve("jboss-cli-client.jar"), Map.of());
    }

    private void cli(String file, Map<String, String> values, String... options) {
        List<String> command = new ArrayList<>(List.of("sh", home().resolve("bin").resolve("jboss-cli.sh").toString(),
                "--connect", "--controller=127.0.0.1:" + managementPort));
        command.addAll(List.of(options));
        command.add("--file=" + write(file, configured(file, values)));
        tool("jboss-cli", command);
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
