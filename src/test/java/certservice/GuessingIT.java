package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who sends one unknown key after the other. Each test guesses from an address of its own. */
class GuessingIT {

    private static final int LIMIT = 6;
    private static final Duration WINDOW = Duration.ofSeconds(15);

    private static TestBed bed;

    @BeforeAll
    static void start() {
        bed = TestBed.in("guessing").setting("certservice.proxies", "127.0.0.0/8, ::1")
                .setting("certservice.guessing.limit", Integer.toString(LIMIT))
                .setting("certservice.guessing.window", WINDOW.toString()).start();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @Test
    void isRefusedForAWhileButAGoodKeyFromTheSameAddressIsServed() throws Exception {
        String address = "192.0.2.1";
        exhaust(address);
        Response refused = guess(address);
        assertThat(refused.status()).as("status of %s", refused).isEqualTo(429);
        assertThat(refused.json().asJsonObject().getString("message")).startsWith("Too many requests with an API key");
        int wait = Integer.parseInt(refused.header("Retry-After"));
        assertThat(wait).isBetween(1, (int) WINDOW.toSeconds());

        assertThat(with(bed.apiKey(), address).status()).as("a good key's").isEqualTo(400);
        assertThat(with(bed.disabledApiKey(), address).status()).as("a disabled key's").isEqualTo(429);
        assertThat(with("no GUID", address).status()).as("no key's").isEqualTo(401);
        assertThat(guess("192.0.2.2").status()).as("somebody else's").isEqualTo(401);

        Thread.sleep(Duration.ofSeconds(wait).toMillis());
        assertThat(guess(address).status()).as("after the window").isEqualTo(401);
    }

    @Test
    void isAnsweredMoreSlowlyBefore() {
        String address = "192.0.2.9";
        long first = duration(address);
        for (int i = 2; i < LIMIT; i++) {
            guess(address);
        }
        long last = duration(address);
        assertThat(last - first).as("ms that the last guess took longer").isGreaterThan(300);
    }

    @Test
    void doesNotCountWhatHasNoGuid() {
        for (int i = 0; i < 3 * LIMIT; i++) {
            assertThat(with("no GUID", "192.0.2.3").status()).isEqualTo(401);
        }
    }

    @Test
    void takesAnIpv6NetworkForOneAddress() {
        for (int i = 1; i <= LIMIT; i++) {
            assertThat(guess("2001:db8::" + i).status()).isEqualTo(401);
        }
        assertThat(guess("2001:db8::ffff:1").status()).isEqualTo(429);
        assertThat(guess("2001:db8:0:1::1").status()).isEqualTo(401);
    }

    private static void exhaust(String address) {
        for (int i = 0; i < LIMIT; i++) {
            assertThat(guess(address).status()).isEqualTo(401);
        }
    }

    private static long duration(String address) {
        long start = System.nanoTime();
        assertThat(guess(address).status()).isEqualTo(401);
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static Response guess(String address) {
        return with(UUID.randomUUID().toString(), address);
    }

    private static Response with(String key, String address) {
        return bed.client().withKey(key).cert("{}", "X-Forwarded-For", address);
    }
}
