package certservice.admin.jmx;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.Descriptor;
import javax.management.DynamicMBean;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.ReflectionException;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenMBeanConstructorInfo;
import javax.management.openmbean.OpenMBeanInfoSupport;
import javax.management.openmbean.OpenMBeanOperationInfo;

/**
 * An MBean of all that is {@link Described} in an object. Its attributes are read-only; what its methods throw leaves
 * it as {@link ClientFailure} says. Calls come on the server's threads: while one lasts, the context class loader is
 * the application's.
 */
final class DescribedBean implements DynamicMBean {

    private final Object target;
    private final List<Operation> operations;
    private final Map<String, Operation> attributes;
    private final MBeanInfo info;

    /** @param descriptor what else clients may know of the MBean */
    DescribedBean(Object target, Descriptor descriptor) {
        this.target = target;
        List<Operation> all = Arrays.stream(target.getClass().getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Described.class)).map(Operation::new)
                .sorted(Comparator.comparing(Operation::name)).toList();
        operations = all.stream().filter(each -> !each.isAttribute()).toList();
        attributes = all.stream().filter(Operation::isAttribute)
                .collect(Collectors.toUnmodifiableMap(Operation::attribute, each -> each));
        info = new OpenMBeanInfoSupport(target.getClass().getName(),
                target.getClass().getAnnotation(Described.class).value(),
                all.stream().filter(Operation::isAttribute).map(DescribedBean::info)
                        .toArray(OpenMBeanAttributeInfo[]::new),
                new OpenMBeanConstructorInfo[0],
                operations.stream().map(Operation::info).toArray(OpenMBeanOperationInfo[]::new),
                new MBeanNotificationInfo[0], descriptor);
    }

    private static OpenMBeanAttributeInfo info(Operation attribute) {
        return new OpenMBeanAttributeInfoSupport(attribute.attribute(), attribute.description(), attribute.type(),
                true, false, false);
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        return info;
    }

    @Override
    public Object getAttribute(String name) throws AttributeNotFoundException {
        Operation attribute = attributes.get(name);
        if (attribute == null) {
            throw new AttributeNotFoundException("There is no attribute " + name);
        }
        return call(attribute);
    }

    /** Without those that can't be read. */
    @Override
    public AttributeList getAttributes(String[] names) {
        AttributeList read = new AttributeList();
        Stream.of(names).filter(attributes::containsKey).forEach(name -> {
            try {
                read.add(new Attribute(name, call(attributes.get(name))));
            } catch (IllegalArgumentException | IllegalStateException left) {
                return;
            }
        });
        return read;
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException("There is no attribute " + attribute.getName() + " that can be written");
    }

    @Override
    public AttributeList setAttributes(AttributeList wanted) {
        return new AttributeList();
    }

    @Override
    public Object invoke(String name, Object[] arguments, String[] signature) throws ReflectionException {
        Operation operation = operations.stream().filter(each -> each.is(name, signature)).findFirst()
                .orElseThrow(() -> new ReflectionException(new NoSuchMethodException(
                        name + "(" + String.join(", ", signature == null ? new String[0] : signature) + ")")));
        return call(operation, arguments);
    }

    private Object call(Operation operation, Object... arguments) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(DescribedBean.class.getClassLoader());
        try {
            return operation.call(target, arguments);
        } catch (Throwable e) {
            throw ClientFailure.of(e, target.getClass().getSimpleName() + "." + operation.name());
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
