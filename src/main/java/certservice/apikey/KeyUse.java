package certservice.apikey;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** How a key was used on one day (UTC). Without a version: it is counted by updates, past {@link ApiKey}. */
@Entity
@Table(name = "api_key_use")
public class KeyUse {

    @Id
    private String id;

    @Column(name = "api_key_id", nullable = false)
    private String apiKeyId;

    @Column(name = "used_on", nullable = false)
    private LocalDate usedOn;

    @Column(nullable = false)
    private int requests;

    @Column(name = "last_used", nullable = false)
    private OffsetDateTime lastUsed;

    protected KeyUse() {
        // for JPA
    }

    KeyUse(String apiKeyId, LocalDate day, int requests, Instant lastUsed) {
        this.id = id(apiKeyId, day);
        this.apiKeyId = apiKeyId;
        this.usedOn = day;
        this.requests = requests;
        this.lastUsed = lastUsed.atOffset(ZoneOffset.UTC);
    }

    static String id(String apiKeyId, LocalDate day) {
        return apiKeyId + " " + day;
    }

    static LocalDate day(Instant moment) {
        return LocalDate.ofInstant(moment, ZoneOffset.UTC);
    }

    public String apiKeyId() {
        return apiKeyId;
    }

    /** Of that day; those that led to new orders. */
    public int requestsOn(LocalDate day) {
        return usedOn.equals(day) ? requests : 0;
    }

    public Instant lastUsed() {
        return lastUsed.toInstant();
    }
}
