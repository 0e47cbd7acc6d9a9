package certservice.admin.jmx;

import certservice.admin.OrderAdministration;
import certservice.admin.OrderDetails;
import certservice.admin.Page;
import certservice.admin.Search;
import java.util.List;

@Described("Requests for certificates: those that are worked on now on all nodes, and those before.")
final class Orders {

    private static final String ID = "the order's id, as list shows it";

    private final OrderAdministration orders;

    Orders(OrderAdministration orders) {
        this.orders = orders;
    }

    @Described("Those that are worked on now, oldest first, at most 200.")
    public List<OrderDetails> running() {
        return orders.running();
    }

    @Described("The newest 100, and how many there are.")
    public Page<OrderDetails> list() {
        return orders.list(new Search("", 0, 100), null);
    }

    @Described("The newest 100 in whose names, ids or key label a text occurs, and how many there are.")
    public Page<OrderDetails> find(@Parameter(name = "text", is = "in any case; empty: all") String text) {
        return orders.list(new Search(text, 0, 100), null);
    }

    @Described("A part of them, newest first.")
    public Page<OrderDetails> page(@Parameter(name = "text", is = "in any case; empty: all") String text,
            @Parameter(name = "status", is = "pending, processing, valid or invalid; empty: all") String status,
            @Parameter(name = "first", is = "how many are left out before; 0 or more") int first,
            @Parameter(name = "limit", is = "at most how many; 1 to 1000") int limit) {
        return orders.list(new Search(text, first, limit), Texts.optional(status));
    }

    @Described("One of them, with the progress of each name.")
    public OrderDetails get(@Parameter(name = "id", is = ID) String id) {
        return orders.get(Texts.optional(id));
    }

    @Described(value = "Tries a failed one again; its caller gets the result for the next such request.",
            changes = true)
    public OrderDetails retry(@Parameter(name = "id", is = ID) String id) {
        return orders.retry(Texts.optional(id), Caller.now());
    }

    @Described(value = "Stops one that the CA has no CSR of yet.", changes = true)
    public OrderDetails cancel(@Parameter(name = "id", is = ID) String id) {
        return orders.cancel(Texts.optional(id), Caller.now());
    }
}
