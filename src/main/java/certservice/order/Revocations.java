package certservice.order;

import certservice.acme.CertificateAuthorities;
import certservice.acme.RevocationReason;
import certservice.audit.Origin;
import certservice.problem.Failure;
import certservice.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Revokes certificates at the CA that has issued them. */
@ApplicationScoped
public class Revocations {

    @Inject
    CertificateAuthorities authorities;

    @Inject
    Certificates certificates;

    @Inject
    OrderEngine engine;

    @Inject
    Settings settings;

    /** The reasons that there are, as RFC 5280 section 5.3.1 writes them. */
    public static List<String> reasons() {
        return Arrays.stream(RevocationReason.values()).map(RevocationReason::toString).toList();
    }

    /**
     * Revokes a certificate; one that is revoked already stays so.
     *
     * @param reason one of {@link #reasons}
     * @param by     who wants it
     * @return completed when the CA has done it; exceptionally by the {@link Failure} if it has not
     */
    public CompletableFuture<Void> revoke(CertificateOrder order, String reason, Origin by) {
        Instant deadline = Instant.now().plus(settings.issuanceTimeout());
        RevocationReason why = RevocationReason.named(reason).orElseThrow();
        return engine.work(() -> {
            authorities.of(order.environment()).revoke(order.chain().get(0), why, deadline);
            certificates.revoked(order, by, reason, Instant.now());
        });
    }
}
