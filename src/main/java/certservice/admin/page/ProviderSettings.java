package certservice.admin.page;

import certservice.problem.Failure;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A DNS provider's settings as people type them: a JSON object, or lines {@code name=value}, where a name that comes
 * more than once has a list of values. No message quotes any of it: there are secrets in it.
 */
final class ProviderSettings {

    /**
     * What a line looks like; anything else may be a secret, and an equals sign in it Base64's. So a long name is none,
     * and a value is more than what Base64 ends with.
     */
    private static final Pattern LINE = Pattern.compile("\\s*([A-Za-z][A-Za-z0-9.-]{0,29})\\s*=\\s*+(.*[^=\\s].*)",
            Pattern.DOTALL);

    private ProviderSettings() {
    }

    static JsonObject parse(String text) {
        String given = text == null ? "" : text.strip();
        return given.startsWith("{") ? json(given) : lines(given);
    }

    private static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (JsonException | IllegalStateException e) {
            throw Failure.badRequest("Settings begin like a JSON object and are none");
        }
    }

    private static JsonObject lines(String text) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw Failure.badRequest("Line " + number + " of the settings is not name=value");
            }
            values.computeIfAbsent(parts.group(1), name -> new ArrayList<>()).add(parts.group(2).strip());
        }
        JsonObjectBuilder settings = Json.createObjectBuilder();
        values.forEach((name, all) -> {
            if (all.size() == 1) {
                settings.add(name, all.get(0));
            } else {
                JsonArrayBuilder list = Json.createArrayBuilder(all);
                settings.add(name, list);
            }
        });
        return settings.build();
    }
}
