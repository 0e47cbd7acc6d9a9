package certservice.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.apikey.Refusal.Reason;
import certservice.audit.Actor;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    private final List<AuditEvent> recorded = new ArrayList<>();
    private final Refusals refusals = new Refusals();

    @BeforeEach
    void prepare() {
        refusals.trail = new AuditTrail() {
            @Override
            public void record(AuditEvent event) {
                recorded.add(event);
            }
        };
        at(NOW);
    }

    @Test
    void recordsTenAMinuteForAKeyAndAReason() {
        refuse(25, "k1", "disabled");
        assertThat(recorded).hasSize(10).allSatisfy(event -> assertThat(event.detail()).isEqualTo("disabled"));
        refuse(2, "k1", "expired");
        refuse(3, "k2", "disabled");
        assertThat(recorded).hasSize(15);
    }

    @Test
    void tellsLaterHowManyWereLeftOut() {
        refuse(25, "k1", "disabled");
        at(NOW.plus(Duration.ofMinutes(1)));
        refuse(11, "k1", "disabled");
        assertThat(recorded).hasSize(20);
        assertThat(recorded.get(10).detail()).isEqualTo("disabled (15 more were not recorded)");
        assertThat(recorded.get(11).detail()).isEqualTo("disabled");
        at(NOW.plus(Duration.ofDays(1)));
        refuse(1, "k1", "disabled");
        assertThat(recorded.get(20).detail()).isEqualTo("disabled (1 more were not recorded)");
    }

    @Test
    void tellsWhoFromWhereAndForWhat() {
        Caller caller = new Caller("k1", "portal", ApiKeyGuid.random(), "192.0.2.1");
        refusals.refuse(new Refusal(Reason.DOMAIN, "why"), List.of("a.example"), "r1", caller);
        assertThat(recorded).singleElement().hasToString("AuditEvent[action=REQUEST_REFUSED, outcome=REFUSED,"
                + " actor=Actor[kind=API_KEY, id=k1, name=portal], address=192.0.2.1, requestId=r1, names=[a.example],"
                + " serial=null, detail=why, face=null]");
    }

    @Test
    void recordsNothingOfKeysThatNobodyKnows() {
        assertThat(refusals.refuse(new Refusal(Reason.UNKNOWN, "unknown"), "r1", "192.0.2.1").status()).isEqualTo(401);
        assertThat(recorded).isEmpty();
    }

    private void refuse(int times, String key, String why) {
        Reason reason = Reason.valueOf(why.toUpperCase(Locale.ROOT));
        for (int i = 0; i < times; i++) {
            refusals.refuse(new Refusal(reason, why).of(Actor.apiKey(key, key)), "request", "192.0.2.1");
        }
    }

    private void at(Instant moment) {
        refusals.clock = Clock.fixed(moment, ZoneOffset.UTC);
    }
}
