package certservice.challenge;

import certservice.settings.MasterKey;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;

/** An account at a DNS server or service that may publish dns-01 proofs. Its settings hold secrets: they are sealed. */
@Entity
@Table(name = "dns_provider")
public class DnsProvider {

    @Id
    private String name;

    @Column(nullable = false)
    private String type;

    @Column(name = "sealed_settings", nullable = false)
    private String sealedSettings;

    @Version
    private long version;

    protected DnsProvider() {
        // for JPA
    }

    /** @param type the {@link DnsProviderKind}, such as {@code rfc2136} */
    public DnsProvider(String name, String type, JsonObject settings, MasterKey masterKey) {
        this.name = name;
        configure(type, settings, masterKey);
    }

    /** Changes the account; orders that are under way keep the one they began with. */
    public final void configure(String type, JsonObject settings, MasterKey masterKey) {
        this.type = type;
        this.sealedSettings = masterKey.seal(purpose(), settings.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The settings in the clear; they hold secrets. */
    JsonObject settings(MasterKey masterKey) {
        String clear = new String(masterKey.open(purpose(), sealedSettings), StandardCharsets.UTF_8);
        try (JsonReader reader = Json.createReader(new StringReader(clear))) {
            return reader.readObject();
        }
    }

    String type() {
        return type;
    }

    /** Grows with every change. */
    long version() {
        return version;
    }

    private String purpose() {
        return "dns-provider:" + name;
    }
}
