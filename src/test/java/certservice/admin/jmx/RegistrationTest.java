package certservice.admin.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class RegistrationTest {

    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final List<Object> faces = List.of(new Domains(null), new Orders(null));

    @Test
    void isThereFromDeploymentToUndeployment() throws Exception {
        Registration registration = new Registration(server, "");
        registration.register(faces);

        assertThat(names()).containsExactlyInAnyOrder("certservice:type=Domains", "certservice:type=Orders");
        assertThat(contextRootOf("certservice:type=Orders")).isEqualTo("/");
        registration.unregister();
        registration.unregister();
        assertThat(names()).isEmpty();
    }

    @Test
    void replacesWhatADeploymentOfTheSameWarHasLeft() {
        Registration old = new Registration(server, "");
        old.register(faces);
        new Registration(server, "").register(faces);
        old.unregister();

        assertThat(names()).as("those of the new deployment").hasSize(2);
    }

    @Test
    void leavesAnotherWarItsOwn() throws Exception {
        Registration first = new Registration(server, "/first");
        first.register(faces);
        Registration second = new Registration(server, "/second");
        second.register(faces);

        assertThat(contextRootOf("certservice:type=Domains")).isEqualTo("/first");
        assertThat(contextRootOf("certservice:type=Orders")).isEqualTo("/first");
        second.unregister();
        assertThat(names()).hasSize(2);
    }

    /** Somebody else's MBean has one of the names: better none than some. */
    @Test
    void registersAllOrNone() throws Exception {
        server.registerMBean(new DescribedBean(new Orders(null), null), new ObjectName("certservice:type=Orders"));
        new Registration(server, "").register(faces);

        assertThat(names()).containsExactly("certservice:type=Orders");
    }

    private List<String> names() {
        return server.queryNames(null, null).stream().map(ObjectName::toString)
                .filter(name -> name.startsWith("certservice:")).toList();
    }

    private Object contextRootOf(String name) throws Exception {
        return server.getMBeanInfo(new ObjectName(name)).getDescriptor().getFieldValue("contextRoot");
    }
}
