package certservice.order;

import certservice.acme.AcmeOrder;
import certservice.acme.CertificateAuthorities;
import certservice.problem.Failure;
import certservice.problem.Outage;
import certservice.problem.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One order being worked on, in two halves: until it is ready, and until its certificate is here. */
final class OrderRun {

    private static final Logger LOG = System.getLogger(OrderRun.class.getName());

    /** How long a database may be away before an order is given up: as long as a restart or a failover takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long PAUSE_MILLIS = 500;

    private final OrderPlan plan;
    private final Instant deadline;
    private final Orders orders;
    private final CertificateAuthorities authorities;
    private final Clock clock;
    private final Instant begun;
    private CertificateOrder order;
    private AcmeOrder atCa;

    OrderRun(OrderPlan plan, Instant deadline, Orders orders, CertificateAuthorities authorities, Clock clock) {
        this.plan = plan;
        this.deadline = deadline;
        this.orders = orders;
        this.authorities = authorities;
        this.clock = clock;
        this.begun = clock.instant();
    }

    /** Places the order and proves its names. */
    OrderRun authorize() {
        order = orders.add(new CertificateOrder(plan, begun));
        return orFail(() -> {
            atCa = authorities.of(plan.environment()).newOrder(plan.names(), plan.profile(), deadline);
            order.placed(atCa.url(), clock.instant());
            order = saved();
            atCa.authorize(plan.toProve());
            order.authorized(clock.instant());
            order = saved();
            return this;
        });
    }

    /** Finalizes the order and fetches the certificate, leaf first. */
    List<X509Certificate> complete() {
        return orFail(() -> {
            byte[] csr = await(plan.csr());
            order.finalizing(csr, clock.instant());
            order = saved();
            atCa.finalizeWith(csr);
            List<X509Certificate> chain = atCa.download();
            order.issued(chain, clock.instant());
            saveIssued();
            LOG.log(Level.INFO, "Request {0}: certificate {1} for {2} from {3} after {4} ms", plan.requestId(),
                    chain.get(0).getSerialNumber().toString(16), plan.names(), plan.environment(),
                    Duration.between(begun, clock.instant()).toMillis());
            return chain;
        });
    }

    /** Another order of the same request failed before this one was finalized. */
    void abandon() {
        if (order != null && order.status() == OrderStatus.READY) {
            end(List.of());
        }
    }

    /** The order's state in the database. What it took to get here is dear: a database that comes back is awaited. */
    private CertificateOrder saved() {
        Instant giveUp = clock.instant().plus(PATIENCE);
        Failure outage;
        try {
            return orders.save(order);
        } catch (RuntimeException e) {
            outage = Outage.in(e).orElseThrow(() -> e);
        }
        LOG.log(Level.WARNING, "Request {0}: the database did not save the order as {1}, tried again for {2} s: {3}",
                plan.requestId(), order.status(), PATIENCE.toSeconds(), Outage.summary(outage));
        while (clock.instant().isBefore(giveUp)) {
            pause(outage);
            try {
                return orders.saveAgain(order);
            } catch (RuntimeException e) {
                outage = Outage.in(e).orElseThrow(() -> e);
            }
        }
        throw outage;
    }

    private static void pause(Failure outage) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw outage;
        }
    }

    /** The certificate is there and paid for: its caller gets it, whatever the database says. */
    private void saveIssued() {
        try {
            order = saved();
        } catch (Failure outage) {
            LOG.log(Level.ERROR, "Request {0}: the certificate goes to its caller, but its order stays FINALIZING in"
                    + " the database, which failed: {1}", plan.requestId(), Outage.summary(outage));
        }
    }

    private interface Half<T> {
        T run();
    }

    private <T> T orFail(Half<T> half) {
        try {
            return half.run();
        } catch (Failure failure) {
            LOG.log(Level.WARNING, "Request {0}: no certificate for {1} from {2}: {3}; cause: {4}", plan.requestId(),
                    plan.names(), plan.environment(), failure.problems(), causes(failure));
            end(failure.problems());
            throw failure;
        } catch (RuntimeException unforeseen) {
            LOG.log(Level.ERROR, "Request " + plan.requestId() + ": no certificate for " + plan.names() + " from "
                    + plan.environment(), unforeseen);
            end(List.of());
            throw unforeseen;
        }
    }

    /**
     * An order that failed is not asked about again, and what failed it must not be hidden by the database. Saved once:
     * a database that is away has been awaited before.
     */
    private void end(List<Problem> problems) {
        try {
            order.failed(problems, clock.instant());
            order = orders.saveAgain(order);
        } catch (RuntimeException e) {
            if (Outage.isIn(e)) {
                LOG.log(Level.WARNING, "Request {0}: the order has failed, but the database does not know: {1}",
                        plan.requestId(), Outage.summary(e));
            } else {
                LOG.log(Level.ERROR, "Request " + plan.requestId() + ": its failure could not be saved", e);
            }
        }
    }

    /** To the last one: the first often says no more than "Network error". */
    private static String causes(Failure failure) {
        return Stream.iterate(failure.getCause(), Objects::nonNull, Throwable::getCause)
                .map(Throwable::toString).collect(Collectors.joining("; caused by "));
    }

    private byte[] await(Future<byte[]> csr) {
        try {
            return csr.get();
        } catch (ExecutionException | CancellationException e) {
            throw new IllegalStateException("The private key could not be made", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unavailable("The service is stopping", Duration.ofSeconds(30), e);
        }
    }
}
