package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Payara Server and GlassFish: a domain of its own, set up by asadmin as their pages in {@code docs} say. */
abstract class AsadminServer extends ServerProcess {

    private static final String DOMAIN = "domain1";
    private static final String WAR_OF_EXAMPLE = "/opt/certservice/certservice.war";
    private static final String DATABASE_OF_EXAMPLE =
            "serverName=db.example.net:portNumber=5432:databaseName=certservice:user=certservice";
    private static final String USER_OF_EXAMPLE = "alice";

    private final String up;
    private final int adminPort = Ports.free();
    private final int jmxPort = Ports.free();
    private boolean hasManager;
    private Setup setUp;

    /** What the domain has been told. */
    private record Setup(Path war, Map<String, String> settings, int port) {
    }

    /** @param up what it writes when it is up */
    AsadminServer(String name, Path directory, String up) {
        super(name, directory);
        this.up = up;
    }

    /** The distribution's {@code domain.xml} with what must hold before asadmin can be used. */
    abstract String edited(String configuration, int httpPort, int adminPort, int jmxPort);

    /** The server's own options of {@code start-domain}. */
    abstract List<String> startOptions();

    /** The command files of {@code server-config} that are run in a first start, before the one that counts. */
    abstract List<String> firstCommands();

    /** With another WAR or other settings it begins with a new domain: asadmin must not run while a WAR is starting. */
    @Override
    final ManagedProcess launch(Path war, Map<String, String> settings, int port) {
        if (!new Setup(war, settings, port).equals(setUp)) {
            makeDomain(port);
            setUpDomain();
        }
        return process(Map.of("AS_JAVA", JAVA_HOME), startDomain());
    }

    /** A WAR that does not start is no failure here: that is for the caller to see. */
    @Override
    final void deploy(ManagedProcess launched, Path war, Map<String, String> settings, int port) {
        Setup wanted = new Setup(war, Map.copyOf(settings), port);
        if (wanted.equals(setUp)) {
            return;
        }
        awaitLog(launched, up);
        run("settings.asadmin", settings.entrySet().stream().map(AsadminServer::command)
                .collect(Collectors.joining()));
        pool().ifPresent(database -> twice("database-postgresql.asadmin",
                configured("database-postgresql.asadmin", Map.of(DATABASE_OF_EXAMPLE, properties(database)))));
        users().forEach(user -> twice("admin-user.asadmin",
                configured("admin-user.asadmin", Map.of(
                        USER_OF_EXAMPLE, user.name(), "--groups " + ADMINS, "--groups " + user.group())),
                "--passwordfile", password("AS_ADMIN_USERPASSWORD", user.password())));
        manager().ifPresent(this::changeAdminPassword);
        deploy(war);
        setUp = wanted;
    }

    @Override
    public final void upgrade(Path war, Predicate<URI> ready) {
        deploy(war);
        setUp = new Setup(war, setUp.settings(), setUp.port());
        awaitReady(ready);
    }

    private void deploy(Path war) {
        run("deploy.asadmin", configured("deploy.asadmin", Map.of(WAR_OF_EXAMPLE, war.toString())));
    }

    @Override
    public final void remove() {
        run("remove.asadmin", configured("remove.asadmin", Map.of()));
        setUp = null;
    }

    /** The domain comes with this one, whose password is empty. */
    @Override
    final String managerName() {
        return "admin";
    }

    private void changeAdminPassword(User manager) {
        asadmin("--user", manager.name(), "--passwordfile", write("password", "AS_ADMIN_PASSWORD=\n"
                + "AS_ADMIN_NEWPASSWORD=" + manager.password() + "\n").toString(), "change-admin-password");
        hasManager = true;
    }

    @Override
    public final ManagementConnection management(String user, String password) throws IOException {
        return ManagementConnection.open("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + jmxPort + "/jmxrmi", user,
                password);
    }

    private void makeDomain(int httpPort) {
        hasManager = false;
        Path domain = BuildDirectory.freshCopy(
                home().resolve("glassfish").resolve("domains").resolve(DOMAIN), domains().resolve(DOMAIN));
        Path configuration = domain.resolve("config").resolve("domain.xml");
        try {
            Files.writeString(configuration, edited(Files.readString(configuration), httpPort, adminPort,
                    jmxPort));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void setUpDomain() {
        if (firstCommands().isEmpty() && pool().isEmpty()) {
            return;
        }
        ManagedProcess first = ManagedProcess.start("setup", directory(), Map.of("AS_JAVA", JAVA_HOME), startDomain());
        awaitLog(first, up);
        firstCommands().forEach(file -> twice(file, configured(file, Map.of())));
        pool().ifPresent(database -> {
            asadmin("add-library", driver().toString());
            asadmin("--passwordfile", password("AS_ADMIN_ALIASPASSWORD", database.password()),
                    "create-password-alias", "certservice-db");
        });
        first.stop();
    }

    private List<String> startDomain() {
        List<String> command = new ArrayList<>(List.of(program(), "start-domain", "--verbose",
                "--domaindir", domains().toString()));
        command.addAll(startOptions());
        command.add(DOMAIN);
        command.add(0, "sh");
        return command;
    }

    /**
     * As in {@code settings.asadmin}. asadmin takes several properties in one argument, separated by colons; and it
     * overlooks a line without an end.
     */
    private static String command(Map.Entry<String, String> setting) {
        return "create-system-properties \"" + setting.getKey() + "="
                + setting.getValue().replaceAll("[\\\\:=]", "\\\\$0") + "\"\n";
    }

    private static String properties(PostgresqlServer.Database database) {
        return "serverName=" + database.host() + ":portNumber=" + database.port() + ":databaseName=" + database.name()
                + ":user=" + database.user();
    }

    private String password(String variable, String password) {
        return write("password", variable + "=" + password + "\n").toString();
    }

    /** An admin may run each of these files a second time. */
    private void twice(String file, String commands, String... options) {
        run(file, commands, options);
        run(file, commands, options);
    }

    private void run(String file, String commands, String... options) {
        List<String> command = new ArrayList<>(List.of(options));
        command.addAll(List.of("multimode", "--file", write(file, commands).toString()));
        asadmin(command.toArray(String[]::new));
    }

    private void asadmin(String... command) {
        List<String> all = new ArrayList<>(List.of("sh", program(), "--port", Integer.toString(adminPort)));
        if (hasManager) {
            all.addAll(List.of("--user", managerName(), "--passwordfile",
                    password("AS_ADMIN_PASSWORD", manager().orElseThrow().password())));
        }
        all.addAll(List.of(command));
        tool("asadmin", all);
    }

    private Path domains() {
        return directory().resolve("domains");
    }

    private String program() {
        return home().resolve("bin").resolve("asadmin").toString();
    }

    private Path home() {
        return Distribution.home(name());
    }
}
