package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Open Liberty with a server of its own, which has the files of {@code server-config/liberty}. */
final class Liberty extends ServerProcess {

    static final String NAME = "liberty";
    private static final String SERVER = "certservice";
    private static final String KEY_STORE_PASSWORD = UUID.randomUUID().toString();

    private final int httpsPort = Ports.free();

    Liberty(Path directory) {
        super(NAME, directory);
    }

    @Override
    ManagedProcess launch(Path war, Map<String, String> settings, int port) {
        try {
            makeServer(war, settings, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return process(
                Map.of("JAVA_HOME", JAVA_HOME,
                        "WLP_USER_DIR", directory().resolve("usr").toString(),
                        "WLP_LOGGING_CONSOLE_LOGLEVEL", "INFO",
                        "WLP_LOGGING_CONSOLE_FORMAT", "SIMPLE"),
                List.of("sh", Distribution.home(NAME).resolve("bin").resolve("server").toString(), "run", SERVER));
    }

    /** The script was run before the start. */
    @Override
    void deploy(ManagedProcess launched, Path war, Map<String, String> settings, int port) {
    }

    private void makeServer(Path war, Map<String, String> settings, int port) throws IOException {
        Path server = Files.createDirectories(server());
        for (String file : List.of("server.xml", "jvm.options")) {
            Files.copy(BuildDirectory.serverConfig(NAME).resolve(file), server.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Properties bootstrap = new Properties();
        bootstrap.putAll(settings);
        bootstrap.put("http.port", Integer.toString(port));
        bootstrap.put("https.port", Integer.toString(httpsPort));
        try (Writer writer = Files.newBufferedWriter(server.resolve("bootstrap.properties"))) {
            bootstrap.store(writer, null);
        }
        tool("deploy", List.of("sh", BuildDirectory.serverConfig(NAME).resolve("deploy").toString(),
                war.toString(), server.toString()));
        if (pool().isPresent()) {
            drop(server, "database-postgresql.xml", "database-postgresql.xml", valuesOf(pool().get()),
                    "certservice-pool-password", pool().get().password());
        }
        if (manager().isPresent()) {
            openJmx(server, manager().get());
        }
        for (User user : users()) {
            drop(server, user);
        }
    }

    private void drop(Path server, User user) throws IOException {
        drop(server, "admin-user.xml", user.name() + ".xml", Map.of("alice", user.name(),
                "admin-password", user.name() + "-password", "group name=\"" + ADMINS,
                "group name=\"" + user.group()), user.name() + "-password", user.password());
    }

    private void drop(Path server, String file, String as, Map<String, String> values, String variable,
            String password) throws IOException {
        Files.writeString(overrides(server).resolve(as), configured(file, values));
        Files.writeString(Files.createDirectories(server.resolve("variables")).resolve(variable), password + "\n");
    }

    private static Path overrides(Path server) throws IOException {
        return Files.createDirectories(server.resolve("configDropins").resolve("overrides"));
    }

    /** With the password of the key store that {@code server create} makes up. */
    private void openJmx(Path server, User manager) throws IOException {
        Files.writeString(overrides(server).resolve("jmx.xml"), configured("jmx.xml",
                Map.of("alice", manager.name())));
        drop(server, new User(manager.name(), manager.password(), "managers"));
        Files.writeString(server.resolve("server.env"), "keystore_password=" + KEY_STORE_PASSWORD + "\n");
    }

    @Override
    public ManagementConnection management(String user, String password) throws IOException {
        return ManagementConnection.open("service:jmx:rest://127.0.0.1:" + httpsPort + "/IBMJMXConnectorREST", user,
                password, Distribution.home(NAME).resolve("clients").resolve("restConnector.jar"),
                Map.of("com.ibm.ws.jmx.connector.client.CUSTOM_SSLSOCKETFACTORY", trusting(),
                        "com.ibm.ws.jmx.connector.client.disableURLHostnameVerification", true));
    }

    /** Trusts the certificate that Liberty makes for itself. */
    private SSLSocketFactory trusting() throws IOException {
        Path file = server().resolve("resources").resolve("security").resolve("key.p12");
        try {
            KeyStore own = KeyStore.getInstance(file.toFile(), KEY_STORE_PASSWORD.toCharArray());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("liberty", own.getCertificate(own.aliases().nextElement()));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private Path server() {
        return directory().resolve("usr").resolve("servers").resolve(SERVER);
    }

    private static Map<String, String> valuesOf(PostgresqlServer.Database database) {
        return Map.of("db.example.net", database.host(), "5432", Integer.toString(database.port()),
                "databaseName=\"certservice\"", "databaseName=\"" + database.name() + "\"",
                "user=\"certservice\"", "user=\"" + database.user() + "\"");
    }
}
