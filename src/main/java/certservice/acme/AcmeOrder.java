package certservice.acme;

import certservice.challenge.Proof;
import certservice.challenge.Solver;
import certservice.challenge.Solvers;
import certservice.domain.DomainName;
import certservice.domain.NameToProve;
import certservice.problem.Failure;
import certservice.problem.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.TokenChallenge;
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
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LAST_PAUSE = Duration.ofMillis(1600);

    private final Order order;
    private final List<DomainName> names;
    private final Solvers solvers;
    private final Retries retries;
    private final AcmeFailures failures;
    private final Executor exchanges;
    private final Instant deadline;
    private final Map<DomainName, NameStatus> told = new HashMap<>();

    AcmeOrder(Order order, List<DomainName> names, Solvers solvers, Retries retries, AcmeFailures failures,
              Executor exchanges, Instant deadline) {
        this.order = order;
        this.names = names;
        this.solvers = solvers;
        this.retries = retries;
        this.failures = failures;
        this.exchanges = exchanges;
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
                case READY, PROCESSING, VALID -> tellAllValid(progress);
                case INVALID -> throw Failure.noCertificate(whyInvalid(progress));
                default -> prove(toProve, progress);
            }
            return null;
        });
    }

    private void prove(Collection<NameToProve> toProve, Progress progress) {
        List<Authorization> all = inParallel(order.getAuthorizations(), this::fetch);
        List<Authorization> pending = undecided(all, progress);
        List<Step> steps = steps(pending, toProve);
        List<Publication> publications = publications(steps.stream().map(Step::proof).toList());
        try {
            publications.forEach(Publication::present);
            awaitVisible(publications);
            inParallel(steps, this::trigger);
            steps.forEach(step -> tell(progress, step.proof().domain(), NameStatus.PROCESSING, List.of()));
            awaitStatus(EnumSet.of(Status.READY, Status.PROCESSING, Status.VALID), pending, progress);
            tellAllValid(progress);
        } finally {
            publications.forEach(Publication::withdraw);
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
            List<Proof> proofs = inParallel(order.getAuthorizations(), each -> leftover(each, byName)).stream()
                    .flatMap(Optional::stream).toList();
            publications(proofs).forEach(Publication::withdraw);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Proofs of the order " + this + " may stay published", e);
        }
    }

    /** Empty if there was none, or if the CA does not show its challenge any more. */
    private Optional<Proof> leftover(Authorization authorization, Map<DomainName, NameToProve> byName) {
        try {
            fetch(authorization);
            return Optional.ofNullable(byName.get(nameOf(authorization))).flatMap(name ->
                    authorization.findChallenge(name.challenge()).map(challenge -> proof(name, challenge)));
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
                case INVALID -> throw Failure.noCertificate(whyInvalid(Progress.IGNORED));
                case PROCESSING -> {
                    // the CSR is there already
                }
                default -> retries.call(() -> {
                    execute(csr);
                    return null;
                });
            }
            awaitStatus(EnumSet.of(Status.VALID), List.of(), Progress.IGNORED);
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
        return order.getStatus() == Status.INVALID;
    }

    /** The certificate and every intermediate that the CA sent, leaf first. */
    public List<X509Certificate> download() {
        Certificate certificate = retries.call(order::getCertificate);
        return retries.call(() -> {
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

    /** All proofs of the order that one solver publishes. */
    private record Publication(Solver solver, List<Proof> proofs) {

        void present() {
            solver.present(proofs);
        }

        void withdraw() {
            solver.withdraw(proofs);
        }
    }

    private Authorization fetch(Authorization authorization) {
        return retries.call(() -> {
            authorization.fetch();
            return authorization;
        });
    }

    private static Map<DomainName, NameToProve> byName(Collection<NameToProve> toProve) {
        return toProve.stream().collect(Collectors.toMap(NameToProve::name, Function.identity()));
    }

    private List<Step> steps(List<Authorization> pending, Collection<NameToProve> toProve) {
        Map<DomainName, NameToProve> byName = byName(toProve);
        List<Step> steps = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Authorization authorization : pending) {
            NameToProve name = byName.get(nameOf(authorization));
            authorization.findChallenge(name.challenge()).ifPresentOrElse(
                    challenge -> steps.add(new Step(challenge, proof(name, challenge))),
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

    private static Proof proof(NameToProve name, Challenge challenge) {
        String token = challenge.getJSON().get("token").asString();
        String value = challenge instanceof Dns01Challenge dns ? dns.getDigest()
                : ((TokenChallenge) challenge).getAuthorization();
        return new Proof(name.name(), challenge.getType(), name.provider().orElse(null), token, value);
    }

    private DomainName nameOf(Authorization authorization) {
        String base = authorization.getIdentifier().getDomain();
        String text = authorization.isWildcard() ? "*." + base : base;
        return names.stream().filter(name -> name.toString().equals(text)).findFirst().orElseThrow(() ->
                new AcmeProtocolException("An authorization for " + text + ", which is not in the order"));
    }

    private List<Publication> publications(Collection<Proof> proofs) {
        Map<String, List<Proof>> byType = proofs.stream().collect(Collectors.groupingBy(Proof::type));
        return byType.entrySet().stream()
                .map(each -> new Publication(solvers.of(each.getKey()), each.getValue())).toList();
    }

    private void awaitVisible(List<Publication> publications) {
        try {
            for (Publication publication : publications) {
                publication.solver().await(publication.proofs(), deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unavailable("The service is stopping", Duration.ofSeconds(30), e);
        }
    }

    private Challenge trigger(Step step) {
        Challenge challenge = step.challenge();
        return retries.call(() -> triggered(challenge), () -> {
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
     *
     * @param undecided the authorizations that the order waits for
     */
    private void awaitStatus(Set<Status> wanted, List<Authorization> undecided, Progress progress) {
        List<Authorization> left = undecided;
        Duration pause = FIRST_PAUSE;
        while (true) {
            retries.pause(pause);
            Optional<Instant> retryAfter = retries.call(order::fetch);
            Status status = order.getStatus();
            if (wanted.contains(status)) {
                return;
            }
            if (status == Status.INVALID) {
                throw Failure.noCertificate(whyInvalid(progress));
            }
            if (progress.isWatched()) {
                left = undecided(inParallel(left, this::fetch), progress);
            }
            Duration grown = pause.multipliedBy(3).dividedBy(2);
            pause = retryAfter.map(retries::until).filter(asked -> asked.compareTo(grown) > 0)
                    .orElse(grown.compareTo(LONGEST_PAUSE) < 0 ? grown : LONGEST_PAUSE);
        }
    }

    /** Tells what the CA has decided; the rest is left. */
    private List<Authorization> undecided(List<Authorization> fetched, Progress progress) {
        List<Authorization> left = new ArrayList<>();
        for (Authorization authorization : fetched) {
            switch (authorization.getStatus()) {
                case PENDING -> left.add(authorization);
                case VALID -> tell(progress, nameOf(authorization), NameStatus.VALID, List.of());
                case INVALID -> tell(progress, nameOf(authorization), NameStatus.INVALID, errors(authorization));
                default -> {
                    // deactivated, expired, revoked: the order becomes invalid, and that says it
                }
            }
        }
        return left;
    }

    private void tellAllValid(Progress progress) {
        names.forEach(name -> tell(progress, name, NameStatus.VALID, List.of()));
    }

    private void tell(Progress progress, DomainName name, NameStatus status, List<Problem> problems) {
        if (told.put(name, status) != status) {
            progress.reached(name, status, problems);
        }
    }

    /** The errors of the failed challenges, else of the order. */
    private List<Problem> whyInvalid(Progress progress) {
        List<Authorization> decided = decided();
        undecided(decided, progress);
        List<Problem> problems = new ArrayList<>();
        decided.stream().filter(authorization -> authorization.getStatus() == Status.INVALID)
                .forEach(authorization -> problems.addAll(errors(authorization)));
        if (problems.isEmpty()) {
            order.getError().ifPresentOrElse(error -> problems.addAll(failures.problems(error, null)),
                    () -> problems.add(failures.unexplained()));
        }
        return problems;
    }

    private List<Problem> errors(Authorization authorization) {
        DomainName name = nameOf(authorization);
        return authorization.getChallenges().stream().flatMap(challenge -> challenge.getError().stream())
                .flatMap(error -> failures.problems(error, name).stream()).toList();
    }

    /**
     * The authorizations, once the CA has decided about each: it gives up the order with the first name that fails,
     * while it still validates others that may fail too, and their owners want to know. That is waited for a moment
     * only: the answer is a failure in any case.
     */
    private List<Authorization> decided() {
        List<Authorization> all = inParallel(order.getAuthorizations(), this::fetch);
        for (Duration pause = FIRST_PAUSE; isUndecided(all) && retries.until(deadline).compareTo(LONGEST_PAUSE) > 0
                && pause.compareTo(LAST_PAUSE) <= 0; pause = pause.multipliedBy(2)) {
            retries.pause(pause);
            all = inParallel(all, this::fetch);
        }
        return all;
    }

    private static boolean isUndecided(List<Authorization> all) {
        return all.stream().anyMatch(authorization -> authorization.getStatus() == Status.PENDING);
    }

    /** Does the same for all, as many at once as the CA may see; fails as the first one that failed. */
    private <A, B> List<B> inParallel(List<A> all, Function<A, B> each) {
        List<CompletableFuture<B>> answers = all.stream()
                .map(one -> CompletableFuture.supplyAsync(() -> each.apply(one), exchanges)).toList();
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
            return answers.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public String toString() {
        return url() + " " + names;
    }
}
