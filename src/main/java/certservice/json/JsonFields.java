package certservice.json;

import certservice.problem.Failure;
import certservice.problem.Quoted;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonLocation;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParserFactory;
import jakarta.json.stream.JsonParsingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The fields of a request body that is one JSON object (RFC 8259), read strictly and the same on every server: at
 * most 64 KiB of well-formed UTF-8 (a byte order mark may lead), every name once, nothing behind the object.
 *
 * <p>The body is read token by token: servers' object models differ in what they do with repeated names, and build
 * nested values recursively. Fields that nobody asks for may hold anything, up to {@value #MAX_DEPTH} levels deep;
 * the servers' parsers end at 1,000.
 */
public final class JsonFields {

    public static final int MAX_BYTES = 64 * 1024;
    public static final int MAX_DEPTH = 500;
    private static final char BYTE_ORDER_MARK = '\ufeff';
    private static final JsonParserFactory PARSERS = Json.createParserFactory(Map.of());

    private static final String MISSING = " is missing";

    /**
     * A field's value by the event that begins it.
     *
     * @param text   of strings and numbers only
     * @param nested of objects and arrays only
     */
    private record Value(Event begin, String text, Nested.Read nested) {
    }

    private final Map<String, Value> fields;

    private JsonFields(Map<String, Value> fields) {
        this.fields = fields;
    }

    /**
     * Reads the body; the stream is left open, and not read much beyond 64 KiB.
     *
     * @throws Failure 413 if it is longer; 400 if it is not one JSON object
     */
    public static JsonFields of(InputStream body) {
        String text = decode(bytes(body));
        if (text.isBlank()) {
            throw Failure.badRequest("The body is empty; it must be a JSON object");
        }
        return of(text);
    }

    /** As {@link #of(InputStream)}; but an empty body has no fields. */
    public static JsonFields ofOptional(InputStream body) {
        String text = decode(bytes(body));
        return text.isBlank() ? new JsonFields(Map.of()) : of(text);
    }

    private static JsonFields of(String text) {
        try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
            return new JsonFields(object(parser));
        } catch (JsonParsingException e) {
            throw Failure.badRequest("The body is not well-formed JSON" + where(e.getLocation()));
        } catch (JsonException | NoSuchElementException | IllegalStateException e) {
            throw Failure.badRequest("The body is not well-formed JSON");
        }
    }

    private static byte[] bytes(InputStream body) {
        byte[] bytes;
        try {
            bytes = body.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw Failure.badRequest("The body could not be read to its end");
        }
        if (bytes.length > MAX_BYTES) {
            throw Failure.http(413, "The body must not be larger than 64 KiB");
        }
        return bytes;
    }

    private static String decode(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw Failure.badRequest("The body is not well-formed UTF-8");
        }
    }

    private static Map<String, Value> object(JsonParser parser) {
        Event first = parser.next();
        if (first != Event.START_OBJECT) {
            throw Failure.badRequest("The body must be a JSON object, not " + type(first));
        }
        Map<String, Value> fields = new HashMap<>();
        while (parser.next() == Event.KEY_NAME) {
            String name = parser.getString();
            Event begin = parser.next();
            if (fields.put(name, value(begin, parser)) != null) {
                throw Failure.badRequest("Field " + Quoted.of(name) + " is given more than once");
            }
        }
        if (parser.hasNext()) {
            throw Failure.badRequest("The body must end after the JSON object");
        }
        return fields;
    }

    private static Value value(Event begin, JsonParser parser) {
        return switch (begin) {
            case VALUE_STRING, VALUE_NUMBER -> new Value(begin, parser.getString(), null);
            case START_OBJECT, START_ARRAY -> new Value(begin, null, Nested.read(begin, parser));
            default -> new Value(begin, null, null);
        };
    }

    private static String where(JsonLocation location) {
        return location == null || location.getLineNumber() < 1 || location.getColumnNumber() < 1 ? ""
                : " (line " + location.getLineNumber() + ", column " + location.getColumnNumber() + ")";
    }

    private static String type(Event begin) {
        return switch (begin) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER -> "a number";
            case VALUE_NULL -> "null";
            default -> "a boolean";
        };
    }

    /**
     * Refuses fields that nobody knows: most likely they are misspelt.
     *
     * @throws Failure 400 if there is one
     */
    public JsonFields knowing(String... known) {
        fields.keySet().stream().filter(name -> !List.of(known).contains(name)).findFirst().ifPresent(unknown -> {
            throw Failure.badRequest("Field " + Quoted.of(unknown) + " is not known; allowed are "
                    + String.join(", ", known));
        });
        return this;
    }

    /** Whether there is no field at all. */
    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Whether the field is there, if only as {@code null}. */
    public boolean isGiven(String name) {
        return fields.containsKey(name);
    }

    /** Whether the field is there with a value other than {@code null}. */
    public boolean has(String name) {
        Value value = fields.get(name);
        return value != null && value.begin() != Event.VALUE_NULL;
    }

    /**
     * The text of a field; empty if it is missing or {@code null}.
     *
     * @throws Failure 400 if it is not a string
     */
    public Optional<String> string(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        Value value = fields.get(name);
        if (value.begin() != Event.VALUE_STRING) {
            throw Failure.badRequest("Field '" + name + "' must be a string, not " + type(value.begin()));
        }
        return Optional.of(value.text());
    }

    /**
     * The truth of a field; empty if it is missing or {@code null}.
     *
     * @throws Failure 400 if it is neither {@code true} nor {@code false}, also for the string {@code "false"}
     */
    public Optional<Boolean> bool(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        return switch (fields.get(name).begin()) {
            case VALUE_TRUE -> Optional.of(true);
            case VALUE_FALSE -> Optional.of(false);
            default -> throw Failure.badRequest("Field '" + name + "' must be true or false, not "
                    + type(fields.get(name).begin()));
        };
    }

    /**
     * As {@link #string}.
     *
     * @throws Failure 400 also if it is missing
     */
    public String requiredString(String name) {
        return string(name).orElseThrow(() -> Failure.badRequest("Field '" + name + "'" + MISSING));
    }

    /**
     * The whole number of a field; empty if it is missing or {@code null}.
     *
     * @throws Failure 400 if it is not one from {@code least} to {@code most}
     */
    public Optional<Integer> integer(String name, int least, int most) {
        if (!has(name)) {
            return Optional.empty();
        }
        Value value = fields.get(name);
        String allowed = "; allowed is a whole number from " + least + " to " + most;
        if (value.begin() != Event.VALUE_NUMBER) {
            throw Failure.badRequest("Field '" + name + "' is " + type(value.begin()) + allowed);
        }
        try {
            BigDecimal number = new BigDecimal(value.text());
            if (number.compareTo(BigDecimal.valueOf(least)) >= 0 && number.compareTo(BigDecimal.valueOf(most)) <= 0) {
                return Optional.of(number.intValueExact());
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // told below
        }
        throw Failure.badRequest("Field '" + name + "' is " + Quoted.of(value.text()) + allowed);
    }

    /**
     * The texts of a field; none if it is missing or {@code null}.
     *
     * @throws Failure 400 if it is not an array of strings
     */
    public List<String> strings(String name) {
        return nested(name, Event.START_ARRAY, "an array of strings").map(JsonValue::asJsonArray)
                .orElse(JsonValue.EMPTY_JSON_ARRAY).stream().map(item -> {
                    if (!(item instanceof JsonString text)) {
                        throw Failure.badRequest("Field '" + name + "' must be an array of strings alone");
                    }
                    return text.getString();
                }).toList();
    }

    /**
     * The object in a field.
     *
     * @throws Failure 400 if it is missing or not an object, or has a name in it more than once
     */
    public JsonObject requiredObject(String name) {
        return nested(name, Event.START_OBJECT, "an object").map(JsonValue::asJsonObject)
                .orElseThrow(() -> Failure.badRequest("Field '" + name + "'" + MISSING));
    }

    private Optional<JsonValue> nested(String name, Event begin, String wanted) {
        if (!has(name)) {
            return Optional.empty();
        }
        Value value = fields.get(name);
        if (value.begin() != begin) {
            throw Failure.badRequest("Field '" + name + "' must be " + wanted + ", not " + type(value.begin()));
        }
        if (value.nested().repeated() != null) {
            throw Failure.badRequest("Field '" + name + "' has " + Quoted.of(value.nested().repeated())
                    + " more than once");
        }
        return Optional.of(value.nested().value());
    }
}
