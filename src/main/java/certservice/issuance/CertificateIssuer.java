package certservice.issuance;

import certservice.apikey.ApiKeys;
import certservice.apikey.Caller;
import certservice.apikey.KeyUsage;
import certservice.apikey.Refusal;
import certservice.apikey.Refusals;
import certservice.domain.Domain;
import certservice.domain.DomainName;
import certservice.domain.NameToProve;
import certservice.domain.Profile;
import certservice.order.BatchPlan;
import certservice.order.CertificateOrder;
import certservice.order.Idempotency;
import certservice.order.KeyAndCsr;
import certservice.order.OrderEngine;
import certservice.order.StoredBatch;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.MasterKey;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns an authenticated request into keys, CSRs and orders, and what became of the orders into certificates. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class CertificateIssuer {

    /** How often the result of an earlier request may be fetched by somebody else before we have read it. */
    private static final int ATTEMPTS = 3;

    @Inject
    ApiKeys apiKeys;

    @Inject
    KeyUsage usage;

    @Inject
    Refusals refusals;

    @Inject
    KeyMaker keyMaker;

    @Inject
    OrderEngine orders;

    @Inject
    MasterKey masterKey;

    /**
     * A request that was let in.
     *
     * @param requestId   for the log
     * @param idempotency by what the caller repeats it
     * @param later       whether the caller fetches the result later
     */
    record Commission(Caller caller, Endpoint endpoint, CertificateRequest request, String requestId,
                      Optional<Idempotency> idempotency, boolean later) {
    }

    /**
     * Orders what the request asks for, unless that was ordered already.
     *
     * @return the id under which the orders are stored, as soon as nothing can be lost any more
     * @throws Failure 401 if the caller's key does not permit every name, or its policy forbids the rest; all later
     *                 failures are in the future, among them a 401 if the key has made all its requests of the day
     */
    public CompletableFuture<String> order(Commission commission) {
        CertificateRequest request = commission.request();
        List<DomainName> names = request.csr().map(CallerCsr::names).orElse(request.domains());
        List<NameToProve> permitted = permitted(commission, request.domains()).stream()
                .filter(each -> names.contains(each.name())).toList();
        commission.caller().policy().refusalOf(request.environment(), request.profile()).ifPresent(refusal -> {
            throw refused(commission, refusal, request.domains());
        });
        BatchPlan plan = plan(commission, permitted);
        AtomicBoolean counted = new AtomicBoolean();
        return orders.enter(plan, () -> {
            requireProvable(permitted);
            if (!counted.getAndSet(true)) {
                count(commission);
            }
        }, () -> keys(request, plan));
    }

    /** A request that gets what an earlier one has ordered does not come here. */
    private void count(Commission commission) {
        usage.request(commission.caller(), Instant.now()).ifPresent(refusal -> {
            throw refused(commission, refusal, commission.request().domains());
        });
    }

    private Failure refused(Commission commission, Refusal refusal, List<DomainName> names) {
        return refusals.refuse(refusal, names, commission.requestId(), commission.caller());
    }

    /** Orders it and waits for the result; the failures are those of {@link #order} and of the orders. */
    public CompletableFuture<Issuance> issue(Commission commission) {
        return issue(commission, 1);
    }

    private CompletableFuture<Issuance> issue(Commission commission, int attempt) {
        return order(commission)
                .thenCompose(id -> orders.outcome(id).thenCompose(stored -> issuance(commission, stored)
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> again(commission, id, attempt))));
    }

    /** Somebody else was quicker, or it can't be opened any more. */
    private CompletableFuture<Issuance> again(Commission commission, String batchId, int attempt) {
        if (attempt == ATTEMPTS || commission.idempotency().isPresent()) {
            return CompletableFuture.failedFuture(erased());
        }
        orders.forget(batchId);
        return issue(commission, attempt + 1);
    }

    private static Failure erased() {
        return Failure.noCertificate(List.of(Problem.own(null, "resultErased",
                "The result of this request is not kept any more, or was sealed with another key",
                "Send the request as a new one, with another Idempotency-Key if it had one")));
    }

    private Optional<Issuance> issuance(Commission commission, StoredBatch stored) {
        return certificates(commission.caller(), stored, commission.request().csr().isPresent())
                .map(certificates -> new Issuance(stored.batch().id(), certificates));
    }

    /** The certificates of a batch that was issued; empty if one is revoked, or its private key not there any more. */
    public Optional<List<IssuedCertificate>> certificates(Caller caller, StoredBatch stored, boolean callersKeys) {
        List<IssuedCertificate> all = new ArrayList<>();
        for (CertificateOrder order : stored.orders()) {
            Optional<PrivateKey> key = order.privateKey(masterKey, caller.sealingKey())
                    .map(pkcs8 -> KeyType.valueOf(order.keyType()).read(pkcs8));
            if (key.isEmpty() && !callersKeys || order.isRevoked()) {
                return Optional.empty();
            }
            all.add(new IssuedCertificate(order.names().get(0), key.orElse(null), order.chain()));
        }
        return Optional.of(all);
    }

    private static BatchPlan plan(Commission commission, List<NameToProve> names) {
        CertificateRequest request = commission.request();
        Endpoint endpoint = commission.endpoint();
        return new BatchPlan(commission.caller().origin(commission.requestId()), commission.caller().keyId(),
                commission.caller().sealingKey(), endpoint.toString(), request.environment(), request.profile(),
                request.keyType().name(),
                endpoint.certificates(names, request.csr().isPresent()), request.fingerprint(endpoint.toString()),
                request.reuse(), commission.idempotency(),
                commission.later() ? Optional.of(Rendering.of(endpoint, request).toBytes()) : Optional.empty());
    }

    private CompletableFuture<List<KeyAndCsr>> keys(CertificateRequest request, BatchPlan plan) {
        if (request.csr().isPresent()) {
            return CompletableFuture.completedFuture(List.of(keyAndCsr(request.csr().get())));
        }
        boolean commonName = request.profile() == Profile.CLASSIC;
        List<CompletableFuture<KeyAndCsr>> all = plan.names().stream()
                .map(names -> keyMaker.make(request.keyType()).thenApply(key -> keyAndCsr(key, names, commonName)))
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
    }

    private static KeyAndCsr keyAndCsr(KeyPair key, List<DomainName> names, boolean commonName) {
        return new KeyAndCsr(Csr.of(key, names, commonName), key.getPublic().getEncoded(),
                Optional.of(key.getPrivate().getEncoded()));
    }

    private static KeyAndCsr keyAndCsr(CallerCsr csr) {
        return new KeyAndCsr(csr.der(), Csr.publicKey(csr.der()), Optional.empty());
    }

    /** How each name is proven: as the closest of the key's domains that permit it says. */
    private List<NameToProve> permitted(Commission commission, List<DomainName> names) {
        Map<DomainName, Domain> associated = apiKeys.associated(commission.caller(), names).stream()
                .collect(Collectors.toMap(Domain::name, Function.identity(), (same, again) -> same));
        List<NameToProve> permitted = new ArrayList<>();
        List<DomainName> refused = new ArrayList<>();
        for (DomainName name : names) {
            name.associations().stream().map(associated::get)
                    .filter(domain -> domain != null && domain.permits(name)).findFirst()
                    .ifPresentOrElse(closest -> permitted.add(closest.toProve(name)), () -> refused.add(name));
        }
        if (!refused.isEmpty()) {
            throw refused(commission, new Refusal(Refusal.Reason.DOMAIN, "the key is not for these names"), refused);
        }
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
}
