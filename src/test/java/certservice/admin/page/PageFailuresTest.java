package certservice.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PageFailuresTest {

    @Test
    void loadsAPageThatIsTooOldAgainWithItsQuery() {
        assertThat(PageFailures.address(Requests.of("/admin/key.xhtml", "id=1&x=%26", Map.of())))
                .isEqualTo("/admin/key.xhtml?id=1&x=%26");
        assertThat(PageFailures.address(Requests.of("/admin/keys.xhtml", null, Map.of())))
                .isEqualTo("/admin/keys.xhtml");
    }
}
