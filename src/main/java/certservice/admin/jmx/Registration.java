package certservice.admin.jmx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.UUID;
import javax.management.Descriptor;
import javax.management.ImmutableDescriptor;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * One deployment's MBeans. Each tells in its descriptor which WAR it is of (its context root) and which deployment of
 * it, so that those that a failed deployment has left are replaced, those of another WAR are left alone, and a
 * deployment takes off no others than its own. Nothing here stops a deployment.
 */
final class Registration {

    private static final Logger LOG = System.getLogger(Registration.class.getName());
    private static final String DOMAIN = "certservice";
    private static final String WAR = "contextRoot";
    private static final String DEPLOYMENT = "deployment";

    private final MBeanServer server;
    private final String contextRoot;
    private final String deployment = UUID.randomUUID().toString();

    Registration(MBeanServer server, String contextPath) {
        this.server = server;
        contextRoot = contextPath.isEmpty() ? "/" : contextPath;
    }

    /** @param faces each named as its class: {@code certservice:type=<class>} */
    void register(List<Object> faces) {
        for (Object face : faces) {
            try {
                replace(name(face), new DescribedBean(face, descriptor()));
            } catch (JMException | RuntimeException e) {
                LOG.log(Level.WARNING, "JMX: no administration of the service at " + contextRoot + " over JMX", e);
                unregister();
                return;
            }
            if (!isOurs(name(face), DEPLOYMENT, deployment)) {
                LOG.log(Level.WARNING, "JMX: {0} is there already, of another certservice in this JVM; the one at {1}"
                        + " can''t be administrated over JMX", name(face), contextRoot);
                unregister();
                return;
            }
        }
    }

    /** Takes off what is left of this deployment; a second time does no harm. */
    void unregister() {
        for (ObjectName each : server.queryNames(pattern(), null)) {
            if (isOurs(each, DEPLOYMENT, deployment)) {
                remove(each);
            }
        }
    }

    private void replace(ObjectName name, DescribedBean bean) throws JMException {
        if (isOurs(name, WAR, contextRoot)) {
            remove(name);
        }
        try {
            server.registerMBean(bean, name);
        } catch (InstanceAlreadyExistsException anothers) {
            LOG.log(Level.DEBUG, "{0} is there already", name);
        }
    }

    private void remove(ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException gone) {
            LOG.log(Level.DEBUG, "{0} is gone already", name);
        } catch (JMException | RuntimeException e) {
            LOG.log(Level.WARNING, "JMX: can't take off " + name, e);
        }
    }

    private boolean isOurs(ObjectName name, String field, String value) {
        try {
            return value.equals(server.getMBeanInfo(name).getDescriptor().getFieldValue(field));
        } catch (JMException | RuntimeException gone) {
            return false;
        }
    }

    /** {@code immutableInfo}: clients may keep what they know of the MBean. */
    private Descriptor descriptor() {
        return new ImmutableDescriptor(WAR + "=" + contextRoot, DEPLOYMENT + "=" + deployment, "immutableInfo=true");
    }

    private static ObjectName name(Object face) {
        try {
            return new ObjectName(DOMAIN, "type", face.getClass().getSimpleName());
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ObjectName pattern() {
        try {
            return new ObjectName(DOMAIN + ":type=*");
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
    }
}
