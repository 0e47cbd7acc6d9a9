package certservice.harness;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanInfo;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A connection to a server's management over JMX, as jconsole has one; without any class of the service. */
public final class ManagementConnection implements AutoCloseable {

    private final ClassLoader classes;
    private final JMXConnector connector;
    private final MBeanServerConnection server;

    private ManagementConnection(ClassLoader classes, JMXConnector connector) throws IOException {
        this.classes = classes;
        this.connector = connector;
        server = connector.getMBeanServerConnection();
    }

    /** For a client in a jar of the server's distribution. */
    static ManagementConnection open(String url, String user, String password, Path client, Map<String, ?> options)
            throws IOException {
        return open(url, user, password, new URLClassLoader(new URL[] {client.toUri().toURL()},
                ClassLoader.getPlatformClassLoader()), options);
    }

    /** For a protocol that the JDK knows. */
    static ManagementConnection open(String url, String user, String password) throws IOException {
        return open(url, user, password, ManagementConnection.class.getClassLoader(), Map.of());
    }

    /**
     * @param classes has the protocol's client, where it is not the JDK's
     * @param options of that client
     * @throws IOException if the server is not there
     * @throws SecurityException if it refuses the user
     */
    private static ManagementConnection open(String url, String user, String password, ClassLoader classes,
            Map<String, ?> options) throws IOException {
        Map<String, Object> environment = new HashMap<>(options);
        environment.put(JMXConnector.CREDENTIALS, new String[] {user, password});
        environment.put(JMXConnectorFactory.PROTOCOL_PROVIDER_CLASS_LOADER, classes);
        JMXConnector connector = with(classes, () -> JMXConnectorFactory.connect(new JMXServiceURL(url), environment));
        return new ManagementConnection(classes, connector);
    }

    /** The service's MBeans: what stands behind {@code certservice:type=}, sorted. */
    public Set<String> types() throws IOException {
        return with(classes, () -> server.queryNames(pattern(), null)).stream()
                .map(each -> each.getKeyProperty("type")).collect(Collectors.toCollection(TreeSet::new));
    }

    public MBeanInfo info(String type) throws IOException, JMException {
        return with(classes, () -> server.getMBeanInfo(name(type)));
    }

    /** Reads an attribute; what that throws is thrown as the client sees it. */
    public Object attribute(String type, String attribute) throws IOException, JMException {
        return with(classes, unwrapped(() -> server.getAttribute(name(type), attribute)));
    }

    /** Calls an operation; what it throws is thrown as the client sees it. A {@code null} is a {@code String}. */
    public Object invoke(String type, String operation, Object... arguments) throws IOException, JMException {
        String[] signature = Arrays.stream(arguments)
                .map(each -> (each == null ? String.class : each.getClass()).getName()).toArray(String[]::new);
        return with(classes, unwrapped(() -> server.invoke(name(type), operation, arguments, signature)));
    }

    @Override
    public void close() throws IOException {
        with(classes, () -> {
            connector.close();
            return null;
        });
    }

    private static ObjectName name(String type) throws MalformedObjectNameException {
        return new ObjectName("certservice", "type", type);
    }

    private static ObjectName pattern() {
        try {
            return new ObjectName("certservice:type=*");
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a call throws. */
    private interface Call<T, E extends Exception> {
        T call() throws IOException, E;
    }

    /** The exception as the MBean threw it: JMX wraps it, and Payara's server once more. */
    private static Call<Object, JMException> unwrapped(Call<Object, JMException> call) {
        return () -> {
            try {
                return call.call();
            } catch (RuntimeException e) {
                throw Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
                        .filter(RuntimeMBeanException.class::isInstance).map(RuntimeMBeanException.class::cast)
                        .map(RuntimeMBeanException::getTargetException).findFirst().orElse(e);
            }
        };
    }

    /** Clients of servers look for their parts in the thread's class loader. */
    private static <T, E extends Exception> T with(ClassLoader classes, Call<T, E> call) throws IOException, E {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(classes);
        try {
            return call.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
