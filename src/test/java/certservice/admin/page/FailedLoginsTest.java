package certservice.admin.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import certservice.admin.LoginGuard;
import certservice.apikey.ClientAddress;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {

    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    private final FailedLogins failedLogins = new FailedLogins();
    private final List<AuditEvent> recorded = new ArrayList<>();
    private String address = "192.0.2.1";
    private boolean away;

    @BeforeEach
    void prepare() {
        at(NOW);
        failedLogins.clientAddress = new ClientAddress() {
            @Override
            public String of(HttpServletRequest request) {
                return address;
            }
        };
        failedLogins.audit = new AuditTrail() {
            @Override
            public void record(AuditEvent event) {
                if (away) {
                    throw new IllegalStateException("the database is away");
                }
                recorded.add(event);
            }
        };
    }

    @Test
    void putsDownNoMoreThanSoManyOfOneAddress() {
        for (int i = 0; i < 50; i++) {
            failedLogins.putDown();
        }
        assertThat(recorded).hasSize(LoginGuard.LIMIT).allSatisfy(event -> {
            assertThat(event.action()).hasToString("ADMIN_LOGIN_FAILED");
            assertThat(event.address()).isEqualTo("192.0.2.1");
            assertThat(event.detail()).isEqualTo("via page");
        });
        address = "192.0.2.2";
        failedLogins.putDown();
        at(NOW.plus(Duration.ofMinutes(10)));
        address = "192.0.2.1";
        failedLogins.putDown();
        assertThat(recorded).hasSize(LoginGuard.LIMIT + 2);
    }

    @Test
    void showsThePageWithoutADatabaseToo() {
        away = true;
        assertThatCode(failedLogins::putDown).doesNotThrowAnyException();
    }

    private void at(Instant moment) {
        failedLogins.clock = Clock.fixed(moment, ZoneOffset.UTC);
    }
}
