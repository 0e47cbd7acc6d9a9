package certservice.admin.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import certservice.admin.Administrator;
import certservice.admin.ApiKeyAdministration;
import certservice.admin.ApiKeyDetails;
import certservice.admin.NewApiKey;
import certservice.problem.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPageTest {

    private final List<Long> rotated = new ArrayList<>();

    @Test
    void rotatesTheVersionThatTheUserSaw() {
        KeyPage page = page(Map.of("version", "3"));
        page.load();
        page.rotate();
        assertThat(page.getKey().version()).isEqualTo(5);
        page.rotate();
        assertThat(rotated).as("pressed twice on the same page").containsExactly(3L, 3L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "99999999999999999999"})
    void rotatesNothingIfTheRequestDoesNotSayWhatWasSeen(String version) {
        KeyPage page = page(Map.of("version", version));
        page.load();
        assertThatThrownBy(page::rotate).isInstanceOf(Failure.class).hasMessageContaining("version");
        assertThat(rotated).isEmpty();
    }

    private KeyPage page(Map<String, String> parameters) {
        KeyPage page = new KeyPage();
        page.setId("1");
        page.notices = new Notices();
        page.oneTime = new OneTimeKey();
        page.pressed = new PressedButton();
        page.pressed.request = Requests.of("/admin/key.xhtml", null, parameters);
        page.user = new CurrentUser() {
            @Override
            public Administrator administrator() {
                return new Administrator("alice", "192.0.2.1", "page");
            }
        };
        page.keys = new ApiKeyAdministration() {
            @Override
            public ApiKeyDetails get(String id) {
                return details(4);
            }

            @Override
            public NewApiKey rotate(String id, Duration overlap, Long version, Administrator by) {
                rotated.add(version);
                return new NewApiKey(details(5), "another-guid");
            }
        };
        return page;
    }

    private static ApiKeyDetails details(long version) {
        return new ApiKeyDetails("1", "portal", true, null, List.of(), List.of(), List.of(), List.of(), null, 0,
                Instant.EPOCH, null, null, version);
    }
}
