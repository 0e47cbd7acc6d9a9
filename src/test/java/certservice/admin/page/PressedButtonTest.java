package certservice.admin.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import certservice.admin.Administrator;
import certservice.admin.OrderAdministration;
import certservice.admin.OrderDetails;
import certservice.admin.Page;
import certservice.admin.Search;
import certservice.problem.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PressedButtonTest {

    private final List<String> cancelled = new ArrayList<>();

    @Test
    void cancelsTheOrderOfTheButtonWhateverTheListIsByNow() {
        OrdersPage page = page(Map.of("order", "the-second", "live:each:1:cancel", ""));
        page.cancel();
        assertThat(cancelled).containsExactly("the-second");
    }

    @Test
    void cancelsNothingIfTheRequestDoesNotSayWhich() {
        OrdersPage page = page(Map.of("live:each:1:cancel", ""));
        assertThatThrownBy(page::cancel).isInstanceOf(Failure.class).hasMessageContaining("which order");
        assertThat(cancelled).isEmpty();
    }

    private OrdersPage page(Map<String, String> parameters) {
        OrdersPage page = new OrdersPage();
        page.notices = new Notices();
        page.pressed = new PressedButton();
        page.pressed.request = Requests.of("/admin/orders.xhtml", null, parameters);
        page.user = new CurrentUser() {
            @Override
            public Administrator administrator() {
                return new Administrator("alice", "192.0.2.1", "page");
            }
        };
        page.orders = new OrderAdministration() {
            @Override
            public OrderDetails cancel(String id, Administrator by) {
                cancelled.add(id);
                return null;
            }

            @Override
            public List<OrderDetails> running() {
                return List.of();
            }

            @Override
            public Page<OrderDetails> list(Search search, String status) {
                return new Page<>(List.of(), 0);
            }
        };
        return page;
    }
}
