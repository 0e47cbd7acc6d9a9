package certservice.admin;

import certservice.apikey.ApiKeyGuid;
import certservice.apikey.KeyPolicy;
import certservice.domain.DomainName;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
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

    private static final int MAX_LABEL = 100;

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
                       List<DomainName> domains, KeyPolicy policy) {
    }

    /** @throws WrongImport naming the place in the file, what stands there and what is allowed */
    static ImportFile read(Path file) {
        return parse(file).map(ImportFile::of)
                .orElseThrow(() -> new WrongImport("the file", "is not a JSON object in UTF-8"));
    }

    /** Without the exception, whose message quotes the file. Parsson throws a bare one for a nesting too deep. */
    private static Optional<JsonObject> parse(Path file) {
        try (JsonParser parser = Json.createParser(new StringReader(withoutByteOrderMark(Files.readString(file))))) {
            if (parser.next() != JsonParser.Event.START_OBJECT) {
                return Optional.empty();
            }
            JsonObject json = parser.getObject();
            return parser.hasNext() ? Optional.empty() : Optional.of(json);
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Editors on Windows write one. */
    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
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
        return new DnsProviderEntry(providerName(place, json), text(place, json, "type"),
                typed(place, json, "settings", JsonValue.ValueType.OBJECT, "an object")
                        .orElseThrow(() -> missing(place, "settings")).asJsonObject());
    }

    private static String providerName(String place, JsonObject json) {
        try {
            return DnsProviderAdministration.name(text(place, json, "name"));
        } catch (WrongField wrong) {
            throw wrong.inImport(place);
        }
    }

    private static DomainEntry domain(String place, JsonObject json) {
        knownOnly(place, json, Set.of("name", "subdomains", "challenge", "provider"));
        DomainName name = name(place + ".name", text(place, json, "name"));
        return new DomainEntry(name, bool(place, json, "subdomains", false),
                optionalText(place, json, "challenge").orElse("http-01"), optionalText(place, json, "provider"));
    }

    private static ApiKeyEntry apiKey(String place, JsonObject json) {
        knownOnly(place, json, Set.of("label", "key", "enabled", "expires", "domains", "networks", "environments",
                "profiles", "requestsPerDay"));
        ApiKeyGuid key = ApiKeyGuid.parse(text(place, json, "key")).orElseThrow(() ->
                new WrongImport(place + ".key", "is not a GUID (its value is not shown here); 'uuidgen -r' makes one"));
        Optional<Instant> expires = optionalText(place, json, "expires").map(text -> instant(place, text));
        return new ApiKeyEntry(label(place, json), key, bool(place, json, "enabled", true), expires,
                texts(place, json, "domains", ImportFile::name), policy(place, json));
    }

    private static KeyPolicy policy(String place, JsonObject json) {
        Integer requests = typed(place, json, "requestsPerDay", JsonValue.ValueType.NUMBER, "a number")
                .map(number -> wholeNumber(place + ".requestsPerDay", (JsonNumber) number)).orElse(null);
        try {
            return KeyTerms.policy(texts(place, json, "networks", ImportFile::text),
                    texts(place, json, "environments", ImportFile::text),
                    texts(place, json, "profiles", ImportFile::text), requests);
        } catch (WrongField wrong) {
            throw wrong.inImport(place);
        }
    }

    private static String text(String place, String text) {
        return text;
    }

    private static int wholeNumber(String place, JsonNumber number) {
        BigDecimal value = number.bigDecimalValue();
        if (value.stripTrailingZeros().scale() > 0 || value.compareTo(BigDecimal.ONE) < 0
                || value.compareTo(BigDecimal.valueOf(KeyPolicy.MOST_REQUESTS)) > 0) {
            throw new WrongImport(place, "is " + number + "; allowed is a whole number from 1 to "
                    + KeyPolicy.MOST_REQUESTS);
        }
        return value.intValueExact();
    }

    /** @param parse is given the item's place and text */
    private static <T> List<T> texts(String place, JsonObject json, String field,
                                     BiFunction<String, String, T> parse) {
        JsonArray array = typed(place, json, field, JsonValue.ValueType.ARRAY, "an array of texts")
                .map(JsonValue::asJsonArray).orElse(JsonValue.EMPTY_JSON_ARRAY);
        List<T> all = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            all.add(parse.apply(place + "." + field + "[" + i + "]", array.getString(i, "")));
        }
        return all;
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
        return optionalText(place, json, field).filter(text -> !text.isBlank())
                .orElseThrow(() -> missing(place, field));
    }

    private static String label(String place, JsonObject json) {
        String text = text(place, json, "label");
        if (text.length() > MAX_LABEL) {
            throw new WrongImport(place + ".label", "is longer than " + MAX_LABEL + " characters");
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
