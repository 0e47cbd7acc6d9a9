package certservice.challenge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Collection;

/** Proves control over port 80 (RFC 8555 section 8.3): {@link HttpChallengeServlet} answers from the database. */
@ApplicationScoped
public class Http01Solver implements Solver {

    private static final Logger LOG = System.getLogger(Http01Solver.class.getName());

    @Inject
    HttpChallenges challenges;

    @Override
    public String type() {
        return "http-01";
    }

    @Override
    public void present(Collection<Proof> proofs) {
        challenges.publish(proofs);
    }

    /** What is committed is seen by every node: there is nothing to wait for. */
    @Override
    public void await(Collection<Proof> proofs, Instant deadline) {
        // see above
    }

    @Override
    public void withdraw(Collection<Proof> proofs) {
        try {
            challenges.withdraw(proofs);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "http-01 proofs stay until they expire, since the database refused their removal",
                    e);
        }
    }
}
