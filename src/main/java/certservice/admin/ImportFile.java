package certservice.admin;

import certservice.apikey.ApiKeyGuid;
import certservice.domain.DomainName;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The content of the file that {@code certservice.import} names; {@code docs/configuration.md} describes it. Names
 * that it does not know are errors, since they are most likely misspelt.
 */
record ImportFile(List<DnsProviderEntry> dnsProviders, List<DomainEntry> domains, List<ApiKeyEntry> apiKeys) {

    /** What the database holds of a label or a provider's name. */
    private static final int MAX_NAME = 100;

    /** @param settings as the provider's kind wants them; may hold secrets */
    record DnsProviderEntry(String name, String type, JsonObject settings) {
        @Override
        public String toString() {
            return "DnsProviderEntry[" + name + ", " + type + "]";
        }
    }

    record DomainEntry(DomainName name, boolean subdomains, String challenge, Optional<String> provider) {
    }

    record ApiKeyEntry(String label, ApiKeyGuid key, boolean enabled, Optional<Instant> expires,
                       List<DomainName> domains) {
    }

    /** @throws WrongImport naming the place in the file, what stands there and what is allowed */
    static ImportFile read(Path file) {
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8);
             JsonReader reader = Json.createReader(text)) {
            return of(reader.readObject());
        } catch (IOException | JsonException e) {
            throw new WrongImport("the file", "is not a JSON object in UTF-8");
        }
    }

    private static ImportFile of(JsonObject json) {
        knownOnly("the file", json, Set.of("dnsProviders", "domains", "apiKeys"));
        ImportFile read = new ImportFile(
                each(json, "dnsProviders", ImportFile::dnsProvider),
                each(json, "domains", ImportFile::domain),
                each(json, "apiKeys", ImportFile::apiKey));
        eachOnce("dnsProviders", "name", read.dnsProviders, DnsProviderEntry::name);
        eachOnce("domains", "name", read.domains, DomainEntry::name);
        eachOnce("apiKeys", "label", read.apiKeys, ApiKeyEntry::label);
        eachOnce("apiKeys", "key", read.apiKeys, ApiKeyEntry::key);
        return read;
    }

    private static DnsProviderEntry dnsProvider(String place, JsonObject json) {
        knownOnly(place, json, Set.of("name", "type", "settings"));
        return new DnsProviderEntry(text(place, json, "name"), text(place, json, "type"),
                typed(place, json, "settings", JsonValue.ValueType.OBJECT, "an object")
                        .orElseThrow(() -> missing(place, "settings")).asJsonObject());
    }

    private static DomainEntry domain(String place, JsonObject json) {
        knownOnly(place, json, Set.of("name", "subdomains", "challenge", "provider"));
        DomainName name = name(place + ".name", text(place, json, "name"));
        boolean subdomains = bool(place, json, "subdomains", false);
        if (subdomains && name.isWildcard()) {
            throw new WrongImport(place + ".subdomains", "is true for a wildcard; give the name without '*.' instead");
        }
        return new DomainEntry(name, subdomains, optionalText(place, json, "challenge").orElse("http-01"),
                optionalText(place, json, "provider"));
    }

    private static ApiKeyEntry apiKey(String place, JsonObject json) {
        knownOnly(place, json, Set.of("label", "key", "enabled", "expires", "domains"));
        ApiKeyGuid key = ApiKeyGuid.parse(text(place, json, "key")).orElseThrow(() ->
                new WrongImport(place + ".key", "is not a GUID (its value is not shown here); 'uuidgen -r' makes one"));
        Optional<Instant> expires = optionalText(place, json, "expires").map(text -> instant(place, text));
        JsonArray names = typed(place, json, "domains", JsonValue.ValueType.ARRAY, "an array of names")
                .map(JsonValue::asJsonArray).orElse(JsonValue.EMPTY_JSON_ARRAY);
        List<DomainName> domains = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            domains.add(name(place + ".domains[" + i + "]", names.getString(i, "")));
        }
        return new ApiKeyEntry(text(place, json, "label"), key, bool(place, json, "enabled", true), expires, domains);
    }

    private static Instant instant(String place, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new WrongImport(place + ".expires", "is '" + text
                    + "'; allowed is a moment such as 2027-01-31T00:00:00Z");
        }
    }

    private static DomainName name(String place, String text) {
        try {
            return DomainName.of(text);
        } catch (IllegalArgumentException e) {
            throw new WrongImport(place, "is wrong: " + e.getMessage());
        }
    }

    private static <T> List<T> each(JsonObject json, String field, BiFunction<String, JsonObject, T> parse) {
        JsonArray array = typed("the file", json, field, JsonValue.ValueType.ARRAY, "an array")
                .map(JsonValue::asJsonArray).orElse(JsonValue.EMPTY_JSON_ARRAY);
        List<T> all = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            String place = field + "[" + i + "]";
            if (array.get(i).getValueType() != JsonValue.ValueType.OBJECT) {
                throw new WrongImport(place, "is not an object");
            }
            all.add(parse.apply(place, array.getJsonObject(i)));
        }
        return all;
    }

    private static <T> void eachOnce(String field, String part, List<T> entries, Function<T, Object> identity) {
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            if (!seen.add(identity.apply(entries.get(i)))) {
                throw new WrongImport(field + "[" + i + "]." + part, "stands in an earlier entry already");
            }
        }
    }

    private static void knownOnly(String place, JsonObject json, Set<String> known) {
        for (String name : json.keySet()) {
            if (!known.contains(name)) {
                throw new WrongImport(place, "has a field '" + name + "'; allowed are " + String.join(", ",
                        known.stream().sorted().toList()));
            }
        }
    }

    private static String text(String place, JsonObject json, String field) {
        String text = optionalText(place, json, field).filter(value -> !value.isBlank())
                .orElseThrow(() -> missing(place, field));
        boolean limited = field.equals("label") || place.startsWith("dnsProviders");
        if (limited && text.length() > MAX_NAME) {
            throw new WrongImport(place + "." + field, "has more than " + MAX_NAME + " characters");
        }
        return text;
    }

    private static WrongImport missing(String place, String field) {
        return new WrongImport(place + "." + field, "is missing");
    }

    private static Optional<String> optionalText(String place, JsonObject json, String field) {
        return typed(place, json, field, JsonValue.ValueType.STRING, "a string").map(value -> json.getString(field));
    }

    private static boolean bool(String place, JsonObject json, String field, boolean byDefault) {
        JsonValue value = json.get(field);
        if (value == null) {
            return byDefault;
        }
        if (value != JsonValue.TRUE && value != JsonValue.FALSE) {
            throw new WrongImport(place + "." + field, "is neither true nor false");
        }
        return value == JsonValue.TRUE;
    }

    private static Optional<JsonValue> typed(String place, JsonObject json, String field, JsonValue.ValueType type,
                                             String allowed) {
        JsonValue value = json.get(field);
        if (value != null && value.getValueType() != type) {
            throw new WrongImport(place + "." + field, "is not " + allowed);
        }
        return Optional.ofNullable(value);
    }
}
