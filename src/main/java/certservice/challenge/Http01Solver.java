package certservice.challenge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Proves control over port 80 (RFC 8555 section 8.3): {@link HttpChallengeServlet} answers what is published here. What
 * counts is the database, which all nodes share; what this node has published itself it keeps in memory, too, since the
 * CA waits a few seconds only, and under load a connection to the database may take longer than that.
 */
@ApplicationScoped
public class Http01Solver implements Solver {

    private static final Logger LOG = System.getLogger(Http01Solver.class.getName());

    @Inject
    HttpChallenges challenges;

    private final Map<String, String> own = new ConcurrentHashMap<>();

    @Override
    public String type() {
        return "http-01";
    }

    @Override
    public void present(Collection<Proof> proofs) {
        challenges.publish(proofs);
        proofs.forEach(proof -> own.put(proof.token(), proof.value()));
    }

    /** What is committed is seen by every node: there is nothing to wait for. */
    @Override
    public void await(Collection<Proof> proofs, Instant deadline) {
        // see above
    }

    @Override
    public void withdraw(Collection<Proof> proofs) {
        proofs.forEach(proof -> own.remove(proof.token()));
        try {
            challenges.withdraw(proofs);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "http-01 proofs stay until they expire, since the database refused their removal",
                    e);
        }
    }

    /** What the CA wants to read under the token's path, whichever node published it. */
    Optional<String> keyAuthorization(String token) {
        return Optional.ofNullable(own.get(token)).or(() -> challenges.keyAuthorization(token));
    }
}
