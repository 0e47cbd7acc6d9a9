package certservice.challenge;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** A published http-01 proof (RFC 8555 section 8.3). It is in the database so that any node can answer the CA. */
@Entity
@Table(name = "http_challenge")
public class HttpChallenge {

    @Id
    private String token;

    @Column(name = "key_authorization", nullable = false)
    private String keyAuthorization;

    @Column(nullable = false)
    private OffsetDateTime expires;

    protected HttpChallenge() {
        // for JPA
    }

    /** @param expires when it is removed even if nobody withdraws it, since the node that placed it died */
    HttpChallenge(String token, String keyAuthorization, Instant expires) {
        this.token = token;
        this.keyAuthorization = keyAuthorization;
        this.expires = expires.atOffset(ZoneOffset.UTC);
    }

    String keyAuthorization() {
        return keyAuthorization;
    }
}
