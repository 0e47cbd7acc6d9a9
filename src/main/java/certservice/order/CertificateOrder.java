package certservice.order;

import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.NameToProve;
import certservice.domain.Profile;
import certservice.problem.Problem;
import certservice.settings.MasterKey;
import certservice.settings.SealingKey;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One certificate's way, as far as it got. The private key is sealed so that only its caller can read it, and erased as
 * soon as the caller has it.
 */
@Entity
@Table(name = "certificate_order")
public class CertificateOrder extends OrderedCertificate {

    @Id
    private String id;

    @Column(name = "batch_id")
    private String batchId;

    @Column(name = "number_in_batch", nullable = false)
    private int numberInBatch;

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

    @Column(name = "name_set")
    private String nameSet;

    private String progress;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private OrderStatus status;

    @Column(name = "order_url")
    private String orderUrl;

    private String csr;

    @Column(name = "public_key")
    private String publicKey;

    @Column(name = "sealed_private_key")
    private String sealedPrivateKey;

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

    /**
     * A new order as it was asked for.
     *
     * @param number which certificate of the plan it is for, from 0
     */
    CertificateOrder(BatchPlan plan, String batchId, int number, KeyAndCsr key, MasterKey masterKey, Instant now) {
        List<NameToProve> toProve = plan.certificates().get(number);
        this.id = UUID.randomUUID().toString();
        this.batchId = batchId;
        this.numberInBatch = number;
        this.requestId = plan.requestId();
        this.apiKeyId = plan.apiKeyId();
        this.environment = plan.environment();
        this.profile = plan.profile();
        this.keyType = plan.keyType();
        this.names = toProve.stream().map(each -> each.name().toString()).collect(Collectors.joining(","));
        this.nameSet = NameSet.hash(toProve.stream().map(NameToProve::name).toList());
        this.progress = NameProgress.write(toProve.stream().map(NameProgress::pending).toList());
        take(plan, key, masterKey);
        this.created = now.atOffset(ZoneOffset.UTC);
        enter(OrderStatus.NEW, now);
    }

    private String purpose() {
        return "certificate-order:" + id;
    }

    /**
     * The CA has taken the order and keeps it at this URL.
     *
     * @param old the order whose certificate this one replaces
     */
    void placed(URL url, Optional<CertificateOrder> old, Instant now) {
        orderUrl = url.toString();
        replacing(old, now);
        enter(OrderStatus.AUTHORIZING, now);
    }

    /** The CA's order can't become a certificate any more, but another one can. */
    void beginAgain(Instant now) {
        orderUrl = null;
        progress = NameProgress.write(progress().stream().map(each -> NameProgress.pending(each.name())).toList());
        enter(OrderStatus.NEW, now);
    }

    /** Another attempt, with another key, unless the certificate is there already. */
    void orderAnew(BatchPlan plan, KeyAndCsr key, MasterKey masterKey, Instant now) {
        if (status != OrderStatus.ISSUED) {
            requestId = plan.requestId();
            take(plan, key, masterKey);
            tryAgain(now);
        }
    }

    /** Whether it has all that another attempt needs, also if it needs none. */
    boolean canBeTriedAgain() {
        return status == OrderStatus.ISSUED ? !isRevoked() : csr != null;
    }

    /** Another attempt, with the same key, unless the certificate is there already. */
    void tryAgain(Instant now) {
        if (status != OrderStatus.ISSUED) {
            problems = null;
            beginAgain(now);
        }
    }

    private void take(BatchPlan plan, KeyAndCsr key, MasterKey masterKey) {
        csr = Base64.getEncoder().encodeToString(key.csr());
        publicKey = Base64.getEncoder().encodeToString(key.publicKey());
        sealedPrivateKey = key.privateKey()
                .map(clear -> Sealing.seal(masterKey, plan.callerKey(), purpose(), clear)).orElse(null);
    }

    /** Every name is proven. */
    void authorized(Instant now) {
        progress = NameProgress.write(progress().stream().map(each -> each.reached(NameProgress.VALID, "")).toList());
        enter(OrderStatus.READY, now);
    }

    /** How far one name is; the order's own state stays. */
    void reached(DomainName name, String nameStatus, String detail) {
        progress = NameProgress.write(progress().stream()
                .map(each -> each.name().name().equals(name) ? each.reached(nameStatus, detail) : each).toList());
    }

    /** The CA gets the CSR next. */
    void finalizing(Instant now) {
        enter(OrderStatus.FINALIZING, now);
    }

    /**
     * The CA has issued.
     *
     * @param certificates leaf first, then what the CA sent with it
     * @param renewal      when it should be renewed, as far as that is known without asking the CA
     */
    void issued(List<X509Certificate> certificates, Instant renewal, Instant now) {
        certified(certificates, renewal, now);
        enter(OrderStatus.ISSUED, now);
    }

    /** There will be no certificate. What the CA said about it is kept as far as the database takes it. */
    void failed(List<Problem> causes, Instant now) {
        problems = Problems.text(causes);
        enter(OrderStatus.FAILED, now);
    }

    private void enter(OrderStatus next, Instant now) {
        status = next;
        updated = now.atOffset(ZoneOffset.UTC);
    }

    /** Whether this is the row that the other one was saved as. */
    boolean isAsFarAs(CertificateOrder other) {
        return status == other.status && version == other.version + 1;
    }

    public String id() {
        return id;
    }

    /** Of the key that asked for it. */
    public String apiKeyId() {
        return apiKeyId;
    }

    public String batchId() {
        return batchId;
    }

    String requestId() {
        return requestId;
    }

    OrderStatus status() {
        return status;
    }

    public Environment environment() {
        return environment;
    }

    public Profile profile() {
        return profile;
    }

    /** Of the private key, also if that stays with the caller. */
    public String keyType() {
        return keyType;
    }

    /** In the certificate's order. */
    public List<DomainName> names() {
        return List.of(names.split(",")).stream().map(DomainName::of).toList();
    }

    /** What it is found by. */
    OrderSummary summary() {
        return new OrderSummary(id, batchId, environment, names);
    }

    String nameSet() {
        return nameSet;
    }

    public List<NameProgress> progress() {
        return NameProgress.read(progress);
    }

    List<NameToProve> toProve() {
        return progress().stream().map(NameProgress::name).toList();
    }

    Optional<URL> url() {
        try {
            return orderUrl == null ? Optional.empty() : Optional.of(URI.create(orderUrl).toURL());
        } catch (MalformedURLException e) {
            throw new IllegalStateException("Not a URL: " + orderUrl, e);
        }
    }

    byte[] csr() {
        return Base64.getDecoder().decode(csr);
    }

    /** Whether the certificate is for the key that we have. */
    boolean isFor(X509Certificate leaf) {
        return Base64.getEncoder().encodeToString(leaf.getPublicKey().getEncoded()).equals(publicKey);
    }

    /** PKCS#8, DER; empty if it was erased, stays with the caller, or was sealed with other keys. */
    public Optional<byte[]> privateKey(MasterKey masterKey, SealingKey callerKey) {
        return Optional.ofNullable(sealedPrivateKey)
                .flatMap(sealed -> Sealing.open(masterKey, callerKey, purpose(), sealed));
    }

    /** Whether this caller can have what was issued; its private key, if it is here, must open for it. */
    boolean isFor(MasterKey masterKey, SealingKey callerKey) {
        return !isRevoked() && (sealedPrivateKey == null || privateKey(masterKey, callerKey).isPresent());
    }

    public boolean isReady() {
        return status == OrderStatus.READY;
    }
}
