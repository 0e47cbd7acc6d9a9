package certservice.audit;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.util.Optional;

/** An entry as one line of JSON; {@code docs/audit.md} shows it. Fields without a value are left out. */
final class JsonLine {

    private JsonLine() {
    }

    /** With the line feed. */
    static String of(AuditEntry entry) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("number", entry.number())
                .add("moment", entry.moment().toString())
                .add("node", entry.node())
                .add("action", entry.action())
                .add("outcome", entry.outcome())
                .add("actor", actor(entry));
        add(json, "address", entry.address());
        add(json, "requestId", entry.requestId());
        if (!entry.names().isEmpty()) {
            JsonArrayBuilder names = Json.createArrayBuilder();
            entry.names().forEach(names::add);
            json.add("names", names);
        }
        add(json, "serial", entry.serial());
        add(json, "detail", entry.detail());
        return json.add("previousHash", entry.previousHash()).add("hash", entry.hash()).build() + "\n";
    }

    private static JsonObjectBuilder actor(AuditEntry entry) {
        JsonObjectBuilder actor = Json.createObjectBuilder().add("kind", entry.actorKind());
        add(actor, "id", entry.actorId());
        add(actor, "name", entry.actorName());
        return actor;
    }

    private static void add(JsonObjectBuilder json, String field, Optional<String> value) {
        value.ifPresent(text -> json.add(field, text));
    }
}
