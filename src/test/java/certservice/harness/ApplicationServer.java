package certservice.harness;

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
