package certservice.incontainer;

import certservice.harness.Distribution;
import certservice.harness.Ports;
import org.jboss.arquillian.core.spi.LoadableExtension;

/** Finds what {@code arquillian.xml} leaves open for WildFly, before Arquillian reads it: a home, and free ports. */
public final class WildFlyPlace implements LoadableExtension {

    private static final String NAME = "wildfly";

    @Override
    public void register(ExtensionBuilder unused) {
        if (NAME.equals(System.getProperty("arquillian.launch"))) {
            System.setProperty("wildfly.home", Distribution.home(NAME).toString());
            System.setProperty("wildfly.http.port", Integer.toString(Ports.free()));
            System.setProperty("wildfly.https.port", Integer.toString(Ports.free()));
            System.setProperty("wildfly.management.port", Integer.toString(Ports.free()));
        }
    }
}
