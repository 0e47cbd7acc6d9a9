package certservice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.admin.LoginGuard.Consequence;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoginGuardTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    private final LoginGuard guard = new LoginGuard();

    @Test
    void answersEachFailureMoreSlowlyAndThenNotWith401() {
        Duration before = Duration.ZERO;
        for (int i = 0; i < LoginGuard.LIMIT; i++) {
            Consequence consequence = guard.failed("192.0.2.1", NOW);
            assertThat(consequence.slower()).isGreaterThan(before);
            assertThat(consequence.refusedFor()).isEmpty();
            before = consequence.slower();
        }
        assertThat(guard.failed("192.0.2.1", NOW.plusSeconds(60)).refusedFor()).contains(Duration.ofMinutes(9));
        assertThat(guard.failed("192.0.2.1", NOW.plusSeconds(540)).refusedFor()).contains(Duration.ofMinutes(1));
    }

    @Test
    void beginsAnewWhenTheWindowIsOver() {
        fail(15, "192.0.2.1");
        Consequence later = guard.failed("192.0.2.1", NOW.plus(LoginGuard.WINDOW));
        assertThat(later.refusedFor()).isEmpty();
        assertThat(later.slower()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void takesAnIpv6NetworkForOneAddressAndOthersForOthers() {
        fail(6, "2001:db8::1");
        fail(6, "2001:db8::2");
        assertThat(guard.failed("2001:db8::3", NOW).refusedFor()).isPresent();
        assertThat(guard.failed("2001:db8:1::3", NOW).refusedFor()).isEmpty();
        assertThat(guard.failed("192.0.2.1", NOW).refusedFor()).isEmpty();
    }

    @Test
    void keepsNoMoreThanSoManyAddresses() {
        for (int i = 0; i < 30_000; i++) {
            guard.failed("10.0." + i / 256 + "." + i % 256, NOW.plusMillis(i));
        }
        assertThat(guard.failed("192.0.2.1", NOW).refusedFor()).isEmpty();
    }

    private void fail(int times, String address) {
        for (int i = 0; i < times; i++) {
            guard.failed(address, NOW);
        }
    }
}
