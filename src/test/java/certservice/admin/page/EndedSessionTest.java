package certservice.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndedSessionTest {

    @ParameterizedTest
    @ValueSource(strings = {"/admin/login.xhtml", "/admin/login-failed.xhtml"})
    void showsTheLoginWithoutAUser(String path) {
        assertThat(EndedSession.isOpen(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/keys.xhtml", "/admin/order.xhtml", "/keys.xhtml", "/admin/login.xhtml/keys.xhtml",
            "/admin/x/login.xhtml", ""})
    void showsNothingElseWithoutAUser(String path) {
        assertThat(EndedSession.isOpen(path)).isFalse();
    }
}
