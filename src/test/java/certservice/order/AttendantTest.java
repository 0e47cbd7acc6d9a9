package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.settings.Settings;
import certservice.settings.SettingsOfTests;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a node does by itself, and how often. */
class AttendantTest {

    private static final Settings SETTINGS = SettingsOfTests.of(Map.of("certservice.order.retention", "PT1H",
            "certservice.records.retention", "P1Y"));

    private final Orders orders = new Orders();
    private final NothingHeld held = new NothingHeld();
    private final CountedRetention retention = new CountedRetention();
    private final Hand hand = new Hand();
    private final Attendant attendant = new Attendant(new OrderEngine(), orders, held, retention, new Watch(orders),
            "us", SETTINGS, hand);

    @Test
    void looksForEndedLeasesEveryTwoSecondsAndErasesEveryTen() {
        for (int second = 0; second < 20; second++) {
            attendant.round();
            hand.now = hand.now.plusSeconds(1);
        }
        assertThat(held.looks).isEqualTo(10);
        assertThat(retention.unclaimed).containsExactly(OrdersOfTests.NOW.minus(Duration.ofHours(1)),
                OrdersOfTests.NOW.plusSeconds(10).minus(Duration.ofHours(1)));
    }

    @Test
    void erasesPageAfterPageButNotWithoutEnd() {
        retention.due = Retention.AT_ONCE * 2 + 1;
        attendant.round();
        assertThat(retention.unclaimed).hasSize(3);
        retention.due = Integer.MAX_VALUE;
        hand.now = hand.now.plusSeconds(10);
        attendant.round();
        assertThat(retention.unclaimed).hasSize(13);
    }

    @Test
    void removesRecordsThatAreOlderThanTheSettingSaysUntilThereAreNoMore() {
        retention.left = Retention.AT_ONCE * 2 + 1;
        for (int second = 0; second < 620; second++) {
            attendant.round();
            hand.now = hand.now.plusSeconds(1);
        }
        assertThat(retention.finished).containsExactly(Instant.parse("2025-11-01T12:34:56.789012Z"),
                Instant.parse("2025-11-01T12:35:06.789012Z"), Instant.parse("2025-11-01T12:35:16.789012Z"));
        attendant.round();
        assertThat(retention.finished).hasSize(4);
    }

    /** A clock that goes when it is told to. */
    private static final class Hand extends Clock {

        private Instant now = OrdersOfTests.NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static final class NothingHeld extends HeldOrders {

        private int looks;

        @Override
        public List<String> takeOver(Lease lease, Instant now) {
            looks++;
            return List.of();
        }
    }

    private static final class CountedRetention extends Retention {

        private final List<Instant> unclaimed = new ArrayList<>();
        private final List<Instant> finished = new ArrayList<>();
        private int left;
        private int due;

        @Override
        public int erase(Instant since, Instant now) {
            unclaimed.add(since);
            int erased = Math.min(due, AT_ONCE);
            due -= erased;
            return erased;
        }

        @Override
        public int remove(Instant since, Instant now) {
            finished.add(since);
            int removed = Math.min(left, AT_ONCE);
            left -= removed;
            return removed;
        }
    }
}
