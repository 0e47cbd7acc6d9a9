package certservice.order;

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
}
