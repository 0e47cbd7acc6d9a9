package certservice.order;

import jakarta.persistence.Column;
import jakarta.persistence.MappedSuperclass;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * The certificate of a {@link CertificateOrder}: which one it replaces; when it is issued, what it is; and what becomes
 * of it. {@link Certificates} looks after its renewal and revocation.
 */
@MappedSuperclass
public abstract class OrderedCertificate {

    /** The CA has better things to do while it issues. */
    private static final Duration FIRST_RENEWAL_CHECK = Duration.ofSeconds(20);

    private String replaces;

    @Column(nullable = false)
    private boolean renewal;

    private String chain;

    private String serial;

    private OffsetDateTime issued;

    private OffsetDateTime expires;

    @Column(name = "renew_at")
    private OffsetDateTime renewAt;

    @Column(name = "renewal_checked")
    private OffsetDateTime renewalChecked;

    @Column(name = "renewal_check")
    private OffsetDateTime renewalCheck;

    private OffsetDateTime revoked;

    @Column(nullable = false)
    private boolean replaced;

    protected OrderedCertificate() {
        // for JPA
    }

    /** As {@link CertificateOrder#placed}. */
    void replacing(Optional<CertificateOrder> old, Instant now) {
        replaces = old.map(CertificateOrder::id).orElse(null);
        renewal = old.filter(order -> order.isDueAt(now)).isPresent();
    }

    /** The order whose certificate this one replaces. */
    Optional<String> replaces() {
        return Optional.ofNullable(replaces);
    }

    /** Whether it replaces a certificate that was due, for which the CA lifts its limits. */
    boolean isRenewal() {
        return renewal;
    }

    /** As {@link CertificateOrder#issued}. */
    void certified(List<X509Certificate> certificates, Instant renewalMoment, Instant now) {
        X509Certificate leaf = certificates.get(0);
        chain = Chain.write(certificates);
        serial = Chain.serial(leaf);
        issued = now.atOffset(ZoneOffset.UTC);
        expires = leaf.getNotAfter().toInstant().atOffset(ZoneOffset.UTC);
        renewAt = renewalMoment.atOffset(ZoneOffset.UTC);
        renewalCheck = now.plus(FIRST_RENEWAL_CHECK).atOffset(ZoneOffset.UTC);
    }

    /** Leaf first; empty as long as there is none. */
    public List<X509Certificate> chain() {
        return Chain.read(chain);
    }

    /** Upper-case hexadecimal digits, two for each byte. */
    public String serial() {
        return serial;
    }

    public Instant issuedAt() {
        return issued.toInstant();
    }

    /** The certificate's end ({@code notAfter}). */
    public Instant expiresAt() {
        return expires.toInstant();
    }

    /** When the certificate should be renewed (RFC 9773). */
    public Instant renewAt() {
        return renewAt.toInstant();
    }

    public boolean isRevoked() {
        return revoked != null;
    }

    /** The certificate's status: {@code valid}, {@code expired} or {@code revoked}. */
    public String certificateStatus(Instant now) {
        return isRevoked() ? "revoked" : now.isAfter(expiresAt()) ? "expired" : "valid";
    }

    /** Whether a newer certificate has taken its place. */
    public boolean isReplaced() {
        return replaced;
    }

    boolean isDueAt(Instant moment) {
        return !moment.isBefore(renewAt());
    }

    /** Whether it can be handed out instead of a new one. */
    boolean isFreshAt(Instant moment) {
        return !isRevoked() && !isDueAt(moment);
    }
}
