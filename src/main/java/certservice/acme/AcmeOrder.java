package certservice.acme;

import certservice.challenge.Proof;
import certservice.challenge.Solvers;
import certservice.domain.DomainName;
import certservice.domain.NameToProve;
import certservice.problem.Failure;
import certservice.problem.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeServerException;

/**
 * One order at the CA (RFC 8555 section 7.4), from its authorizations to its certificate. For N names these are
 * 2N + 5 requests at least: the order; N authorizations and N challenges, up to {@link NoncePool#SIZE} of them at
 * once; one poll; finalize; one poll; the certificate.
 *
 * <p>Each step looks first at what the CA has, and does what is missing. So an order that
 * {@link CertificateAuthority#resume} took over from a node that died goes the same way as one that is new, whatever
 * that node had done: published proofs, triggered challenges, sent the CSR.
 *
 * <p>Used by one thread at a time. Every method throws {@link Failure} if the CA says no, or if the deadline passes.
 */
public final class AcmeOrder {

    private static final Logger LOG = System.getLogger(AcmeOrder.class.getName());

    private final Order order;
    private final List<DomainName> names;
    private final Solvers solvers;
    private final Exchanges exchanges;
    private final Authorizations authorizations;
    private final AcmeFailures failures;
    private final Instant deadline;

    AcmeOrder(Order order, List<DomainName> names, Solvers solvers, Retries retries, AcmeFailures failures,
              Executor executor, Instant deadline) {
        this.order = order;
        this.names = names;
        this.solvers = solvers;
        this.exchanges = new Exchanges(retries, executor);
        this.authorizations = new Authorizations(order, names, exchanges, failures);
        this.failures = failures;
        this.deadline = deadline;
    }

    /** Where the CA keeps it. */
    public URL url() {
        return order.getLocation();
    }

    /** As {@link #authorize(Collection, Progress)}, while nobody wants to know how far it is. */
    public void authorize(Collection<NameToProve> toProve) {
        authorize(toProve, Progress.IGNORED);
    }

    /**
     * Proves every name that is not proven yet, until the order is ready to be finalized.
     *
     * @param toProve  how each of the order's names is proven
     * @param progress is told how far each name is
     */
    public void authorize(Collection<NameToProve> toProve, Progress progress) {
        understood(() -> {
            switch (order.getStatus()) {
                case READY, PROCESSING, VALID -> authorizations.tellAllValid(progress);
                case INVALID -> throw Failure.noCertificate(authorizations.whyInvalid(progress));
                default -> prove(toProve, progress);
            }
            return null;
        });
    }

    private void prove(Collection<NameToProve> toProve, Progress progress) {
        List<Step> steps = steps(authorizations.undecided(progress), toProve);
        Publications publications = Publications.of(steps.stream().map(Step::proof).toList(), solvers);
        try {
            publications.present();
            publications.awaitVisible(deadline);
            exchanges.inParallel(steps, this::trigger);
            steps.forEach(step -> authorizations.tell(progress, step.proof().domain(), NameStatus.PROCESSING,
                    List.of()));
            awaitStatus(EnumSet.of(Status.READY, Status.PROCESSING, Status.VALID), progress);
            authorizations.tellAllValid(progress);
        } finally {
            publications.withdraw();
        }
    }

    /**
     * Withdraws the proofs that a node which died may have left behind: those of all names, proven by now or not. What
     * it had published is not stored anywhere, but follows from the CA's challenges and our account's key. To be
     * called when the order has ended, or at least is ready: until then the CA may still look.
     *
     * <p>Nothing is thrown: what can't be found out or withdrawn is logged.
     *
     * @param toProve how each of the order's names was to be proven
     */
    public void withdrawLeftovers(Collection<NameToProve> toProve) {
        try {
            Map<DomainName, NameToProve> byName = byName(toProve);
            List<Proof> proofs = exchanges.inParallel(order.getAuthorizations(), each -> leftover(each, byName))
                    .stream().flatMap(Optional::stream).toList();
            Publications.of(proofs, solvers).withdraw();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Proofs of the order " + this + " may stay published", e);
        }
    }

    /** Empty if there was none, or if the CA does not show its challenge any more. */
    private Optional<Proof> leftover(Authorization authorization, Map<DomainName, NameToProve> byName) {
        try {
            exchanges.fetch(authorization);
            return Optional.ofNullable(byName.get(authorizations.nameOf(authorization))).flatMap(name ->
                    authorization.findChallenge(name.challenge())
                            .map(challenge -> Publications.proof(name, challenge)));
        } catch (Failure | AcmeProtocolException e) {
            LOG.log(Level.WARNING, "A proof of the order {0} may stay published, since the CA does not show {1}: {2}",
                    this, authorization.getLocation(), e.getCause() == null ? e : e.getCause());
            return Optional.empty();
        }
    }

    /**
     * Hands the CSR over, unless that was done before, and waits until the certificate is there.
     *
     * @param csr PKCS#10, DER, for exactly the order's names
     */
    public void finalizeWith(byte[] csr) {
        understood(() -> {
            switch (order.getStatus()) {
                case VALID -> {
                    return null;
                }
                case INVALID -> throw Failure.noCertificate(authorizations.whyInvalid(Progress.IGNORED));
                case PROCESSING -> {
                    // the CSR is there already
                }
                default -> exchanges.call(() -> {
                    execute(csr);
                    return null;
                });
            }
            awaitStatus(EnumSet.of(Status.VALID), Progress.IGNORED);
            return null;
        });
    }

    /** {@code orderNotReady} of an order that was ready means that an attempt whose answer was lost has done it. */
    private void execute(byte[] csr) throws AcmeException {
        try {
            order.execute(csr);
        } catch (AcmeServerException e) {
            if (!"orderNotReady".equals(Hints.name(e.getType())) || isStillPending()) {
                throw e;
            }
        }
    }

    private boolean isStillPending() throws AcmeException {
        order.fetch();
        return order.getStatus() == Status.PENDING;
    }

    /** Whether the CA has given the order up, as far as it has told us: there is no certificate, and will be none. */
    public boolean isInvalid() {
        try {
            return order.getStatus() == Status.INVALID;
        } catch (AcmeProtocolException | AcmeLazyLoadingException notUnderstood) {
            return false;
        }
    }

    /** The certificate and every intermediate that the CA sent, leaf first. */
    public List<X509Certificate> download() {
        Certificate certificate = exchanges.call(order::getCertificate);
        return exchanges.call(() -> {
            certificate.download();
            return certificate.getCertificateChain();
        });
    }

    /** acme4j looks into a document when a field is asked for; what is missing there is the CA's nonsense as well. */
    private <T> T understood(Supplier<T> work) {
        try {
            return work.get();
        } catch (AcmeProtocolException | AcmeLazyLoadingException e) {
            throw failures.of(e);
        }
    }

    /** One name that is to be proven: the CA's challenge, and what we publish for it. */
    private record Step(Challenge challenge, Proof proof) {
    }

    private static Map<DomainName, NameToProve> byName(Collection<NameToProve> toProve) {
        return toProve.stream().collect(Collectors.toMap(NameToProve::name, Function.identity()));
    }

    private List<Step> steps(List<Authorization> pending, Collection<NameToProve> toProve) {
        Map<DomainName, NameToProve> byName = byName(toProve);
        List<Step> steps = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Authorization authorization : pending) {
            NameToProve name = byName.get(authorizations.nameOf(authorization));
            authorization.findChallenge(name.challenge()).ifPresentOrElse(
                    challenge -> steps.add(new Step(challenge, Publications.proof(name, challenge))),
                    () -> problems.add(notOffered(name, authorization)));
        }
        if (!problems.isEmpty()) {
            throw Failure.noCertificate(problems);
        }
        return steps;
    }

    private static Problem notOffered(NameToProve name, Authorization authorization) {
        List<String> offered = authorization.getChallenges().stream().map(Challenge::getType).toList();
        return Problem.own(name.name().toString(), "challengeNotOffered",
                "The CA offers no " + name.challenge() + " for this name, only " + String.join(", ", offered),
                "The operator of this service must choose another challenge for the domain of this name"
                        + (name.name().isWildcard() ? "; wildcards need dns-01" : ""));
    }

    private Challenge trigger(Step step) {
        Challenge challenge = step.challenge();
        return exchanges.call(() -> triggered(challenge), () -> {
            challenge.fetch();
            return triggered(challenge);
        });
    }

    /**
     * The CA takes a challenge's trigger once, and answers a second one with {@code malformed}: the first may be from
     * a node that has died since, or its answer was lost.
     */
    private static Challenge triggered(Challenge challenge) throws AcmeException {
        if (challenge.getStatus() == Status.PENDING) {
            try {
                challenge.trigger();
            } catch (AcmeServerException e) {
                if (!"malformed".equals(Hints.name(e.getType())) || isStillPending(challenge)) {
                    throw e;
                }
            }
        }
        return challenge;
    }

    private static boolean isStillPending(Challenge challenge) throws AcmeException {
        challenge.fetch();
        return challenge.getStatus() == Status.PENDING;
    }

    /**
     * Polls the order itself, not its authorizations: one request for all names. Only while somebody watches the
     * progress, the authorizations are asked for too.
     */
    private void awaitStatus(Set<Status> wanted, Progress progress) {
        exchanges.poll(order::fetch, () -> {
            if (wanted.contains(order.getStatus())) {
                return true;
            }
            if (order.getStatus() == Status.INVALID) {
                throw Failure.noCertificate(authorizations.whyInvalid(progress));
            }
            if (progress.isWatched()) {
                authorizations.lookAgain(progress);
            }
            return false;
        });
    }

    @Override
    public String toString() {
        return url() + " " + names;
    }
}
