package certservice.acme;

import certservice.domain.DomainName;
import certservice.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeProtocolException;

/** What the CA has decided about the names of one order (RFC 8555 section 7.1.4), and what is told of it. */
final class Authorizations {

    private static final Duration LAST_PAUSE = Duration.ofMillis(1600);

    private final Order order;
    private final List<DomainName> names;
    private final Exchanges exchanges;
    private final AcmeFailures failures;
    private final Map<DomainName, NameStatus> told = new HashMap<>();
    private List<Authorization> undecided = List.of();

    Authorizations(Order order, List<DomainName> names, Exchanges exchanges, AcmeFailures failures) {
        this.order = order;
        this.names = names;
        this.exchanges = exchanges;
        this.failures = failures;
    }

    /** Fetches all, and tells what the CA has decided; the rest is returned. */
    List<Authorization> undecided(Progress progress) {
        undecided = undecided(fetched(order.getAuthorizations()), progress);
        return undecided;
    }

    /** Fetches those that were undecided, and tells what the CA has decided meanwhile. */
    void lookAgain(Progress progress) {
        undecided = undecided(fetched(undecided), progress);
    }

    private List<Authorization> fetched(List<Authorization> some) {
        return exchanges.inParallel(some, exchanges::fetch);
    }

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

    /** @throws AcmeProtocolException if it is about a name that is not in the order */
    DomainName nameOf(Authorization authorization) {
        String base = authorization.getIdentifier().getDomain();
        String text = authorization.isWildcard() ? "*." + base : base;
        return names.stream().filter(name -> name.toString().equals(text)).findFirst().orElseThrow(() ->
                new AcmeProtocolException("An authorization for " + text + ", which is not in the order"));
    }

    /** The CA has proven every name. */
    void tellAllValid(Progress progress) {
        names.forEach(name -> tell(progress, name, NameStatus.VALID, List.of()));
    }

    /** Each status of a name is told once. */
    void tell(Progress progress, DomainName name, NameStatus status, List<Problem> problems) {
        if (told.put(name, status) != status) {
            progress.reached(name, status, problems);
        }
    }

    /** The errors of the failed challenges, else of the order. */
    List<Problem> whyInvalid(Progress progress) {
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
        List<Authorization> all = fetched(order.getAuthorizations());
        for (Duration pause = Exchanges.FIRST_PAUSE; isUndecided(all) && pause.compareTo(LAST_PAUSE) <= 0
                && exchanges.left().compareTo(Exchanges.LONGEST_PAUSE) > 0; pause = pause.multipliedBy(2)) {
            exchanges.pause(pause);
            all = fetched(all);
        }
        return all;
    }

    private static boolean isUndecided(List<Authorization> all) {
        return all.stream().anyMatch(authorization -> authorization.getStatus() == Status.PENDING);
    }
}
