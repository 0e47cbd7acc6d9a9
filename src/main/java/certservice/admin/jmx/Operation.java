package certservice.admin.jmx;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.management.openmbean.OpenMBeanOperationInfoSupport;
import javax.management.openmbean.OpenMBeanParameterInfo;
import javax.management.openmbean.OpenMBeanParameterInfoSupport;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;

/** A described method, as a client calls it. */
final class Operation {

    private final Method method;
    private final Described described;
    private final List<OpenMBeanParameterInfo> parameters;
    private final OpenMapping result;

    Operation(Method method) {
        this.method = method;
        described = method.getAnnotation(Described.class);
        parameters = Arrays.stream(method.getParameters()).map(Operation::parameter).toList();
        result = OpenMapping.of(method.getGenericReturnType());
    }

    private static OpenMBeanParameterInfo parameter(java.lang.reflect.Parameter parameter) {
        Parameter named = parameter.getAnnotation(Parameter.class);
        return new OpenMBeanParameterInfoSupport(named.name(), named.is(), OpenMapping.of(parameter.getType()).type());
    }

    String name() {
        return method.getName();
    }

    /** Whether a client means this one; it may write {@code boolean} for {@code java.lang.Boolean}. */
    boolean is(String name, String[] signature) {
        String[] given = signature == null ? new String[0] : signature;
        return name().equals(name) && Arrays.equals(
                Stream.of(given).map(Operation::boxed).toArray(),
                parameters.stream().map(each -> each.getOpenType().getClassName()).toArray());
    }

    private static String boxed(String type) {
        return switch (type) {
            case "boolean" -> Boolean.class.getName();
            case "int" -> Integer.class.getName();
            case "long" -> Long.class.getName();
            default -> type;
        };
    }

    boolean isAttribute() {
        return parameters.isEmpty() && name().matches("get[A-Z].*");
    }

    String attribute() {
        return name().substring("get".length());
    }

    String description() {
        return described.value();
    }

    OpenType<?> type() {
        return result.type();
    }

    OpenMBeanOperationInfoSupport info() {
        boolean answers = !result.type().equals(SimpleType.VOID);
        int impact = !described.changes() ? OpenMBeanOperationInfoSupport.INFO
                : answers ? OpenMBeanOperationInfoSupport.ACTION_INFO : OpenMBeanOperationInfoSupport.ACTION;
        return new OpenMBeanOperationInfoSupport(name(), description(),
                parameters.toArray(OpenMBeanParameterInfo[]::new), result.type(), impact);
    }

    /**
     * Calls it and returns what the client gets.
     *
     * @throws IllegalArgumentException for an argument that does not fit
     * @throws Throwable whatever the method throws
     */
    Object call(Object target, Object[] arguments) throws Throwable {
        Object[] given = arguments == null ? new Object[0] : arguments;
        if (given.length != parameters.size()) {
            throw new IllegalArgumentException(name() + " has " + given.length + " arguments; allowed are "
                    + parameters.size());
        }
        for (int i = 0; i < given.length; i++) {
            check(i, given[i]);
        }
        try {
            return result.open(method.invoke(target, given));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void check(int index, Object argument) {
        OpenMBeanParameterInfo parameter = parameters.get(index);
        if (argument == null ? method.getParameterTypes()[index].isPrimitive() : !parameter.isValue(argument)) {
            throw new IllegalArgumentException(parameter.getName() + " is "
                    + (argument == null ? "null" : "a " + argument.getClass().getName()) + "; allowed is a "
                    + parameter.getOpenType().getClassName());
        }
    }
}
