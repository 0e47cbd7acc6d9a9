package certservice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.admin.LoginTurns.Turn;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoginTurnsTest {

    private static final String ADDRESS = "192.0.2.1";
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    private final LoginTurns turns = new LoginTurns();

    @Test
    void looksAtOneEveryTwoSecondsBeyondTheLimit() {
        fail(LoginTurns.LIMIT, "alice");
        Turn first = enter("alice", 0);
        assertThat(first.isGiven()).isTrue();
        assertThat(enter("alice", 500).delay()).isEqualTo(Duration.ofMillis(1500));
        turns.left(first, true, NOW.plusMillis(600));
        assertThat(enter("alice", 1999).isGiven()).isFalse();
        assertThat(enter("alice", 2000).isGiven()).isTrue();
    }

    @Test
    void looksAtOneAtATimeHoweverLongItTakes() {
        fail(LoginTurns.LIMIT, "alice");
        Turn slow = enter("alice", 0);
        assertThat(enter("alice", 30_000).delay()).isEqualTo(LoginTurns.SPACING);
        turns.left(slow, false, NOW.plusSeconds(31));
        assertThat(enter("alice", 31_000).isGiven()).isTrue();
    }

    @Test
    void affectsNeitherOtherUsersNorOtherAddresses() {
        fail(LoginTurns.LIMIT, "alice");
        assertThat(enter("alice", 0).isGiven()).isTrue();
        for (int i = 0; i < 50; i++) {
            assertThat(enter("bob", 0).isGiven()).isTrue();
            assertThat(turns.enter("192.0.2.2", "alice", NOW).isGiven()).isTrue();
        }
    }

    @Test
    void takesWhatRealmsTakeForOneUserForOne() {
        fail(4, "alice");
        fail(3, "ALICE");
        fail(3, " Alice ");
        assertThat(enter("alice", 0).isGiven()).isTrue();
        assertThat(enter("aLICE", 0).isGiven()).isFalse();
    }

    @Test
    void doesNotHoldUpManyRightCredentialsAtOnceAndBeginsAnewWhenTheWindowIsOver() {
        for (int i = 0; i < 50; i++) {
            assertThat(enter("alice", 0).isGiven()).isTrue();
        }
        fail(LoginTurns.LIMIT, "alice");
        assertThat(enter("alice", 0).isGiven()).isTrue();
        assertThat(enter("alice", 0).isGiven()).isFalse();
        long later = LoginTurns.WINDOW.toMillis();
        assertThat(enter("alice", later).isGiven()).isTrue();
        assertThat(enter("alice", later).isGiven()).isTrue();
    }

    @Test
    void keepsNoMoreThanSoMany() {
        fail(LoginTurns.LIMIT, "alice");
        for (int i = 0; i < 30_000; i++) {
            fail(1, "user" + i);
        }
        assertThat(enter("alice", 0).isGiven()).isTrue();
        assertThat(enter("alice", 0).isGiven()).as("forgotten meanwhile").isTrue();
    }

    private Turn enter(String user, long millis) {
        return turns.enter(ADDRESS, user, NOW.plusMillis(millis));
    }

    private void fail(int times, String user) {
        for (int i = 0; i < times; i++) {
            turns.left(new Turn(enter(user, 0).pair(), false, Duration.ZERO), true, NOW);
        }
    }
}
