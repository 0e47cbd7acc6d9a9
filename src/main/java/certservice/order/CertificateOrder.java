package certservice.order;

import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.problem.Problem;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.net.URL;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** One certificate's way, as far as it got. Nothing in it is secret: the private key is not here. */
@Entity
@Table(name = "certificate_order")
public class CertificateOrder {

    private static final int MAX_PROBLEMS = 100_000;

    @Id
    private String id;

    @Column(name = "request_id", nullable = false)
    private String requestId;

    @Column(name = "api_key_id", nullable = false)
    private String apiKeyId;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private Environment environment;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private Profile profile;

    @Column(name = "key_type", nullable = false)
    private String keyType;

    @Column(nullable = false)
    private String names;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private OrderStatus status;

    @Column(name = "order_url")
    private String orderUrl;

    private String csr;

    private String chain;

    private String problems;

    @Column(nullable = false)
    private OffsetDateTime created;

    @Column(nullable = false)
    private OffsetDateTime updated;

    @Version
    private long version;

    protected CertificateOrder() {
        // for JPA
    }

    /** A new order as it was asked for. */
    CertificateOrder(OrderPlan plan, Instant now) {
        this.id = UUID.randomUUID().toString();
        this.requestId = plan.requestId();
        this.apiKeyId = plan.apiKeyId();
        this.environment = plan.environment();
        this.profile = plan.profile();
        this.keyType = plan.keyType();
        this.names = plan.names().stream().map(DomainName::toString).collect(Collectors.joining(","));
        this.created = now.atOffset(ZoneOffset.UTC);
        enter(OrderStatus.NEW, now);
    }

    /** The CA has taken the order and keeps it at this URL. */
    void placed(URL url, Instant now) {
        orderUrl = url.toString();
        enter(OrderStatus.AUTHORIZING, now);
    }

    /** Every name is proven. */
    void authorized(Instant now) {
        enter(OrderStatus.READY, now);
    }

    /** This CSR (PKCS#10, DER) is what the CA gets next. */
    void finalizing(byte[] request, Instant now) {
        csr = Base64.getEncoder().encodeToString(request);
        enter(OrderStatus.FINALIZING, now);
    }

    /** The CA has issued: leaf first, then what it sent with it. */
    void issued(List<X509Certificate> certificates, Instant now) {
        chain = certificates.stream().map(CertificateOrder::base64).collect(Collectors.joining(","));
        enter(OrderStatus.ISSUED, now);
    }

    /**
     * There will be no certificate. What the CA said about it, in which it may quote callers' servers, is kept as far
     * as the database takes it: without NUL characters and up to the column's length.
     */
    void failed(List<Problem> causes, Instant now) {
        String all = causes.stream()
                .map(cause -> cause.domain() + " " + cause.type() + " " + cause.detail())
                .collect(Collectors.joining("\n")).replace('\0', ' ');
        problems = all.substring(0, Math.min(all.length(), MAX_PROBLEMS));
        enter(OrderStatus.FAILED, now);
    }

    private void enter(OrderStatus next, Instant now) {
        status = next;
        updated = now.atOffset(ZoneOffset.UTC);
    }

    private static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("The CA's certificate can't be encoded", e);
        }
    }

    /** Whether this is the row that the other one was saved as. */
    boolean isAsFarAs(CertificateOrder other) {
        return status == other.status && version == other.version + 1;
    }

    String id() {
        return id;
    }

    OrderStatus status() {
        return status;
    }
}
