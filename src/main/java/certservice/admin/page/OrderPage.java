package certservice.admin.page;

import certservice.admin.OrderAdministration;
import certservice.admin.OrderDetails;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;

/** One request for certificates. */
@Named
@ViewScoped
public class OrderPage implements Serializable {

    private static final long serialVersionUID = 1L;

    @Inject
    OrderAdministration orders;

    @Inject
    CurrentUser user;

    @Inject
    Notices notices;

    private String id;
    private OrderDetails order;

    public void load() {
        order = orders.get(id == null ? "" : id);
    }

    public void retry() {
        order = orders.retry(id, user.administrator());
        notices.add("The order is tried again.");
    }

    public void cancel() {
        order = orders.cancel(id, user.administrator());
        notices.add("The order is cancelled.");
    }

    public boolean isRunning() {
        return order != null && order.finished() == null;
    }

    public String getId() {
        return id;
    }

    public void setId(String id) {
        this.id = id;
    }

    public OrderDetails getOrder() {
        return order;
    }
}
