package certservice.admin.jmx;

import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import javax.management.openmbean.ArrayType;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularData;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;

/**
 * How values of a Java type look to JMX clients that have none of our classes. A record becomes {@link CompositeData}
 * with an item for each component, a collection an array, a map a table of {@code key} and {@code value}; times, dates
 * and durations become ISO 8601 texts, and {@code null} stays {@code null}.
 */
final class OpenMapping {

    private static final Map<Class<?>, SimpleType<?>> SIMPLE = Map.ofEntries(
            Map.entry(String.class, SimpleType.STRING),
            Map.entry(boolean.class, SimpleType.BOOLEAN), Map.entry(Boolean.class, SimpleType.BOOLEAN),
            Map.entry(int.class, SimpleType.INTEGER), Map.entry(Integer.class, SimpleType.INTEGER),
            Map.entry(long.class, SimpleType.LONG), Map.entry(Long.class, SimpleType.LONG),
            Map.entry(void.class, SimpleType.VOID));

    private static final List<Class<?>> AS_TEXT = List.of(Instant.class, LocalDate.class, Duration.class, Enum.class);

    private final OpenType<?> type;
    private final Class<?> javaType;
    private final Function<Object, Object> conversion;

    private OpenMapping(OpenType<?> type, Class<?> javaType, Function<Object, Object> conversion) {
        this.type = type;
        this.javaType = javaType;
        this.conversion = conversion;
    }

    /** @throws IllegalArgumentException for a type that has no such form */
    static OpenMapping of(Type type) {
        try {
            return of(type, Map.of());
        } catch (OpenDataException e) {
            throw new IllegalArgumentException(type + " has no open type", e);
        }
    }

    OpenType<?> type() {
        return type;
    }

    /** The value as clients get it. */
    Object open(Object value) {
        return value == null ? null : conversion.apply(value);
    }

    private static OpenMapping of(Type type, Map<TypeVariable<?>, Type> bindings) throws OpenDataException {
        if (type instanceof TypeVariable<?> variable) {
            return of(bindings.get(variable), Map.of());
        }
        if (type instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            Type[] arguments = generic.getActualTypeArguments();
            if (Collection.class.isAssignableFrom(raw)) {
                return array(of(arguments[0], bindings));
            }
            if (Map.class.isAssignableFrom(raw)) {
                return table(of(arguments[0], bindings), of(arguments[1], bindings));
            }
            Map<TypeVariable<?>, Type> inner = new HashMap<>();
            for (int i = 0; i < arguments.length; i++) {
                inner.put(raw.getTypeParameters()[i], arguments[i]);
            }
            return record(raw, inner);
        }
        Class<?> plain = (Class<?>) type;
        if (SIMPLE.containsKey(plain)) {
            SimpleType<?> simple = SIMPLE.get(plain);
            return new OpenMapping(simple, plain, Function.identity());
        }
        if (AS_TEXT.stream().anyMatch(each -> each.isAssignableFrom(plain))) {
            return new OpenMapping(SimpleType.STRING, String.class, Object::toString);
        }
        return record(plain, Map.of());
    }

    private static OpenMapping array(OpenMapping element) throws OpenDataException {
        return new OpenMapping(ArrayType.getArrayType(element.type), element.javaType.arrayType(), value -> {
            Collection<?> elements = (Collection<?>) value;
            Object array = Array.newInstance(element.javaType, elements.size());
            int index = 0;
            for (Object each : elements) {
                Array.set(array, index++, element.open(each));
            }
            return array;
        });
    }

    private static OpenMapping table(OpenMapping key, OpenMapping value) throws OpenDataException {
        String[] items = {"key", "value"};
        CompositeType row = new CompositeType("Entry", "a key and its value", items, items,
                new OpenType<?>[] {key.type, value.type});
        TabularType table = new TabularType("Table", "values by their keys", row, new String[] {"key"});
        return new OpenMapping(table, TabularData.class, map -> {
            TabularDataSupport filled = new TabularDataSupport(table);
            ((Map<?, ?>) map).forEach((each, its) -> filled.put(
                    composite(row, items, new Object[] {key.open(each), value.open(its)})));
            return filled;
        });
    }

    private static OpenMapping record(Class<?> record, Map<TypeVariable<?>, Type> bindings) throws OpenDataException {
        if (!record.isRecord()) {
            throw new IllegalArgumentException(record + " has no open type");
        }
        Map<RecordComponent, OpenMapping> components = new LinkedHashMap<>();
        for (RecordComponent each : record.getRecordComponents()) {
            components.put(each, of(each.getGenericType(), bindings));
        }
        String[] names = components.keySet().stream().map(RecordComponent::getName).toArray(String[]::new);
        String[] descriptions = components.keySet().stream().map(each -> words(each.getName())).toArray(String[]::new);
        OpenType<?>[] types = components.values().stream().map(OpenMapping::type).toArray(OpenType<?>[]::new);
        CompositeType type = new CompositeType(record.getSimpleName(), words(record.getSimpleName()), names,
                descriptions, types);
        return new OpenMapping(type, CompositeData.class, value -> composite(type, names, components.entrySet()
                .stream().map(each -> each.getValue().open(component(each.getKey(), value))).toArray()));
    }

    private static CompositeData composite(CompositeType type, String[] names, Object[] values) {
        try {
            return new CompositeDataSupport(type, names, values);
        } catch (OpenDataException e) {
            throw new IllegalStateException("A value does not fit " + type.getTypeName(), e);
        }
    }

    private static Object component(RecordComponent component, Object value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Can't read " + component, e);
        }
    }

    /** {@code requestsPerDay} as {@code requests per day}. */
    private static String words(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
