package certservice.order;

import certservice.domain.DomainName;
import certservice.domain.NameToProve;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How far one name of an order is.
 *
 * @param name   the name, and how it is proven
 * @param status as RFC 8555 section 7.1.6 names those of a challenge: {@code pending}, {@code processing},
 *               {@code valid} or {@code invalid}
 * @param detail for people; may be empty
 */
public record NameProgress(NameToProve name, String status, String detail) {

    static final String PENDING = "pending";
    static final String VALID = "valid";

    private static final int LONGEST_DETAIL = 200;

    public NameProgress {
        Objects.requireNonNull(name);
        Objects.requireNonNull(status);
        Objects.requireNonNull(detail);
    }

    static NameProgress pending(NameToProve name) {
        return new NameProgress(name, PENDING, "");
    }

    NameProgress reached(String next, String why) {
        String cut = why.substring(0, Math.min(why.length(), LONGEST_DETAIL));
        return new NameProgress(name, next, cut.replace('\0', ' '));
    }

    static String write(Collection<NameProgress> all) {
        JsonArrayBuilder json = Json.createArrayBuilder();
        for (NameProgress each : all) {
            JsonObjectBuilder one = Json.createObjectBuilder().add("name", each.name.name().toString())
                    .add("challenge", each.name.challenge())
                    .add("status", each.status).add("detail", each.detail);
            each.name.provider().ifPresent(provider -> one.add("provider", provider));
            json.add(one);
        }
        return json.build().toString();
    }

    static List<NameProgress> read(String column) {
        try (JsonReader reader = Json.createReader(new StringReader(column))) {
            return reader.readArray().getValuesAs(JsonObject.class).stream().map(NameProgress::read).toList();
        }
    }

    private static NameProgress read(JsonObject json) {
        NameToProve name = new NameToProve(DomainName.of(json.getString("name")), json.getString("challenge"),
                Optional.ofNullable(json.getString("provider", null)));
        return new NameProgress(name, json.getString("status"), json.getString("detail"));
    }
}
