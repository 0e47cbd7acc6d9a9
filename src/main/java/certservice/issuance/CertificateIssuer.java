package certservice.issuance;

import certservice.apikey.ApiKeys;
import certservice.apikey.Caller;
import certservice.domain.Domain;
import certservice.domain.DomainName;
import certservice.domain.NameToProve;
import certservice.domain.Profile;
import certservice.order.OrderEngine;
import certservice.order.OrderPlan;
import certservice.problem.Failure;
import certservice.problem.Problem;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns an authenticated request into keys, CSRs and orders, and the orders' chains into certificates. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class CertificateIssuer {

    private static final Logger LOG = System.getLogger(CertificateIssuer.class.getName());

    @Inject
    ApiKeys apiKeys;

    @Inject
    KeyMaker keyMaker;

    @Inject
    OrderEngine orders;

    /**
     * One certificate for all names of the request.
     *
     * @param requestId for the log
     * @throws Failure 401 if the caller's key does not permit every name; all later failures are in the stage
     */
    public CompletionStage<IssuedCertificate> issueOne(Caller caller, CertificateRequest request, String requestId) {
        List<NameToProve> permitted = permitted(caller, request.domains());
        return issue(caller, request, requestId, List.of(permitted)).thenApply(issued -> issued.get(0));
    }

    /** One certificate for each name of the request, in the request's order; otherwise as {@link #issueOne}. */
    public CompletionStage<List<IssuedCertificate>> issueEach(Caller caller, CertificateRequest request,
                                                              String requestId) {
        return issue(caller, request, requestId, permitted(caller, request.domains()).stream().map(List::of).toList());
    }

    /** How each name is proven: as the closest of the key's domains that permit it says. */
    private List<NameToProve> permitted(Caller caller, List<DomainName> names) {
        Map<DomainName, Domain> associated = apiKeys.associated(caller, names).stream()
                .collect(Collectors.toMap(Domain::name, Function.identity(), (same, again) -> same));
        List<NameToProve> permitted = new ArrayList<>();
        for (DomainName name : names) {
            Domain closest = name.associations().stream().map(associated::get)
                    .filter(domain -> domain != null && domain.permits(name))
                    .findFirst().orElseThrow(Failure::unauthorized);
            permitted.add(closest.toProve(name));
        }
        requireProvable(permitted);
        return permitted;
    }

    /** What no CA will validate is not ordered. */
    private static void requireProvable(List<NameToProve> permitted) {
        List<Problem> problems = permitted.stream()
                .filter(each -> !each.canBeProven())
                .map(each -> Problem.own(each.name().toString(), "challengeNotOffered",
                        "The domain of this name is set up for " + each.challenge()
                                + ", which can't prove a wildcard",
                        "The operator of this service must set up dns-01 for this domain"))
                .toList();
        if (!problems.isEmpty()) {
            throw Failure.noCertificate(problems);
        }
    }

    private CompletionStage<List<IssuedCertificate>> issue(Caller caller, CertificateRequest request,
                                                           String requestId, List<List<NameToProve>> nameSets) {
        List<CompletableFuture<KeyPair>> keys = Stream.generate(() -> keyMaker.make(request.keyType()))
                .limit(nameSets.size()).toList();
        List<OrderPlan> plans = new ArrayList<>();
        for (int i = 0; i < nameSets.size(); i++) {
            List<DomainName> names = nameSets.get(i).stream().map(NameToProve::name).toList();
            plans.add(new OrderPlan(requestId, caller.keyId(), request.environment(), request.profile(),
                    request.keyType().name(), nameSets.get(i),
                    keys.get(i).thenApply(key -> Csr.of(key, names, request.profile() == Profile.CLASSIC))));
        }
        return orders.issue(plans).thenApply(chains -> {
            List<IssuedCertificate> issued = new ArrayList<>();
            for (int i = 0; i < chains.size(); i++) {
                issued.add(issued(plans.get(i), keys.get(i).join(), chains.get(i)));
            }
            return issued;
        });
    }

    private static IssuedCertificate issued(OrderPlan plan, KeyPair key, List<X509Certificate> chain) {
        if (!chain.get(0).getPublicKey().equals(key.getPublic())) {
            LOG.log(Level.ERROR, "Request {0}: the CA's certificate for {1} is for another key", plan.requestId(),
                    plan.names());
            throw Failure.noCertificate(Problem.own(plan.names().get(0).toString(),
                    "wrongCertificate", "The CA's certificate is for another key",
                    "Send the request again; if it stays so, tell the operator of this service"), null);
        }
        return new IssuedCertificate(plan.names().get(0), key.getPrivate(), chain);
    }
}
