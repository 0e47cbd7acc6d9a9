package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Payara Micro, started as {@code server-config/payara-micro} says. */
final class PayaraMicro extends ServerProcess {

    static final String NAME = "payara-micro";

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
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(
                "-jar", BuildDirectory.servers().resolve("payara-micro.jar").toString(),
                "--nocluster", "--nohazelcast", "--disablephonehome",
                "--prebootcommandfile", configuration.resolve("pre-boot.asadmin").toString(),
                "--port", Integer.toString(port),
                "--contextroot", "/",
                "--deploy", war.toString()));
        admin().ifPresent(admin -> command.addAll(List.of("--postbootcommandfile", postBoot(admin).toString())));
        return command;
    }

    private Path postBoot(Admin admin) {
        Path password = write("password", "AS_ADMIN_USERPASSWORD=" + admin.password() + "\n");
        return write("admin-user.asadmin", configured("admin-user.asadmin",
                Map.of("/etc/certservice/admin-password", password.toString(), "alice", admin.name())));
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
