package certservice.acme;

import certservice.challenge.Proof;
import certservice.challenge.Solver;
import certservice.challenge.Solvers;
import certservice.domain.DomainName;
import certservice.domain.NameToProve;
import certservice.problem.Failure;
import certservice.problem.Problem;
import java.net.URL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
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
 * <p>Used by one thread at a time. Every method throws {@link Failure} if the CA says no, or if the deadline passes.
 */
public final class AcmeOrder {

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

    /**
     * Proves every name that is not proven yet, until the order is ready to be finalized.
     *
     * @param toProve how each of the order's names is proven
     */
    public void authorize(Collection<NameToProve> toProve) {
        understood(() -> {
            prove(toProve);
            return null;
        });
    }

    private void prove(Collection<NameToProve> toProve) {
        if (order.getStatus() == Status.READY || order.getStatus() == Status.VALID) {
            return;
        }
        List<Authorization> pending = inParallel(order.getAuthorizations(), this::fetch).stream()
                .filter(authorization -> authorization.getStatus() == Status.PENDING).toList();
        List<Step> steps = steps(pending, toProve);
        List<Publication> publications = publications(steps);
        try {
            publications.forEach(Publication::present);
            awaitVisible(publications);
            inParallel(steps, this::trigger);
            awaitStatus(EnumSet.of(Status.READY, Status.VALID));
        } finally {
            publications.forEach(Publication::withdraw);
        }
    }

    /**
     * Hands the CSR over and waits until the certificate is there.
     *
     * @param csr PKCS#10, DER, for exactly the order's names
     */
    public void finalizeWith(byte[] csr) {
        understood(() -> {
            if (order.getStatus() != Status.VALID) {
                retries.call(() -> {
                    execute(csr);
                    return null;
                });
                awaitStatus(EnumSet.of(Status.VALID));
            }
            return null;
        });
    }

    /** {@code orderNotReady} means that an earlier attempt, whose answer was lost, has done it. */
    private void execute(byte[] csr) throws AcmeException {
        try {
            order.execute(csr);
        } catch (AcmeServerException e) {
            if (!"orderNotReady".equals(Hints.name(e.getType()))) {
                throw e;
            }
        }
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

    private List<Step> steps(List<Authorization> pending, Collection<NameToProve> toProve) {
        Map<DomainName, NameToProve> byName = toProve.stream()
                .collect(Collectors.toMap(NameToProve::name, Function.identity()));
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

    private List<Publication> publications(Collection<Step> steps) {
        Map<String, List<Proof>> byType = steps.stream().map(Step::proof).collect(Collectors.groupingBy(Proof::type));
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

    /** A trigger whose answer was lost may have reached the CA, which refuses a second one. */
    private Challenge trigger(Step step) {
        Challenge challenge = step.challenge();
        return retries.call(() -> {
            challenge.trigger();
            return challenge;
        }, () -> {
            challenge.fetch();
            if (challenge.getStatus() == Status.PENDING) {
                challenge.trigger();
            }
            return challenge;
        });
    }

    /** Polls the order itself, not its authorizations: one request for all names. */
    private void awaitStatus(Set<Status> wanted) {
        Duration pause = FIRST_PAUSE;
        while (true) {
            retries.pause(pause);
            Optional<Instant> retryAfter = retries.call(order::fetch);
            Status status = order.getStatus();
            if (wanted.contains(status)) {
                return;
            }
            if (status == Status.INVALID) {
                throw Failure.noCertificate(whyInvalid());
            }
            Duration grown = pause.multipliedBy(3).dividedBy(2);
            pause = retryAfter.map(retries::until).filter(asked -> asked.compareTo(grown) > 0)
                    .orElse(grown.compareTo(LONGEST_PAUSE) < 0 ? grown : LONGEST_PAUSE);
        }
    }

    /** The errors of the failed challenges, else of the order. */
    private List<Problem> whyInvalid() {
        List<Problem> problems = new ArrayList<>();
        for (Authorization authorization : decided()) {
            if (authorization.getStatus() == Status.INVALID) {
                DomainName name = nameOf(authorization);
                authorization.getChallenges().stream().flatMap(challenge -> challenge.getError().stream())
                        .forEach(error -> problems.addAll(failures.problems(error, name)));
            }
        }
        if (problems.isEmpty()) {
            order.getError().ifPresentOrElse(error -> problems.addAll(failures.problems(error, null)),
                    () -> problems.add(failures.unexplained()));
        }
        return problems;
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
