package certservice.order;

import java.time.Instant;
import java.util.List;

/**
 * A batch as it is in the database.
 *
 * @param orders in the request's sequence
 */
public record StoredBatch(OrderBatch batch, List<CertificateOrder> orders) {

    public StoredBatch {
        orders = List.copyOf(orders);
    }

    /** The request's status in the words of RFC 8555 section 7.1.6. */
    public String status() {
        return switch (batch.status()) {
            case OPEN -> orders.stream().allMatch(CertificateOrder::isReady) ? "ready" : "pending";
            case FINALIZING -> "processing";
            case ISSUED -> "valid";
            case FAILED -> "invalid";
        };
    }

    /** Whether the CA has issued nothing for it, and has no CSR to do so. */
    public boolean canBeCancelled() {
        return batch.status() == BatchStatus.OPEN
                && orders.stream().noneMatch(order -> order.status() == OrderStatus.ISSUED);
    }

    /** Whether it has failed and still has all that another attempt needs, as far as can be seen without trying. */
    public boolean canBeTriedAgain(Instant now) {
        return batch.status() == BatchStatus.FAILED
                && batch.erasure().filter(erasure -> erasure.isAfter(now.plus(Orders.ERASERS))).isPresent()
                && orders.stream().allMatch(CertificateOrder::canBeTriedAgain);
    }
}
