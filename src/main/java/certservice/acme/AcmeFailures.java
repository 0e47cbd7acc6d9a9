package certservice.acme;

import certservice.domain.DomainName;
import certservice.problem.Failure;
import certservice.problem.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** What the CA's errors (RFC 8555 section 6.7) and the way to it become for the caller of one order. */
final class AcmeFailures {

    private static final Logger LOG = System.getLogger(AcmeFailures.class.getName());

    /** A paused name comes without Retry-After; nothing changes before somebody has mended it. */
    private static final Duration UNKNOWN_WAIT = Duration.ofHours(1);

    /** Errors that only the operator of this service, or its authors, can mend. */
    private static final Set<String> OPERATOR = Set.of("accountDoesNotExist", "externalAccountRequired",
            "userActionRequired", "badCSR", "badPublicKey", "malformed", "badSignatureAlgorithm", "unauthorized");

    /** Our own words for a CA that did not answer, or not in time. */
    static final Set<String> PASSING = Set.of("urn:certservice:error:caUnavailable", "urn:certservice:error:timeout");

    private final Clock clock;
    private final List<DomainName> names;

    /** @param names of the order that the errors are about */
    AcmeFailures(Clock clock, List<DomainName> names) {
        this.clock = clock;
        this.names = names;
    }

    /** What the CA said, without what we have put around it. */
    static Throwable answered(Exception thrown) {
        Throwable cause = thrown instanceof AcmeLazyLoadingException ? thrown.getCause() : thrown;
        return cause instanceof UnavailableException || cause instanceof GoneException ? cause.getCause() : cause;
    }

    Failure of(Exception thrown) {
        Throwable answered = answered(thrown);
        if (answered instanceof AcmeRateLimitedException limited) {
            Duration wait = limited.getRetryAfter().map(until -> Duration.between(clock.instant(), until))
                    .filter(duration -> !duration.isNegative()).orElse(UNKNOWN_WAIT);
            return Failure.rateLimited(problems(limited.getProblem(), null), wait, thrown);
        }
        if (answered instanceof AcmeServerException server) {
            alertOperator(server);
            return Failure.noCertificate(problems(server.getProblem(), null), thrown);
        }
        return Failure.noCertificate(Problem.own(onlyName(), "caUnavailable",
                "The CA did not answer, or its answer was not understood",
                "Send the request again later; if it stays so, the operator of this service finds the cause in its"
                        + " log under the request's id"), thrown);
    }

    private static void alertOperator(AcmeServerException server) {
        String type = Hints.name(server.getType());
        if (OPERATOR.contains(type)) {
            LOG.log(Level.ERROR, "The CA refuses this service itself, not a caller''s name: {0}: {1}", type,
                    server.getMessage());
        }
    }

    /** One problem for each name that the CA speaks of in its subproblems (RFC 8555 section 6.7.1). */
    List<Problem> problems(org.shredzone.acme4j.Problem told, DomainName name) {
        List<Problem> all = new ArrayList<>();
        for (org.shredzone.acme4j.Problem sub : told.getSubProblems()) {
            String about = sub.getIdentifier().filter(id -> Identifier.TYPE_DNS.equals(id.getType()))
                    .map(Identifier::getDomain).orElse(name == null ? onlyName() : name.toString());
            all.add(problem(about, type(sub), sub.getDetail()));
        }
        if (all.isEmpty()) {
            all.add(problem(name == null ? onlyName() : name.toString(), type(told), told.getDetail()));
        }
        return all;
    }

    /** The CA keeps an order for some days at least, unless it loses its own state. */
    Failure orderGone(GoneException thrown) {
        return Failure.noCertificate(Problem.own(onlyName(), "orderGone", "The CA does not know the order any more",
                "Send the request again"), thrown);
    }

    /** The order is invalid, and neither it nor an authorization holds an error. */
    Problem unexplained() {
        return Problem.own(onlyName(), "orderInvalid", "The CA has given the order up and does not say why",
                "Send the request again; if it stays so, tell the operator of this service");
    }

    /** A problem without a type is of the type {@code about:blank} (RFC 7807 section 3.1). */
    private static URI type(org.shredzone.acme4j.Problem told) {
        return told.asJSON().contains("type") ? told.getType() : URI.create("about:blank");
    }

    private static Problem problem(String domain, URI type, Optional<String> detail) {
        return new Problem(domain, type.toString(), detail.orElse("The CA gave no detail"),
                Hints.forType(Hints.name(type)));
    }

    /** An order-wide error is about the name if there is only one. */
    private String onlyName() {
        return names.size() == 1 ? names.get(0).toString() : null;
    }
}
