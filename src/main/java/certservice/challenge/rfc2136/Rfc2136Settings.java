package certservice.challenge.rfc2136;

import certservice.challenge.DnsServer;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TextParseException;

/**
 * The settings of one provider of type {@code rfc2136}, checked.
 *
 * @param server      takes the updates
 * @param keyName     the key's name, for the log
 * @param key         signs them
 * @param zone        the apex; {@code null} to ask the server for it
 * @param nameservers who must show the values, if not the zone's NS records
 * @param ttl         of the records, in seconds
 */
record Rfc2136Settings(DnsServer server, Name keyName, TSIG key, Name zone, List<DnsServer> nameservers, int ttl) {

    private static final Map<String, Name> ALGORITHMS = new TreeMap<>(Map.of(
            "hmac-sha256", TSIG.HMAC_SHA256, "hmac-sha384", TSIG.HMAC_SHA384, "hmac-sha512", TSIG.HMAC_SHA512));
    private static final List<String> KNOWN =
            List.of("server", "keyName", "keySecret", "keyAlgorithm", "zone", "nameservers", "ttl");
    private static final int MAX_TTL = 86_400;
    private static final int MIN_SECRET_BYTES = 16;

    /** @throws IllegalArgumentException naming the setting, its value (never the secret) and what is allowed */
    static Rfc2136Settings of(JsonObject settings) {
        for (String name : settings.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException("Setting '" + name + "' is unknown: allowed are "
                        + String.join(", ", KNOWN));
            }
        }
        Name zone = settings.containsKey("zone") ? name("zone", text(settings, "zone")) : null;
        return new Rfc2136Settings(server("server", text(settings, "server")),
                name("keyName", text(settings, "keyName")), key(settings), zone, nameservers(settings), ttl(settings));
    }

    private static TSIG key(JsonObject settings) {
        Name keyName = name("keyName", text(settings, "keyName"));
        byte[] secret = secret(settings);
        String algorithm = settings.containsKey("keyAlgorithm") ? text(settings, "keyAlgorithm") : "hmac-sha256";
        if (!ALGORITHMS.containsKey(algorithm)) {
            throw rejected("keyAlgorithm", algorithm, "one of " + String.join(", ", ALGORITHMS.keySet()));
        }
        return new TSIG(ALGORITHMS.get(algorithm), keyName, secret);
    }

    private static byte[] secret(JsonObject settings) {
        String allowed = "Setting 'keySecret' must be the Base64 of at least " + MIN_SECRET_BYTES
                + " bytes, as tsig-keygen prints it";
        if (!(settings.get("keySecret") instanceof JsonString text)) {
            throw new IllegalArgumentException(allowed);
        }
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(text.getString());
        } catch (IllegalArgumentException notBase64) {
            // without the cause: its message quotes characters of the secret
            throw new IllegalArgumentException(allowed);
        }
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(allowed);
        }
        return secret;
    }

    private static List<DnsServer> nameservers(JsonObject settings) {
        List<DnsServer> servers = new ArrayList<>();
        if (settings.containsKey("nameservers")) {
            String allowed = "a list of one or more servers as host or host:port";
            if (!(settings.get("nameservers") instanceof JsonArray list) || list.isEmpty()) {
                throw rejected("nameservers", settings.get("nameservers"), allowed);
            }
            for (JsonValue value : list) {
                if (!(value instanceof JsonString text)) {
                    throw rejected("nameservers", value, allowed);
                }
                servers.add(server("nameservers", text.getString()));
            }
        }
        return List.copyOf(servers);
    }

    private static int ttl(JsonObject settings) {
        if (!settings.containsKey("ttl")) {
            return 60;
        }
        if (settings.get("ttl") instanceof JsonNumber number && number.isIntegral()
                && number.longValue() >= 1 && number.longValue() <= MAX_TTL) {
            return number.intValue();
        }
        throw rejected("ttl", settings.get("ttl"), "a whole number of seconds from 1 to " + MAX_TTL);
    }

    private static String text(JsonObject settings, String name) {
        if (!settings.containsKey(name)) {
            throw new IllegalArgumentException("Setting '" + name + "' is missing");
        }
        if (settings.get(name) instanceof JsonString text && !text.getString().isBlank()) {
            return text.getString().strip();
        }
        throw rejected(name, settings.get(name), "a text that is not empty");
    }

    private static DnsServer server(String setting, String text) {
        try {
            return DnsServer.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Setting '" + setting + "': " + e.getMessage(), e);
        }
    }

    private static Name name(String setting, String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw rejected(setting, text, "a DNS name");
        }
    }

    private static IllegalArgumentException rejected(String setting, Object value, String allowed) {
        return new IllegalArgumentException("Setting '" + setting + "' is " + value + ": allowed is " + allowed);
    }
}
