package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Payara Micro, started as {@code server-config/payara-micro} says. */
final class PayaraMicro extends ServerProcess {

    static final String NAME = "payara-micro";

    private final int jmxPort = Ports.free();

    PayaraMicro(Path directory) {
        super(NAME, directory);
    }

    @Override
    ManagedProcess launch(Path war, Map<String, String> settings, int port) {
        return process(Map.of(), command(war, settings, port));
    }

    /** Its command line names the WAR. */
    @Override
    void deploy(ManagedProcess launched, Path war, Map<String, String> settings, int port) {
    }

    @Override
    Optional<String> poolName() {
        return Optional.empty();
    }

    private List<String> command(Path war, Map<String, String> settings, int port) {
        Path configuration = BuildDirectory.serverConfig(NAME);
        List<String> command = new ArrayList<>(List.of(
                Path.of(JAVA_HOME, "bin", "java").toString(),
                "-Xmx512m",
                "-Dh2.bindAddress=127.0.0.1",
                "-Djava.io.tmpdir=" + temporaryDirectory()));
        manager().ifPresent(manager -> command.addAll(List.of("-Djava.rmi.server.hostname=127.0.0.1",
                "-Dcom.sun.management.config.file=" + jmx(manager))));
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(
                "-jar", BuildDirectory.servers().resolve("payara-micro.jar").toString(),
                "--nocluster", "--nohazelcast", "--disablephonehome",
                "--prebootcommandfile", configuration.resolve("pre-boot.asadmin").toString(),
                "--port", Integer.toString(port),
                "--contextroot", "/",
                "--deploy", war.toString()));
        if (!users().isEmpty()) {
            command.addAll(List.of("--postbootcommandfile", postBoot().toString()));
        }
        return command;
    }

    @Override
    public ManagementConnection management(String user, String password) throws IOException {
        return ManagementConnection.open("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + jmxPort + "/jmxrmi", user,
                password);
    }

    private Path jmx(User manager) {
        Path password = write("jmx.password", manager.name() + " " + manager.password() + "\n");
        Path access = write("jmx.access", manager.name() + " readwrite\n");
        try {
            Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return write("jmx.properties", configured("jmx.properties", Map.of("8686", Integer.toString(jmxPort),
                "/etc/certservice/jmx.password", password.toString(), "/etc/certservice/jmx.access",
                access.toString())));
    }

    private Path postBoot() {
        StringBuilder commands = new StringBuilder();
        for (User user : users()) {
            Path password = write("password-" + user.name(), "AS_ADMIN_USERPASSWORD=" + user.password() + "\n");
            commands.append(configured("admin-user.asadmin", Map.of(
                    "/etc/certservice/admin-password", password.toString(),
                    "--groups " + ADMINS, "--groups " + user.group(), "alice", user.name())));
        }
        return write("admin-user.asadmin", commands.toString());
    }

    /** Payara Micro unpacks itself there, and after a crash leaves it behind. */
    private Path temporaryDirectory() {
        try {
            return Files.createDirectories(directory().resolve("tmp"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
