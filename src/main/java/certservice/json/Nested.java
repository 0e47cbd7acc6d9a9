package certservice.json;

import certservice.problem.Failure;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** A value inside a field, built without recursion. */
final class Nested {

    private final JsonObjectBuilder object;
    private final JsonArrayBuilder array;
    private final Set<String> names = new HashSet<>();
    private String name;

    private Nested(Event begin) {
        this.object = begin == Event.START_OBJECT ? Json.createObjectBuilder() : null;
        this.array = begin == Event.START_ARRAY ? Json.createArrayBuilder() : null;
    }

    /**
     * A value that was read to its end.
     *
     * @param value    of a name that comes more than once, the last
     * @param repeated such a name, or {@code null}
     */
    record Read(JsonValue value, String repeated) {
    }

    /**
     * Reads the rest of an object or array.
     *
     * @param begin the event that began it
     * @throws Failure 400 if it is nested too deep
     */
    static Read read(Event begin, JsonParser parser) {
        Deque<Nested> open = new ArrayDeque<>();
        open.push(new Nested(begin));
        String repeated = null;
        while (true) {
            if (open.size() >= JsonFields.MAX_DEPTH) {
                throw Failure.badRequest("The body's JSON must not be nested deeper than " + JsonFields.MAX_DEPTH
                        + " levels");
            }
            Event event = parser.next();
            switch (event) {
                case KEY_NAME -> {
                    open.peek().name = parser.getString();
                    if (!open.peek().names.add(open.peek().name)) {
                        repeated = open.peek().name;
                    }
                }
                case START_OBJECT, START_ARRAY -> open.push(new Nested(event));
                case END_OBJECT, END_ARRAY -> {
                    JsonValue complete = open.pop().build();
                    if (open.isEmpty()) {
                        return new Read(complete, repeated);
                    }
                    open.peek().add(complete);
                }
                default -> open.peek().add(scalar(event, parser));
            }
        }
    }

    private void add(JsonValue value) {
        if (object != null) {
            object.add(name, value);
        } else {
            array.add(value);
        }
    }

    private JsonValue build() {
        return object != null ? object.build() : array.build();
    }

    private static JsonValue scalar(Event event, JsonParser parser) {
        return switch (event) {
            case VALUE_STRING -> Json.createValue(parser.getString());
            case VALUE_TRUE -> JsonValue.TRUE;
            case VALUE_FALSE -> JsonValue.FALSE;
            case VALUE_NUMBER -> number(parser.getString());
            default -> JsonValue.NULL;
        };
    }

    /** One that Java can't hold stays a text, which whoever wants a number will refuse. */
    private static JsonValue number(String text) {
        try {
            return Json.createValue(new BigDecimal(text));
        } catch (ArithmeticException | NumberFormatException e) {
            return Json.createValue(text);
        }
    }
}
