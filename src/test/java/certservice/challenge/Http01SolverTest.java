package certservice.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import certservice.domain.DomainName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Http01SolverTest {

    private static final Proof PROOF = new Proof(DomainName.of("www.example.com"), "http-01", null, "token", "value");

    private final Table table = new Table();
    private final Http01Solver solver = solver();

    @Test
    void answersWhatAnyNodePublished() {
        solver().present(List.of(PROOF));
        assertThat(solver.keyAuthorization("token")).contains("value");
        assertThat(solver.keyAuthorization("another")).isEmpty();
    }

    /** Under load the CA's few seconds could pass while 200 orders wait for 20 connections to the database. */
    @Test
    void answersWhatItPublishedItselfWithoutTheDatabase() {
        solver.present(List.of(PROOF));
        table.failing = true;
        assertThat(solver.keyAuthorization("token")).contains("value");
    }

    @Test
    void answersNothingThatTheDatabaseRefused() {
        table.failing = true;
        assertThatIllegalStateException().isThrownBy(() -> solver.present(List.of(PROOF)));
        table.failing = false;
        assertThat(solver.keyAuthorization("token")).isEmpty();
    }

    @Test
    void answersNothingThatIsWithdrawn() {
        solver.present(List.of(PROOF));
        solver.withdraw(List.of(PROOF));
        assertThat(solver.keyAuthorization("token")).isEmpty();
    }

    @Test
    void withdrawsFromEveryNodeWhatAnotherOnePublished() {
        solver().present(List.of(PROOF));
        solver.withdraw(List.of(PROOF));
        assertThat(solver.keyAuthorization("token")).isEmpty();
    }

    @Test
    void keepsTheOutcomeOfTheOrderWhenTheDatabaseRefusesTheRemoval() {
        solver.present(List.of(PROOF));
        table.failing = true;
        solver.withdraw(List.of(PROOF));
        table.failing = false;
        assertThat(solver.keyAuthorization("token")).as("until it expires").contains("value");
    }

    private Http01Solver solver() {
        Http01Solver made = new Http01Solver();
        made.challenges = table;
        return made;
    }

    /** The table that all nodes share. */
    private static final class Table extends HttpChallenges {

        private final Map<String, String> rows = new HashMap<>();
        private boolean failing;

        @Override
        public void publish(Collection<Proof> proofs) {
            check();
            proofs.forEach(proof -> rows.put(proof.token(), proof.value()));
        }

        @Override
        public void withdraw(Collection<Proof> proofs) {
            check();
            proofs.forEach(proof -> rows.remove(proof.token()));
        }

        @Override
        public Optional<String> keyAuthorization(String token) {
            check();
            return Optional.ofNullable(rows.get(token));
        }

        private void check() {
            if (failing) {
                throw new IllegalStateException("The database is away");
            }
        }
    }
}
