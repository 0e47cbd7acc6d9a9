package certservice.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.domain.DomainName;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class HttpChallengesTest {

    @Parameter
    TestDatabase database;

    @BeforeEach
    void clear() {
        database.clear();
    }

    @Test
    void showsWhatIsPublishedUntilItIsWithdrawn() {
        List<Proof> proofs = List.of(proof("one", "one.thumbprint"), proof("two", "two.thumbprint"));
        challenges(store -> store.publish(proofs));
        assertThat(shown("one")).contains("one.thumbprint");
        assertThat(shown("two")).contains("two.thumbprint");
        assertThat(shown("three")).isEmpty();
        challenges(store -> store.withdraw(proofs.subList(0, 1)));
        assertThat(shown("one")).isEmpty();
        assertThat(shown("two")).contains("two.thumbprint");
    }

    @Test
    void publishesAgainWhatIsThereFromAnEarlierTry() {
        challenges(store -> store.publish(List.of(proof("one", "one.old"))));
        challenges(store -> store.publish(List.of(proof("one", "one.new"))));
        assertThat(shown("one")).contains("one.new");
    }

    @Test
    void withdrawsWhatIsNotThereAndNothingAtAllInPeace() {
        challenges(store -> store.withdraw(List.of(proof("nowhere", "x"))));
        challenges(store -> store.withdraw(List.of()));
        challenges(store -> store.publish(List.of()));
        assertThat(shown("nowhere")).isEmpty();
    }

    @Test
    void publishesAndWithdrawsTheProofsOfTheLargestOrder() {
        List<Proof> proofs = IntStream.range(0, 100)
                .mapToObj(i -> proof("t".repeat(252) + String.format("%03d", i), "v".repeat(1000))).toList();
        challenges(store -> store.publish(proofs));
        assertThat(proofs).allSatisfy(proof -> assertThat(shown(proof.token())).contains(proof.value()));
        challenges(store -> store.withdraw(proofs));
        assertThat(database.everythingIn("http_challenge")).isEmpty();
    }

    @Test
    void removesWhatHasExpiredAndNothingElse() {
        challenges(store -> {
            store.entityManager.persist(new HttpChallenge("old", "old.x", Instant.now().minusSeconds(1)));
            store.entityManager.persist(new HttpChallenge("new", "new.x", Instant.now().plusSeconds(60)));
        });
        challenges(HttpChallenges::removeExpired);
        assertThat(shown("old")).isEmpty();
        assertThat(shown("new")).contains("new.x");
    }

    /** Let's Encrypt's authorizations are pending for seven days at most. */
    @Test
    void keepsAProofAsLongAsAnAuthorizationCanBePending() {
        challenges(store -> store.publish(List.of(proof("one", "one.x"))));
        challenges(store -> assertThat(store.entityManager.createQuery(
                        "select count(c) from HttpChallenge c where c.expires > :soon", Long.class)
                .setParameter("soon", Instant.now().plus(Duration.ofDays(7)).atOffset(ZoneOffset.UTC))
                .getSingleResult()).isEqualTo(1));
    }

    private Optional<String> shown(String token) {
        return database.transactionally(entityManager -> {
            HttpChallenges store = new HttpChallenges();
            store.entityManager = entityManager;
            return store.keyAuthorization(token);
        });
    }

    private void challenges(Consumer<HttpChallenges> work) {
        database.inTransaction(entityManager -> {
            HttpChallenges store = new HttpChallenges();
            store.entityManager = entityManager;
            work.accept(store);
        });
    }

    private static Proof proof(String token, String value) {
        return new Proof(DomainName.of("www.example.com"), "http-01", null, token, value);
    }
}
