package certservice.admin.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import certservice.problem.Failure;
import certservice.problem.Problem;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.ImmutableDescriptor;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanOperationInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class DescribedBeanTest {

    static final List<Object> FACES = List.of(new ApiKeys(null), new Domains(null), new DnsProviders(null),
            new Orders(null), new Certificates(null), new AcmeAccounts(null), new Audit(null), new Health(null));

    private static final List<String> READING = List.of("list", "find", "page", "get", "running", "timeline", "verify");

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private ObjectName name;

    @Described("A sample.")
    static final class Sample {
        private ClassLoader seen;

        @Described("A number.")
        public int getNumber() {
            return 7;
        }

        @Described("What can't be read.")
        public int getBroken() {
            throw new IllegalStateException("secret");
        }

        @Described("Both in one.")
        public String join(@Parameter(name = "text", is = "a text") String text,
                @Parameter(name = "yes", is = "yes or no") boolean yes) {
            seen = Thread.currentThread().getContextClassLoader();
            return text + yes;
        }

        @Described(value = "Fails.", changes = true)
        public void fail(@Parameter(name = "how", is = "in which way") String how) {
            throw switch (how) {
                case "argument" -> Failure.badRequest("colour is 'x'; allowed is red");
                case "missing" -> Failure.http(404, "There is no such key");
                case "conflict" -> Failure.http(409, "label is 'x', which another key has");
                case "ca" -> Failure.noCertificate(Problem.own("example.com", "x", "Refused", "Ask."), null);
                case "wrapped" -> new RuntimeException(Failure.http(412, "It has changed"));
                default -> new RuntimeException("secret");
            };
        }

        public String hidden() {
            return "hidden";
        }
    }

    @BeforeEach
    void register() throws Exception {
        name = new ObjectName("certservice-test:type=Sample");
        server.registerMBean(new DescribedBean(new Sample(), ImmutableDescriptor.EMPTY_DESCRIPTOR), name);
    }

    @AfterEach
    void unregister() throws Exception {
        server.unregisterMBean(name);
    }

    @ParameterizedTest
    @FieldSource("FACES")
    void tellsOfEveryAttributeOperationAndParameterWhatItIs(Object face) {
        MBeanInfo info = new DescribedBean(face, ImmutableDescriptor.EMPTY_DESCRIPTOR).getMBeanInfo();

        assertThat(info.getDescription()).isNotBlank();
        assertThat(info.getOperations()).isNotEmpty().allSatisfy(operation -> {
            assertThat(operation.getDescription()).as(operation.getName()).endsWith(".");
            assertThat(Stream.of(operation.getSignature()).map(MBeanParameterInfo::getName))
                    .as(operation.getName()).doesNotHaveDuplicates().noneMatch(each -> each.matches("(arg|p)\\d+"));
            assertThat(Stream.of(operation.getSignature()).map(MBeanParameterInfo::getDescription))
                    .as(operation.getName()).noneMatch(String::isBlank);
        });
        assertThat(info.getAttributes()).allSatisfy(attribute -> {
            assertThat(attribute.getDescription()).endsWith(".");
            assertThat(attribute.isWritable()).isFalse();
        });
    }

    /** Otherwise it would be missing, and nobody would see why. */
    @ParameterizedTest
    @FieldSource("FACES")
    void describesAllThatIsPublic(Object face) {
        assertThat(Stream.of(face.getClass().getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers())))
                .allMatch(method -> method.isAnnotationPresent(Described.class));
    }

    /** jconsole has no field for anything else. */
    @ParameterizedTest
    @FieldSource("FACES")
    void takesOnlyWhatCanBeTyped(Object face) {
        MBeanInfo info = new DescribedBean(face, ImmutableDescriptor.EMPTY_DESCRIPTOR).getMBeanInfo();

        assertThat(Stream.of(info.getOperations()).flatMap(each -> Stream.of(each.getSignature()))
                .map(MBeanParameterInfo::getType)).isSubsetOf("java.lang.String", "java.lang.Integer",
                        "java.lang.Boolean");
    }

    @ParameterizedTest
    @FieldSource("FACES")
    void showsOnlyOpenTypesAndSaysWhichOperationsChangeSomething(Object face) {
        MBeanInfo info = new DescribedBean(face, ImmutableDescriptor.EMPTY_DESCRIPTOR).getMBeanInfo();

        assertThat(info.getAttributes()).allMatch(OpenMBeanAttributeInfo.class::isInstance);
        assertThat(info.getOperations()).allMatch(OpenMBeanOperationInfo.class::isInstance)
                .allSatisfy(operation -> assertThat(operation.getImpact() == MBeanOperationInfo.INFO)
                        .as(operation.getName()).isEqualTo(READING.contains(operation.getName())));
    }

    @Test
    void readsAttributesAndLeavesOutThoseThatCannotBeRead() throws Exception {
        assertThat(server.getAttribute(name, "Number")).isEqualTo(7);
        assertThat(server.getAttributes(name, new String[] {"Number", "Broken", "Other"}).asList())
                .containsExactly(new Attribute("Number", 7));
        assertThatThrownBy(() -> server.getAttribute(name, "Other")).isInstanceOf(AttributeNotFoundException.class);
        assertThatThrownBy(() -> server.setAttribute(name, new Attribute("Number", 1)))
                .isInstanceOf(AttributeNotFoundException.class);
        assertThat(Stream.of(server.getMBeanInfo(name).getAttributes()).map(MBeanAttributeInfo::getName))
                .containsExactlyInAnyOrder("Number", "Broken");
    }

    @Test
    void callsOperationsByNameAndSignature() throws Exception {
        Object[] arguments = {"a", true};

        assertThat(server.invoke(name, "join", arguments, signature(String.class, Boolean.class))).isEqualTo("atrue");
        assertThat(server.invoke(name, "join", arguments, signature(String.class, boolean.class))).isEqualTo("atrue");
        assertThatThrownBy(() -> server.invoke(name, "join", arguments, signature(String.class, String.class)))
                .isInstanceOf(ReflectionException.class).hasRootCauseInstanceOf(NoSuchMethodException.class);
        assertThatThrownBy(() -> server.invoke(name, "hidden", null, null)).isInstanceOf(ReflectionException.class);
        assertThatThrownBy(() -> server.invoke(name, "getNumber", null, null)).isInstanceOf(ReflectionException.class);
    }

    @Test
    void refusesArgumentsThatDoNotFit() {
        assertRefused("yes is null; allowed is a java.lang.Boolean", "a", null);
        assertRefused("text is a java.lang.Integer; allowed is a java.lang.String", 1, true);
        assertRefused("join has 1 arguments; allowed are 2", "a");
    }

    private void assertRefused(String message, Object... arguments) {
        assertThatThrownBy(() -> server.invoke(name, "join", arguments, signature(String.class, boolean.class)))
                .isInstanceOf(RuntimeMBeanException.class).cause()
                .isExactlyInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void failsWithExceptionsOfTheJdkThatTellNoMoreThanAClientMayKnow() {
        assertFailure("argument", IllegalArgumentException.class, "colour is 'x'; allowed is red");
        assertFailure("missing", IllegalArgumentException.class, "There is no such key");
        assertFailure("conflict", IllegalStateException.class, "label is 'x', which another key has");
        assertFailure("ca", IllegalStateException.class,
                "No certificate was generated; example.com: Refused (Ask.)");
        assertFailure("wrapped", IllegalStateException.class, "It has changed");
        assertFailure("other", IllegalStateException.class, "Sample.fail failed; the server's log tells why");
    }

    private void assertFailure(String how, Class<?> type, String message) {
        assertThatThrownBy(() -> server.invoke(name, "fail", new Object[] {how}, signature(String.class)))
                .isInstanceOf(RuntimeMBeanException.class).cause()
                .isExactlyInstanceOf(type).hasMessage(message).hasNoCause();
    }

    @Test
    void givesCallsTheClassLoaderOfTheApplicationAndTheThreadItsOwnBack() throws Exception {
        Sample sample = new Sample();
        ClassLoader servers = new ClassLoader(null) { };
        Thread.currentThread().setContextClassLoader(servers);
        try {
            new DescribedBean(sample, ImmutableDescriptor.EMPTY_DESCRIPTOR).invoke("join", new Object[] {"a", true},
                    signature(String.class, boolean.class));
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(servers);
        } finally {
            Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
        }
        assertThat(sample.seen).isSameAs(Sample.class.getClassLoader());
    }

    private static String[] signature(Class<?>... types) {
        return Arrays.stream(types).map(Class::getName).toArray(String[]::new);
    }
}
