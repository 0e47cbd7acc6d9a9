package certservice.harness;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the file of domains, DNS providers and API keys that {@code certservice.import} names. */
public final class ImportFile {

    private final JsonArrayBuilder domains = Json.createArrayBuilder();
    private final JsonArrayBuilder dnsProviders = Json.createArrayBuilder();
    private final JsonArrayBuilder apiKeys = Json.createArrayBuilder();

    /** The name and all below it, proven by http-01. */
    public ImportFile subdomainsOf(String name) {
        return domain(name, true, "http-01", null);
    }

    /** This name alone, proven by http-01. */
    public ImportFile exactly(String name) {
        return domain(name, false, "http-01", null);
    }

    /**
     * Any domain.
     *
     * @param provider the DNS provider's name; {@code null} for http-01
     */
    public ImportFile domain(String name, boolean subdomains, String challenge, String provider) {
        JsonObjectBuilder domain = Json.createObjectBuilder().add("name", name)
                .add("subdomains", subdomains).add("challenge", challenge);
        if (provider != null) {
            domain.add("provider", provider);
        }
        domains.add(domain);
        return this;
    }

    /** @param settings values are texts, or lists of texts */
    public ImportFile dnsProvider(String name, String type, Map<String, ?> settings) {
        dnsProviders.add(Json.createObjectBuilder().add("name", name).add("type", type)
                .add("settings", Json.createObjectBuilder(new LinkedHashMap<String, Object>(settings))));
        return this;
    }

    /** A key that is enabled, for these domains (as they are named in this file). */
    public ImportFile apiKey(String label, String key, String... domainNames) {
        return apiKey(label, key, true, Map.of(), domainNames);
    }

    /** A key with more members, such as {@code expires}; values are texts, numbers, or lists of texts. */
    public ImportFile apiKey(String label, String key, boolean enabled, Map<String, ?> more,
            String... domainNames) {
        JsonObjectBuilder apiKey = Json.createObjectBuilder().add("label", label).add("key", key)
                .add("enabled", enabled).add("domains", Json.createArrayBuilder(List.of(domainNames)));
        apiKey.addAll(Json.createObjectBuilder(new LinkedHashMap<String, Object>(more)));
        apiKeys.add(apiKey);
        return this;
    }

    /** Writes the file, once. */
    public Path writeTo(Path file) {
        JsonObject content = Json.createObjectBuilder().add("domains", domains)
                .add("dnsProviders", dnsProviders).add("apiKeys", apiKeys).build();
        try {
            return Files.writeString(file, content.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
