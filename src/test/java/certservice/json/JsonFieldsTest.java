package certservice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.problem.Failure;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code CertificateRequestTest} does not see of it. */
class JsonFieldsTest {

    @Test
    void readsEveryKindOfField() {
        JsonFields fields = of("{\"a\":[\"x\",\"y\"],"
                + "\"o\":{\"s\":\"t\",\"n\":[1.5,{}],\"b\":true,\"z\":null},\"i\":7e1,"
                + "\"n\":null}");
        assertThat(fields.strings("a")).containsExactly("x", "y");
        assertThat(fields.strings("missing")).isEmpty();
        assertThat(fields.strings("n")).isEmpty();
        assertThat(fields.requiredObject("o").toString())
                .isEqualTo("{\"s\":\"t\",\"n\":[1.5,{}],\"b\":true,\"z\":null}");
        assertThat(fields.integer("i", 1, 100)).contains(70);
        assertThat(fields.integer("n", 1, 100)).isEmpty();
        assertThat(fields.isGiven("n")).isTrue();
        assertThat(fields.has("n")).isFalse();
        assertThat(fields.isEmpty()).isFalse();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("{\"a\":\"x\"}", f -> f.strings("a"), "Field 'a' must be an array of strings, not a string"),
                wrong("{\"a\":[\"x\",1]}", f -> f.strings("a"), "Field 'a' must be an array of strings alone"),
                wrong("{\"a\":[[\"x\"]]}", f -> f.strings("a"), "Field 'a' must be an array of strings alone"),
                wrong("{\"a\":[]}", f -> f.requiredObject("a"), "Field 'a' must be an object, not an array"),
                wrong("{}", f -> f.requiredObject("a"), "Field 'a' is missing"),
                wrong("{\"a\":null}", f -> f.requiredString("a"), "Field 'a' is missing"),
                wrong("{\"a\":{\"b\":{\"c\":1,\"c\":2}}}", f -> f.requiredObject("a"),
                        "Field 'a' has 'c' more than once"),
                wrong("{\"a\":0}", f -> f.integer("a", 1, 9), "Field 'a' is '0'; allowed is a whole number from"),
                wrong("{\"a\":1.5}", f -> f.integer("a", 1, 9), "Field 'a' is '1.5'; allowed is a whole number"),
                wrong("{\"a\":1e999999999}", f -> f.integer("a", 1, 9), "Field 'a' is '1e999999999'; allowed is"),
                wrong("{\"a\":1e-999999999}", f -> f.integer("a", 1, 9), "Field 'a' is '1e-999999999'; allowed is"),
                wrong("{\"a\":1e9999999999999}", f -> f.integer("a", 1, 9), "allowed is a whole number from 1 to 9"),
                wrong("{\"a\":\"1\"}", f -> f.integer("a", 1, 9), "Field 'a' is a string; allowed is a whole number"),
                wrong("{\"A\":1}", f -> f.knowing("a", "b"), "Field 'A' is not known; allowed are a, b"));
    }

    private static Arguments wrong(String body, Function<JsonFields, Object> ask, String message) {
        return Arguments.of(body, ask, message);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refusesWhatIsWrongNamingFieldValueAndWhatIsAllowed(String body, Function<JsonFields, Object> ask,
                                                            String message) {
        JsonFields fields = of(body);
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> ask.apply(fields))
                .satisfies(failure -> assertThat(failure.status()).isEqualTo(400)).withMessageContaining(message);
    }

    private static JsonFields of(String body) {
        return JsonFields.of(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }
}
