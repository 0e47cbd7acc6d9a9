package certservice.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.apikey.Guessing.Consequence;
import certservice.apikey.KeysOfTests.CountedGuesses;
import certservice.audit.Action;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import certservice.audit.Outcome;
import certservice.settings.SettingsOfTests;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Four wrong keys within a minute are allowed. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class GuessingTest {

    private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant END = START.plusSeconds(60);
    private static final String ADDRESS = "192.0.2.1";

    @Parameter
    TestDatabase database;

    private final List<AuditEvent> recorded = new ArrayList<>();
    private CountedGuesses stored;
    private Guessing node;
    private Guessing otherNode;

    @BeforeEach
    void prepare() {
        database.clear();
        stored = new CountedGuesses(database);
        node = node(4, stored);
        otherNode = node(4, new CountedGuesses(database));
    }

    private Guessing node(int limit, Guesses stored) {
        Guessing guessing = new Guessing();
        guessing.settings = SettingsOfTests.of(Map.of("certservice.guessing.limit", String.valueOf(limit),
                "certservice.guessing.window", "PT60S"));
        guessing.guesses = stored;
        guessing.audit = new AuditTrail() {
            @Override
            public void record(AuditEvent event) {
                recorded.add(event);
            }
        };
        return guessing;
    }

    @Test
    void slowsDownThenRefusesAndBeginsAnewWhenTheWindowIsOver() {
        assertThat(node.count(ADDRESS, START)).isEqualTo(Consequence.NONE);
        assertThat(node.count(ADDRESS, START)).isEqualTo(Consequence.NONE);
        assertThat(node.count(ADDRESS, START)).isEqualTo(slower(200));
        assertThat(node.count(ADDRESS, START)).isEqualTo(slower(400));
        assertThat(node.count(ADDRESS, START.plusSeconds(5)).refusedUntil()).contains(END);
        assertThat(node.count(ADDRESS, END.minusNanos(1000)).refusedUntil()).contains(END);
        assertThat(node.count(ADDRESS, END)).isEqualTo(Consequence.NONE);
        assertThat(node.count(ADDRESS, END.plusSeconds(59))).isEqualTo(Consequence.NONE);
        assertThat(node.count("192.0.2.2", START)).isEqualTo(Consequence.NONE);
    }

    @Test
    void isNotSlowerThanTwoSeconds() {
        Guessing patient = node(100, stored);
        for (int i = 0; i < 99; i++) {
            patient.count(ADDRESS, START);
        }
        assertThat(patient.count(ADDRESS, START)).isEqualTo(slower(2000));
    }

    @Test
    void countsForAllNodesTogether() {
        for (int i = 0; i < 2; i++) {
            node.count(ADDRESS, START);
            otherNode.count(ADDRESS, START);
        }
        assertThat(node.count(ADDRESS, START).refusedUntil()).contains(END);
        assertThat(otherNode.count(ADDRESS, START).refusedUntil()).contains(END);
    }

    @Test
    void takesAnIpv6NetworkOf64BitsForOneAddress() {
        for (int i = 1; i <= 4; i++) {
            node.count("2001:db8:1:2::" + i, START);
        }
        assertThat(node.count("2001:db8:1:2:ffff::1", START).refusedUntil()).isPresent();
        assertThat(node.count("2001:db8:1:3::1", START).refusedUntil()).isEmpty();
        assertThat(node.refused(START)).extracting(RefusedAddress::address).containsExactly("2001:db8:1:2::/64");
        assertThat(node.forgive("2001:db8:1:2::abcd")).isTrue();
        assertThat(node.refused(START)).isEmpty();
    }

    @Test
    void writesOnceASecondWhenTheLimitIsReachedAndLosesNoGuess() {
        for (int i = 0; i < 1000; i++) {
            node.count(ADDRESS, START);
        }
        assertThat(stored.writes).isEqualTo(4);
        node.count(ADDRESS, START.plusSeconds(1));
        for (int i = 0; i < 1000; i++) {
            node.count(ADDRESS, START.plusMillis(1001));
        }
        assertThat(stored.writes).isEqualTo(5);
        assertThat(node.refused(START.plusSeconds(2)))
                .containsExactly(new RefusedAddress(ADDRESS, 1001, END));
        node.count(ADDRESS, START.plusSeconds(3));
        assertThat(node.refused(START.plusSeconds(3)))
                .containsExactly(new RefusedAddress(ADDRESS, 2002, END));
    }

    @Test
    void recordsOnceAWindowThatAnAddressIsRefused() {
        for (int i = 0; i < 3; i++) {
            node.count(ADDRESS, START);
        }
        assertThat(recorded).isEmpty();
        for (int i = 0; i < 10; i++) {
            otherNode.count(ADDRESS, START.plusSeconds(i));
            node.count(ADDRESS, START.plusSeconds(i));
        }
        assertThat(recorded).singleElement().satisfies(event -> {
            assertThat(event.action()).isEqualTo(Action.ADDRESS_REFUSED);
            assertThat(event.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(event.address()).isEqualTo(ADDRESS);
            assertThat(event.detail()).isEqualTo("from " + ADDRESS + " came 4 keys that open nothing; refused until "
                    + END);
        });
        for (int i = 0; i < 10; i++) {
            node.count(ADDRESS, END);
        }
        assertThat(recorded).hasSize(2);
    }

    @Test
    void forgivesOnAllNodesWithinASecond() {
        for (int i = 0; i < 5; i++) {
            node.count(ADDRESS, START);
            otherNode.count(ADDRESS, START);
        }
        assertThat(node.forgive(ADDRESS)).isTrue();
        assertThat(node.count(ADDRESS, START.plusMillis(1))).isEqualTo(Consequence.NONE);
        assertThat(otherNode.count(ADDRESS, START.plusMillis(2)).refusedUntil()).isPresent();
        assertThat(otherNode.count(ADDRESS, START.plusSeconds(1))).isEqualTo(Consequence.NONE);
        assertThat(node.forgive("192.0.2.9")).isFalse();
        assertThat(node.forgive("192.0.2.9\0")).isFalse();
    }

    @Test
    void showsNobodyWhoseWindowIsOver() {
        for (int i = 0; i < 5; i++) {
            node.count(ADDRESS, START);
        }
        assertThat(otherNode.refused(END.minusNanos(1000))).hasSize(1);
        assertThat(otherNode.refused(END)).isEmpty();
        stored.forgetBefore(START);
        assertThat(database.everythingIn("guess")).isNotEmpty();
        stored.forgetBefore(END);
        assertThat(database.everythingIn("guess")).isEmpty();
    }

    @Test
    void countsNothingWhenItIsOff() {
        Guessing off = node(0, stored);
        for (int i = 0; i < 100; i++) {
            assertThat(off.count(ADDRESS, START)).isEqualTo(Consequence.NONE);
        }
        assertThat(stored.writes).isZero();
        assertThat(off.refused(START)).isEmpty();
    }

    private static Consequence slower(long millis) {
        return new Consequence(Duration.ofMillis(millis), Optional.empty());
    }
}
