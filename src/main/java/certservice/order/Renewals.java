package certservice.order;

import certservice.acme.CertificateAuthorities;
import certservice.problem.Outage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Asks the CAs in the background when certificates should be renewed (RFC 9773), a few at a time. */
final class Renewals {

    private static final Logger LOG = System.getLogger(Renewals.class.getName());
    static final Duration PAUSE = Duration.ofSeconds(5);

    private static final int AT_ONCE = 50;

    private final Certificates certificates;
    private final CertificateAuthorities authorities;
    private final Clock clock;

    Renewals(Certificates certificates, CertificateAuthorities authorities, Clock clock) {
        this.certificates = certificates;
        this.authorities = authorities;
        this.clock = clock;
    }

    void round() {
        try {
            for (CertificateOrder order : certificates.unchecked(clock.instant(), AT_ONCE)) {
                certificates.checked(order.id(), renewal(order), clock.instant());
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "Renewals can''t be looked after at the moment: {0}",
                    Outage.isIn(e) ? Outage.summary(e) : e.toString());
        }
    }

    private Optional<Instant> renewal(CertificateOrder order) {
        List<X509Certificate> chain = order.chain();
        return authorities.of(order.environment()).renewalWindow(chain.get(0))
                .map(window -> window.randomMoment(ThreadLocalRandom.current()));
    }
}
