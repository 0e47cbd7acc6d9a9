package certservice.apikey;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** How many keys that open nothing came from one address since its window began. Counted by updates only. */
@Entity
@Table(name = "guess")
public class Guess {

    @Id
    private String address;

    @Column(name = "window_start", nullable = false)
    private OffsetDateTime windowStart;

    @Column(nullable = false)
    private long guesses;

    protected Guess() {
        // for JPA
    }

    Guess(String address, Instant windowStart) {
        this.address = address;
        this.windowStart = windowStart.atOffset(ZoneOffset.UTC);
        this.guesses = 1;
    }

    String address() {
        return address;
    }

    Instant windowStart() {
        return windowStart.toInstant();
    }

    long guesses() {
        return guesses;
    }
}
