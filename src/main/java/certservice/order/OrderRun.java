package certservice.order;

import certservice.acme.AcmeOrder;
import certservice.acme.CertificateAuthorities;
import certservice.acme.CertificateAuthority;
import certservice.acme.NameStatus;
import certservice.acme.Progress;
import certservice.acme.RenewalWindow;
import certservice.domain.DomainName;
import certservice.problem.Failure;
import certservice.problem.Outage;
import certservice.problem.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One order being worked on, in two halves: until it is ready, and until its certificate is here. It begins where the
 * order is, also where a node that died has left it.
 */
final class OrderRun implements Progress {

    private static final Logger LOG = System.getLogger(OrderRun.class.getName());

    /** How often an order is placed, if those before turn out to be another request's. */
    private static final int ATTEMPTS = 3;

    private final BatchRun batch;
    private final HeldOrders orders;
    private final CertificateAuthorities authorities;
    private final Clock clock;
    private final Instant begun;
    private final Proofs proofs;
    private final Patience patience;
    private CertificateOrder order;
    private AcmeOrder atCa;

    OrderRun(CertificateOrder order, BatchRun batch, HeldOrders orders, CertificateAuthorities authorities,
             Clock clock) {
        this.order = order;
        this.batch = batch;
        this.orders = orders;
        this.authorities = authorities;
        this.clock = clock;
        this.begun = clock.instant();
        this.proofs = new Proofs(batch.validations(), order.requestId());
        this.patience = new Patience(clock);
    }

    CertificateOrder order() {
        return order;
    }

    /** Places the order, or finds it again, and proves its names. */
    OrderRun authorize() {
        return orFail(() -> {
            if (order.status() == OrderStatus.ISSUED) {
                return this;
            }
            if (order.status() == OrderStatus.FAILED) {
                order.beginAgain(clock.instant());
            }
            Optional<URL> left = order.url();
            if (left.isEmpty() || !continueAt(left.get())) {
                placeAndProve();
            }
            return this;
        });
    }

    /**
     * Places an order, and proves its names. Boulder gives an order that is not proven yet to the next request of our
     * account for the same names: if that one's end was the order's too, another is placed.
     */
    private void placeAndProve() {
        place();
        try {
            prove();
        } catch (Failure failure) {
            if (!atCa.isInvalid() || !batch.certificates().isShared(order)) {
                throw failure;
            }
            LOG.log(Level.INFO, "Request {0}: another request had the same order for {1} and has spoilt it, so another"
                    + " is placed: {2}", order.requestId(), order.names(), failure.problems());
            order.beginAgain(clock.instant());
            place();
            prove();
        }
    }

    private void place() {
        CertificateAuthority ca = authorities.of(order.environment());
        Optional<CertificateOrder> old = batch.certificates().predecessor(order.environment(), order.names(),
                clock.instant());
        atCa = ca.newOrder(order.names(), order.profile(), old.map(each -> each.chain().get(0)), batch.placing(),
                batch.deadline());
        order.placed(atCa.url(), old, clock.instant());
        save();
    }

    private void prove() {
        try {
            atCa.authorize(order.toProve(), this);
        } finally {
            proofs.putDown(clock.instant());
        }
        if (order.status() == OrderStatus.AUTHORIZING) {
            order.authorized(clock.instant());
            save();
        }
    }

    /** Only callers who come back for the result see it; so it is saved for them alone. */
    @Override
    public void reached(DomainName name, NameStatus status, List<Problem> problems) {
        order.reached(name, status.name().toLowerCase(Locale.ROOT),
                problems.stream().map(Problem::detail).collect(Collectors.joining("; ")));
        proofs.reached(name, status, problems);
        if (status == NameStatus.INVALID) {
            count(name);
        }
        if (isWatched() && order.status() == OrderStatus.AUTHORIZING) {
            save();
        }
    }

    private void count(DomainName failed) {
        try {
            batch.limits().failed(order.environment(), failed, clock.instant());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Request {0}: a failed validation was not counted for the CA''s limits: {1}",
                    order.requestId(), Outage.isIn(e) ? Outage.summary(e) : e.toString());
        }
    }

    @Override
    public boolean isWatched() {
        return batch.isWatched();
    }

    /**
     * Goes on with an order that a dead node has left at the CA.
     *
     * @return whether it can still become a certificate; a challenge that failed since nobody answered it can't
     */
    private boolean continueAt(URL url) {
        LOG.log(Level.INFO, "Request {0}: going on with the order for {1}, which was left {2}", order.requestId(),
                order.names(), order.status());
        try {
            atCa = authorities.of(order.environment()).resume(url, order.names(), batch.deadline());
            prove();
            return true;
        } catch (Failure failure) {
            if (BatchRun.mayPass(failure) || order.status() == OrderStatus.FINALIZING && !isOver(failure)) {
                throw failure;
            }
            LOG.log(Level.INFO, "Request {0}: the CA has given the order for {1} up, so another is placed: {2}",
                    order.requestId(), order.names(), failure.problems());
            order.beginAgain(clock.instant());
            return false;
        } finally {
            if (atCa != null) {
                atCa.withdrawLeftovers(order.toProve());
            }
        }
    }

    private boolean isOver(Failure failure) {
        return atCa != null && atCa.isInvalid()
                || failure.problems().stream().anyMatch(problem -> problem.type().endsWith(":orderGone"));
    }

    /** Finalizes the order and fetches the certificate. */
    CertificateOrder complete() {
        return orFail(() -> {
            if (order.status() == OrderStatus.ISSUED) {
                return issuedEarlier();
            }
            List<X509Certificate> chain = finish();
            for (int attempt = 1; attempt < ATTEMPTS && !order.isFor(chain.get(0)); attempt++) {
                LOG.log(Level.INFO, "Request {0}: another request had the same order for {1} and was quicker, so"
                        + " another is placed", order.requestId(), order.names());
                order.beginAgain(clock.instant());
                placeAndProve();
                chain = finish();
            }
            requireOurKey(chain);
            order.issued(chain, RenewalWindow.byLifeOf(chain.get(0)).randomMoment(ThreadLocalRandom.current()),
                    clock.instant());
            saveIssued();
            count();
            LOG.log(Level.INFO, "Request {0}: certificate {1} for {2} from {3} after {4} ms", order.requestId(),
                    order.serial(), order.names(), order.environment(),
                    Duration.between(begun, clock.instant()).toMillis());
            return order;
        });
    }

    /** The certificate, which is for another key if another request has finalized the same order before us. */
    private List<X509Certificate> finish() {
        if (order.status() == OrderStatus.READY) {
            order.finalizing(clock.instant());
            save();
        }
        atCa.finalizeWith(order.csr());
        return atCa.download();
    }

    private CertificateOrder issuedEarlier() {
        Ending ending = batch.ending(order);
        Supplier<CertificateOrder> end = () -> orders.issuedEarlier(order, batch.lease(), ending);
        order = patience.saved(order, end, end);
        if (order.isRevoked()) {
            throw Failure.noCertificate(Problem.own(order.names().get(0).toString(), "certificateRevoked",
                    "The certificate was revoked while others of the request were not issued yet",
                    "Send the request again"), null);
        }
        return order;
    }

    private void requireOurKey(List<X509Certificate> chain) {
        if (!order.isFor(chain.get(0))) {
            LOG.log(Level.ERROR, "Request {0}: the CA''s certificate for {1} is for another key", order.requestId(),
                    order.names());
            throw Failure.noCertificate(Problem.own(order.names().get(0).toString(), "wrongCertificate",
                    "The CA's certificate is for another key",
                    "Send the request again; if it stays so, tell the operator of this service"), null);
        }
    }

    private void save() {
        order = patience.saved(order, () -> orders.save(order, batch.lease()),
                () -> orders.saveAgain(order, batch.lease()));
    }

    /** The certificate is there and paid for: its caller gets it, whatever the database says. */
    private void saveIssued() {
        Ending ending = batch.ending(order);
        try {
            order = patience.saved(order, () -> orders.issued(order, batch.lease(), ending),
                    () -> orders.issuedAgain(order, batch.lease(), ending));
        } catch (LeaseLost lost) {
            throw lost;
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "Request {0}: the certificate goes to its caller, but its order stays FINALIZING in"
                    + " the database, which failed: {1}", order.requestId(),
                    Outage.isIn(e) ? Outage.summary(e) : e.toString());
        }
    }

    /** What is counted must not stand in the way of what is issued. */
    private void count() {
        try {
            batch.limits().issued(order.environment(), order.names(), order.isRenewal(), order.issuedAt());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Request {0}: the certificate was not counted for the CA''s limits: {1}",
                    order.requestId(), Outage.isIn(e) ? Outage.summary(e) : e.toString());
        }
    }

    private <T> T orFail(Supplier<T> half) {
        try {
            return half.get();
        } catch (LeaseLost lost) {
            throw lost;
        } catch (Failure failure) {
            LOG.log(Level.WARNING, "Request {0}: no certificate for {1} from {2}: {3}; cause: {4}", order.requestId(),
                    order.names(), order.environment(), failure.problems(), causes(failure));
            end(failure);
            throw failure;
        } catch (RuntimeException unforeseen) {
            LOG.log(Level.ERROR, "Request " + order.requestId() + ": no certificate for " + order.names() + " from "
                    + order.environment(), unforeseen);
            throw unforeseen;
        }
    }

    /** An order that failed for good says why; whatever the database says to that, the caller hears of the failure. */
    private void end(Failure failure) {
        if (failure.problems().isEmpty() || order.status() == OrderStatus.ISSUED
                || order.status() == OrderStatus.FINALIZING && BatchRun.mayPass(failure)) {
            return;
        }
        try {
            order.failed(failure.problems(), clock.instant());
            order = orders.saveAgain(order, batch.lease());
        } catch (LeaseLost lost) {
            throw lost;
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Request {0}: the order has failed, but the database does not know: {1}",
                    order.requestId(), Outage.isIn(e) ? Outage.summary(e) : e.toString());
        }
    }

    /** To the last one: the first often says no more than "Network error". */
    private static String causes(Failure failure) {
        return Stream.iterate(failure.getCause(), Objects::nonNull, Throwable::getCause)
                .map(Throwable::toString).collect(Collectors.joining("; caused by "));
    }
}
