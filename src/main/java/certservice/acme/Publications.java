package certservice.acme;

import certservice.challenge.Proof;
import certservice.challenge.Solver;
import certservice.challenge.Solvers;
import certservice.domain.NameToProve;
import certservice.problem.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.TokenChallenge;

/** The proofs of one order, with the solvers that publish and withdraw them. */
record Publications(List<Publication> all) {

    /** All proofs of the order that one solver publishes. */
    private record Publication(Solver solver, List<Proof> proofs) {
    }

    static Publications of(Collection<Proof> proofs, Solvers solvers) {
        Map<String, List<Proof>> byType = proofs.stream().collect(Collectors.groupingBy(Proof::type));
        return new Publications(byType.entrySet().stream()
                .map(each -> new Publication(solvers.of(each.getKey()), each.getValue())).toList());
    }

    /** What the CA wants to see for this name. */
    static Proof proof(NameToProve name, Challenge challenge) {
        String token = challenge.getJSON().get("token").asString();
        String value = challenge instanceof Dns01Challenge dns ? dns.getDigest()
                : ((TokenChallenge) challenge).getAuthorization();
        return new Proof(name.name(), challenge.getType(), name.provider().orElse(null), token, value);
    }

    void present() {
        all.forEach(each -> each.solver().present(each.proofs()));
    }

    /** Returns when the CA will see them. */
    void awaitVisible(Instant deadline) {
        try {
            for (Publication each : all) {
                each.solver().await(each.proofs(), deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unavailable("The service is stopping", Duration.ofSeconds(30), e);
        }
    }

    void withdraw() {
        all.forEach(each -> each.solver().withdraw(each.proofs()));
    }
}
