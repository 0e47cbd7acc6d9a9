package certservice.admin.jmx;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the texts that clients give for what JMX has no type for; {@code null} and blank ones mean none. Throws
 * {@link IllegalArgumentException} that names field, value and what is allowed.
 */
final class Texts {

    private Texts() {
    }

    /** {@code null} for none. */
    static String optional(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** Separated by commas, semicolons or white space. */
    static List<String> list(String text) {
        return text == null ? List.of()
                : Stream.of(text.split("[,;\\s]+")).filter(item -> !item.isEmpty()).toList();
    }

    /** {@code null} for none. */
    static Instant moment(String field, String text) {
        String given = optional(text);
        if (given == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(given).toInstant();
        } catch (DateTimeParseException e) {
            throw wrong(field, given, "an ISO 8601 time such as 2027-01-31T00:00:00Z, or nothing");
        }
    }

    /** Zero for none. */
    static Duration duration(String field, String text) {
        String given = optional(text);
        if (given == null) {
            return Duration.ZERO;
        }
        try {
            return Duration.parse(given);
        } catch (DateTimeParseException e) {
            throw wrong(field, given, "an ISO 8601 duration such as P7D or PT12H, or nothing");
        }
    }

    /** {@code null} for 0. */
    static Integer limit(int number) {
        return number == 0 ? null : number;
    }

    /** Its text may hold secrets, and is never quoted. Parsson throws a bare exception for a nesting too deep. */
    static JsonObject json(String field, String text) {
        String given = optional(text);
        if (given == null) {
            return JsonObject.EMPTY_JSON_OBJECT;
        }
        return parsed(given).orElseThrow(() -> wrong(field, "(not shown)", "a JSON object"));
    }

    private static Optional<JsonObject> parsed(String text) {
        try (JsonParser parser = Json.createParser(new StringReader(text))) {
            if (parser.next() != JsonParser.Event.START_OBJECT) {
                return Optional.empty();
            }
            JsonObject json = parser.getObject();
            return parser.hasNext() ? Optional.empty() : Optional.of(json);
        } catch (RuntimeException quotesIt) {
            return Optional.empty();
        }
    }

    private static IllegalArgumentException wrong(String field, String value, String allowed) {
        return new IllegalArgumentException(field + " is '" + value + "'; allowed is " + allowed);
    }
}
