package certservice.admin.page;

import certservice.admin.OrderAdministration;
import certservice.admin.OrderDetails;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;

/** The list of requests for certificates, and what is worked on at the moment. */
@Named
@ViewScoped
public class OrdersPage implements Serializable {

    static final List<String> STATUSES = List.of("pending", "processing", "valid", "invalid");
    private static final long serialVersionUID = 1L;

    /** About 15 minutes: a page that somebody has left open must not keep the session for ever. */
    private static final int MOST_LOOKS = 450;

    @Inject
    OrderAdministration orders;

    @Inject
    CurrentUser user;

    @Inject
    Notices notices;

    @Inject
    PressedButton pressed;

    private final Listing listing = new Listing();
    private List<OrderDetails> rows = List.of();
    private List<OrderDetails> running = List.of();
    private int looks;

    public void load() {
        running = orders.running();
        rows = listing.load(search -> orders.list(search, listing.filter("status")));
    }

    /** Called every two seconds by the page. */
    public void look() {
        looks++;
        running = orders.running();
    }

    /** Of the row that the request names. */
    public void cancel() {
        String id = pressed.get("order");
        orders.cancel(id, user.administrator());
        notices.add("Order " + id + " is cancelled.");
        load();
    }

    /** Whether the page has looked long enough. */
    public boolean isPaused() {
        return looks >= MOST_LOOKS;
    }

    public Listing getListing() {
        return listing;
    }

    public List<OrderDetails> getRows() {
        return rows;
    }

    public List<OrderDetails> getRunning() {
        return running;
    }

    public List<String> getStatuses() {
        return STATUSES;
    }

    public String getStatus() {
        return listing.filter("status");
    }

    public void setStatus(String status) {
        listing.filter("status", STATUSES.contains(status) ? status : null);
    }
}
