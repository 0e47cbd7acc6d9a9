package certservice.admin.rest;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.temporal.Temporal;
import java.util.Collection;
import java.util.Map;

/** The fields of a JSON object in an answer, in their sequence; {@code null} is a value too. */
final class Fields {

    private final JsonObjectBuilder json = Json.createObjectBuilder();

    /** @param value a text, number, truth or moment, more fields, a collection or map of such; or {@code null} */
    Fields with(String name, Object value) {
        json.add(name, json(value));
        return this;
    }

    JsonObject build() {
        return json.build();
    }

    private static JsonValue json(Object value) {
        if (value == null) {
            return JsonValue.NULL;
        }
        if (value instanceof String text) {
            return Json.createValue(text);
        }
        if (value instanceof Boolean truth) {
            return truth ? JsonValue.TRUE : JsonValue.FALSE;
        }
        if (value instanceof Integer || value instanceof Long) {
            return Json.createValue(((Number) value).longValue());
        }
        if (value instanceof Temporal moment) {
            return Json.createValue(moment.toString());
        }
        if (value instanceof Fields fields) {
            return fields.build();
        }
        if (value instanceof Collection<?> items) {
            JsonArrayBuilder array = Json.createArrayBuilder();
            items.forEach(item -> array.add(json(item)));
            return array.build();
        }
        if (value instanceof Map<?, ?> map) {
            Fields fields = new Fields();
            map.forEach((name, item) -> fields.with((String) name, item));
            return fields.build();
        }
        throw new IllegalArgumentException(value.getClass().getName());
    }
}
