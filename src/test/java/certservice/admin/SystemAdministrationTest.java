package certservice.admin;

import static certservice.admin.AdministrationOfTests.ALICE;
import static certservice.admin.AdministrationOfTests.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.apikey.Guessing;
import certservice.apikey.RefusedAddress;
import certservice.audit.AuditNode;
import certservice.audit.AuditTrails;
import certservice.order.OrderEngine;
import certservice.settings.Configuration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class SystemAdministrationTest {

    private static final Instant UNTIL = Instant.parse("2026-12-01T10:00:00Z");

    @Parameter
    TestDatabase database;

    private final List<String> refused = new ArrayList<>(List.of("192.0.2.66"));

    @BeforeEach
    void clear() {
        database.clear();
    }

    @Test
    void showsTheNodeAndTheService() {
        SystemState state = state(true);
        assertThat(state.status()).isEqualTo("UP");
        assertThat(state.version()).matches("[0-9]+\\.[0-9]+.*");
        assertThat(state.node()).isEqualTo("host/12345678");
        assertThat(state.database()).startsWith(database.toString()).matches(".+ [0-9]+\\.[0-9]+.*")
                .doesNotContain("jdbc:");
        assertThat(state.running()).isEqualTo(2);
        assertThat(state.waiting()).isEqualTo(3);
        assertThat(state.settings()).containsExactly(Map.entry("certservice.issuance.concurrency", "8"));
        assertThat(state.addresses()).containsExactly(
                new SystemState.RefusedAddress("192.0.2.66", Integer.MAX_VALUE, UNTIL));
    }

    @Test
    void asksADatabaseForNothingThatIsNotThere() {
        SystemState state = state(false);
        assertThat(state.status()).isEqualTo("DOWN");
        assertThat(state.database()).isNull();
        assertThat(state.addresses()).isEmpty();
        assertThat(state.running()).isEqualTo(2);
    }

    @Test
    void forgivesAnAddressAndRecordsWhoDid() {
        database.inTransaction(entityManager -> {
            SystemAdministration system = system(true);
            system.audit = AuditTrails.of(entityManager);
            system.forgive("192.0.2.66", ALICE);
        });
        assertThat(refused).isEmpty();
        assertThat(new AdministrationOfTests(database).recorded()).hasSize(1).first().asString()
                .startsWith("ADDRESS_FORGIVEN alice 192.0.2.1 ").endsWith(" 192.0.2.66, via rest");
        assertFails(404, "Nothing is counted of the address '192.0.2.66'", () ->
                system(true).forgive("192.0.2.66", ALICE));
    }

    private SystemState state(boolean up) {
        return system(up).state();
    }

    private SystemAdministration system(boolean up) {
        SystemAdministration system = new SystemAdministration();
        system.health = new Health() {
            @Override
            public boolean isUp() {
                return up;
            }
        };
        system.readiness = new Readiness();
        system.node = new AuditNode() {
            @Override
            public synchronized String name() {
                return "host/12345678";
            }
        };
        system.engine = new OrderEngine() {
            @Override
            public List<String> running() {
                return List.of("one", "another");
            }

            @Override
            public int waiting() {
                return 3;
            }
        };
        system.configuration = new Configuration() {
            @Override
            public Map<String, String> shown() {
                return Map.of("certservice.issuance.concurrency", "8");
            }
        };
        system.guessing = new Guessing() {
            @Override
            public List<RefusedAddress> refused(Instant now) {
                return refused.stream().map(each -> new RefusedAddress(each, 1L << 40, UNTIL)).toList();
            }

            @Override
            public boolean forgive(String address) {
                return refused.remove(address);
            }
        };
        system.dataSource = database.dataSource();
        return system;
    }
}
