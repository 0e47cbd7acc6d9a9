package certservice.harness;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * One application server with one WAR at the context root {@code /}. After {@link #stop} or {@link #kill} it can be
 * started again, with the same or with other settings.
 */
public interface ApplicationServer extends AutoCloseable {

    /**
     * The server that the system property {@code server} names; {@code payara-micro} without it.
     *
     * @param directory where its files and its log go; different for each server that runs at the same time
     */
    static ApplicationServer chosen(Path directory) {
        return KnownServers.create(System.getProperty("server", PayaraMicro.NAME), directory);
    }

    /** Which server this is: the name of its folder in {@code server-config}. */
    String name();

    /**
     * Starts the server and deploys the WAR.
     *
     * @param settings system properties for the application
     * @param port     the HTTP port, on loopback
     * @param ready    asked with the base URI until it says yes; it must not throw
     * @throws IllegalStateException with the end of the server's log, if it doesn't come up
     */
    void start(Path war, Map<String, String> settings, int port, Predicate<URI> ready);

    /**
     * From the next start on there is a user of the group {@code certservice-admin}, made as an admin of this server
     * makes one.
     */
    void makeAdmin(String name, String password);

    /** As {@link #makeAdmin}, for the group {@code certservice-auditor}. */
    void makeAuditor(String name, String password);

    /**
     * From the next start on the server's management can be reached over JMX, as {@code docs/jmx.md} says.
     *
     * @return the name of the user who has this password then
     */
    String openManagement(String password);

    /**
     * Connects to the server's management over JMX.
     *
     * @throws IOException if it is not there
     * @throws SecurityException if it refuses the user; some servers throw an {@link IOException} then too
     */
    ManagementConnection management(String user, String password) throws IOException;

    /**
     * From the next start on there is a pool of the server's own for this database, made with the script of
     * {@code server-config}.
     *
     * @return its JNDI name, for {@code certservice.db.jndi}
     * @throws UnsupportedOperationException if there is no such script for this server
     */
    String makePool(PostgresqlServer.Database database);

    /** Puts this WAR in the place of the one that was started, as an admin does; returns when it is ready. */
    void upgrade(Path war, Predicate<URI> ready);

    /** Takes the WAR off the server, as an admin does; what it has stored stays. The server may end with it. */
    void remove();

    /** {@code http://127.0.0.1:<port>}, without a slash at the end. */
    URI baseUri();

    Path log();

    long pid();

    /** Completed when the server's process has ended, for whatever reason. */
    CompletableFuture<Void> ended();

    /** Shuts the server down in its own way. */
    void stop();

    /** Ends the server as a crash would. */
    void kill();

    @Override
    default void close() {
        stop();
    }
}
