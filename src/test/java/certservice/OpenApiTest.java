package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.admin.rest.AdminApplication;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code /openapi.json} against the resources that there are. */
class OpenApiTest {

    private static final JsonObject DESCRIPTION = read();

    private static JsonObject read() {
        try (JsonReader reader = Json.createReader(Files.newBufferedReader(
                java.nio.file.Path.of("src/main/webapp/openapi.json")))) {
            return reader.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void describesEveryMethodOfEveryPathAndNoOther() {
        Set<String> described = new TreeSet<>();
        paths().forEach((path, methods) -> methods.asJsonObject().keySet()
                .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path)));
        Set<String> there = new TreeSet<>();
        Stream.of(new RestApplication(), new AdminApplication())
                .forEach(application -> there.addAll(operations(application)));
        assertThat(described).isEqualTo(there).hasSizeGreaterThan(40);
    }

    @Test
    void namesTheParametersOfEachPath() {
        paths().forEach((path, methods) -> methods.asJsonObject().forEach((method, operation) -> {
            List<String> named = new ArrayList<>();
            operation.asJsonObject().getOrDefault("parameters", JsonValue.EMPTY_JSON_ARRAY).asJsonArray()
                    .getValuesAs(JsonObject.class).stream()
                    .filter(parameter -> parameter.getString("in", "").equals("path"))
                    .forEach(parameter -> named.add("{" + parameter.getString("name") + "}"));
            assertThat(named).as(method + " " + path).containsExactlyElementsOf(
                    Arrays.stream(path.split("/")).filter(part -> part.startsWith("{")).toList());
        }));
    }

    @Test
    void refersOnlyToWhatItDefinesAndNamesEachOperationOnce() {
        Set<String> references = new HashSet<>();
        collect(DESCRIPTION, references);
        assertThat(references).isNotEmpty().allSatisfy(reference ->
                assertThat(Json.createPointer(reference.substring(1)).containsValue(DESCRIPTION)).as(reference)
                        .isTrue());
        assertThat(paths().values().stream().flatMap(methods -> methods.asJsonObject().values().stream())
                .map(operation -> operation.asJsonObject().getString("operationId"))).doesNotHaveDuplicates();
    }

    private static JsonObject paths() {
        return DESCRIPTION.getJsonObject("paths");
    }

    private static Set<String> operations(Application application) {
        String root = application.getClass().getAnnotation(ApplicationPath.class).value();
        Set<String> operations = new TreeSet<>();
        for (Class<?> resource : application.getClasses()) {
            if (resource.isAnnotationPresent(Path.class)) {
                for (Method method : resource.getMethods()) {
                    for (Annotation annotation : method.getAnnotations()) {
                        HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
                        if (http != null) {
                            operations.add(http.value() + " " + root + path(resource.getAnnotation(Path.class))
                                    + path(method.getAnnotation(Path.class)));
                        }
                    }
                }
            }
        }
        return operations;
    }

    /** Without the pattern that a parameter may have. */
    private static String path(Path path) {
        if (path == null) {
            return "";
        }
        String text = path.value().replaceAll("\\{(\\w+)\\s*:[^}]*}", "{$1}");
        return text.startsWith("/") ? text : "/" + text;
    }

    private static void collect(JsonValue value, Set<String> references) {
        if (value instanceof JsonObject object) {
            object.forEach((name, member) -> {
                if (name.equals("$ref")) {
                    references.add(((JsonString) member).getString());
                }
                collect(member, references);
            });
        } else if (value instanceof JsonStructure array) {
            array.asJsonArray().forEach(item -> collect(item, references));
        }
    }
}
