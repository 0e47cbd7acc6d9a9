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

    /** Whether {@link #configure} would change nothing. Settings that can't be opened are others. */
    boolean isConfigured(String otherType, JsonObject otherSettings, MasterKey masterKey) {
        try {
            return type.equals(otherType) && settings(masterKey).equals(otherSettings);
        } catch (IllegalStateException sealedUnderAnotherKey) {
            return false;
        }
    }

    public String name() {
        return name;
    }

    /** The {@link DnsProviderKind}. */
    public String type() {
        return type;
    }

    /** Changes with every change of the provider. */
    public long version() {
        return version;
    }

    /** Whether the other one is the same account with the same settings; also one of that name that came later. */
    boolean isAs(DnsProvider other) {
        return type.equals(other.type) && sealedSettings.equals(other.sealedSettings);
    }

    private String purpose() {
        return "dns-provider:" + name;
    }
}
