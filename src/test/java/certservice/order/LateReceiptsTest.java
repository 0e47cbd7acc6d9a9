package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.audit.Origin;
import jakarta.ejb.EJBException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LateReceiptsTest {

    private static final Instant NOW = OrdersOfTests.NOW;
    private static final Origin CALLER = OrdersOfTests.plan("a key", "www.example.com").origin();

    private final Noting orders = new Noting();
    private final LateReceipts late = new LateReceipts();

    /** Leases are renewed between the rounds. */
    @Test
    void areNotedAFewAtATime() {
        keep(LateReceipts.AT_ONCE * 2 + 1);
        late.note(orders, NOW);
        assertThat(orders.noted).hasSize(LateReceipts.AT_ONCE);
        late.note(orders, NOW);
        late.note(orders, NOW);
        late.note(orders, NOW);
        assertThat(orders.noted).hasSize(LateReceipts.AT_ONCE * 2 + 1).doesNotHaveDuplicates();
    }

    @Test
    void doNotWaitForThoseWhoseBatchIsStillWorkedOn() {
        keep(LateReceipts.AT_ONCE + 1);
        IntStream.range(0, LateReceipts.AT_ONCE).forEach(number -> orders.unfinished.add("batch " + number));
        late.note(orders, NOW);
        late.note(orders, NOW);
        assertThat(orders.noted).containsExactly("batch " + LateReceipts.AT_ONCE);
        orders.unfinished.clear();
        late.note(orders, NOW);
        late.note(orders, NOW);
        assertThat(orders.noted).hasSize(LateReceipts.AT_ONCE + 1);
    }

    @Test
    void stayWhileTheDatabaseIsAway() {
        keep(1);
        orders.trouble = new EJBException(new SQLNonTransientConnectionException("away", "08001"));
        assertThatExceptionOfType(EJBException.class).isThrownBy(() -> late.note(orders, NOW));
        orders.trouble = null;
        late.note(orders, NOW);
        assertThat(orders.noted).containsExactly("batch 0");
    }

    @Test
    void areGivenUpThatCanNeverBeNoted() {
        keep(1);
        orders.trouble = new IllegalStateException("a wrong statement");
        late.note(orders, NOW);
        orders.trouble = null;
        late.note(orders, NOW);
        assertThat(orders.noted).isEmpty();
    }

    private void keep(int count) {
        for (int number = 0; number < count; number++) {
            assertThat(late.keep(new Receipt("batch " + number, false, CALLER, true), NOW)).isTrue();
        }
    }

    private static final class Noting extends Orders {

        private final List<String> noted = new ArrayList<>();
        private final Set<String> unfinished = new HashSet<>();
        private RuntimeException trouble;

        @Override
        public boolean deliveredLate(Receipt receipt, Instant moment, Instant now) {
            if (trouble != null) {
                throw trouble;
            }
            return !unfinished.contains(receipt.batchId()) && noted.add(receipt.batchId());
        }
    }
}
