package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.settings.AcmeLimits.Limit;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenBucketTest {

    private static final Instant NOW = OrdersOfTests.NOW;
    private static final Limit FIVE_A_WEEK = new Limit(5, Duration.ofDays(7));

    /** The figures of https://letsencrypt.org/docs/rate-limits/, which rounds them: 34 hours, 202 and 12 minutes. */
    @ParameterizedTest
    @CsvSource({"5, P7D, PT33H36M", "50, P7D, PT3H21M36S", "5, PT1H, PT12M"})
    void givesTokensBackOneByOne(int count, Duration period, Duration interval) {
        assertThat(new TokenBucket(new Limit(count, period), NOW).interval()).isEqualTo(interval);
    }

    @ParameterizedTest
    @CsvSource({"5, P7D", "50, P7D", "7, PT1H", "59999, PT1H", "1, PT1M", "777777, P7D"})
    void givesAsManyAtOnceAsItHoldsAndNotOneMore(int count, Duration period) {
        TokenBucket bucket = taken(new TokenBucket(new Limit(count, period), NOW), Math.min(count, 1000) - 1, NOW);
        int left = count - Math.min(count, 1000) + 1;
        assertThat(bucket.freeAt(left, NOW)).isEqualTo(NOW);
        assertThat(bucket.used(NOW)).isEqualTo(count - left);
        TokenBucket more = bucket.take(NOW);
        assertThat(more.freeAt(left, NOW)).isAfter(NOW);
        assertThat(more.used(NOW)).isEqualTo(count - left + 1);
    }

    @Test
    void hasATokenAgainAfterOneIntervalAndAllAfterThePeriod() {
        TokenBucket empty = taken(new TokenBucket(FIVE_A_WEEK, NOW), 5, NOW);
        Instant next = NOW.plus(empty.interval());
        assertThat(empty.freeAt(1, NOW)).isEqualTo(next);
        assertThat(empty.freeAt(1, next.minusNanos(1_000))).isEqualTo(next);
        assertThat(empty.freeAt(1, next)).isEqualTo(next);
        assertThat(empty.freeAt(5, NOW)).isEqualTo(NOW.plus(Duration.ofDays(7)));
        assertThat(empty.used(next)).isEqualTo(4);
        assertThat(empty.used(NOW.plus(Duration.ofDays(8)))).isZero();
        assertThat(empty.freeAt(5, NOW.plus(Duration.ofDays(8)))).isEqualTo(NOW.plus(Duration.ofDays(8)));
    }

    @Test
    void isNeverEmptierThanEmpty() {
        TokenBucket empty = taken(new TokenBucket(FIVE_A_WEEK, NOW), 5, NOW);
        assertThat(empty.take(NOW)).isEqualTo(empty);
    }

    @Test
    void canNeverHoldMoreThanItsLimit() {
        TokenBucket bucket = new TokenBucket(FIVE_A_WEEK, NOW);
        assertThat(bucket.canHold(5)).isTrue();
        assertThat(bucket.canHold(6)).isFalse();
    }

    private static TokenBucket taken(TokenBucket bucket, int tokens, Instant now) {
        TokenBucket left = bucket;
        for (int i = 0; i < tokens; i++) {
            left = left.take(now);
        }
        return left;
    }
}
