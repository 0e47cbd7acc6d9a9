package certservice.issuance;

import certservice.apikey.ApiKeys;
import certservice.apikey.Caller;
import certservice.domain.Domain;
import certservice.domain.DomainName;
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
import java.util.LinkedHashMap;
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
        Map<DomainName, Domain> permitted = permitted(caller, request.domains());
        return issue(caller, request, requestId, List.of(permitted)).thenApply(issued -> issued.get(0));
    }

    /** One certificate for each name of the request, in the request's order; otherwise as {@link #issueOne}. */
    public CompletionStage<List<IssuedCertificate>> issueEach(Caller caller, CertificateRequest request,
                                                              String requestId) {
        List<Map<DomainName, Domain>> each = new ArrayList<>();
        permitted(caller, request.domains()).forEach((name, domain) -> each.add(Map.of(name, domain)));
        return issue(caller, request, requestId, each);
    }

    /** How each name is proven: as the closest of the key's domains that permit it says. */
    private Map<DomainName, Domain> permitted(Caller caller, List<DomainName> names) {
        Map<DomainName, Domain> associated = apiKeys.associated(caller, names).stream()
                .collect(Collectors.toMap(Domain::name, Function.identity(), (same, again) -> same));
        Map<DomainName, Domain> permitted = new LinkedHashMap<>();
        for (DomainName name : names) {
            Domain closest = name.associations().stream().map(associated::get)
                    .filter(domain -> domain != null && domain.permits(name))
                    .findFirst().orElseThrow(Failure::unauthorized);
            permitted.put(name, closest);
        }
        requireProvable(permitted);
        return permitted;
    }

    /** What no CA will validate is not ordered. */
    private static void requireProvable(Map<DomainName, Domain> permitted) {
        List<Problem> problems = permitted.entrySet().stream()
                .filter(each -> !each.getValue().canProve(each.getKey()))
                .map(each -> Problem.own(each.getKey().toString(), "challengeNotOffered",
                        "The domain " + each.getValue().name() + " is set up for " + each.getValue().challenge()
                                + ", which can't prove a wildcard",
                        "The operator of this service must set up dns-01 for this domain"))
                .toList();
        if (!problems.isEmpty()) {
            throw Failure.noCertificate(problems);
        }
    }

    private CompletionStage<List<IssuedCertificate>> issue(Caller caller, CertificateRequest request,
                                                           String requestId, List<Map<DomainName, Domain>> nameSets) {
        List<CompletableFuture<KeyPair>> keys = Stream.generate(() -> keyMaker.make(request.keyType()))
                .limit(nameSets.size()).toList();
        List<OrderPlan> plans = new ArrayList<>();
        for (int i = 0; i < nameSets.size(); i++) {
            List<DomainName> names = List.copyOf(nameSets.get(i).keySet());
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
                    plan.domains().keySet());
            throw Failure.noCertificate(Problem.own(plan.domains().keySet().iterator().next().toString(),
                    "wrongCertificate", "The CA's certificate is for another key",
                    "Send the request again; if it stays so, tell the operator of this service"), null);
        }
        return new IssuedCertificate(plan.domains().keySet().iterator().next(), key.getPrivate(), chain);
    }
}
