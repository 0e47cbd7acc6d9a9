package certservice.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.TestDatabase;
import certservice.settings.MasterKeys;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class AuditTrailTest {

    @Parameter
    TestDatabase database;

    private final AuditNode node = AuditTrails.node(AuditTrails.MASTER_KEY);

    @BeforeEach
    void clear() {
        database.clear();
    }

    @Test
    void keepsEveryFieldOfAnEvent() {
        record(ChainOfTests.event(7));
        AuditEntry entry = all().get(0);
        assertThat(entry.number()).isEqualTo(1);
        assertThat(entry.action()).isEqualTo("CERTIFICATE_ISSUED");
        assertThat(entry.outcome()).isEqualTo("SUCCEEDED");
        assertThat(entry.actorKind()).isEqualTo("API_KEY");
        assertThat(entry.actorId()).contains("k7");
        assertThat(entry.actorName()).contains("Größe");
        assertThat(entry.address()).contains("192.0.2.1");
        assertThat(entry.requestId()).contains("r7");
        assertThat(entry.names()).containsExactly("www.example.com", "example.com");
        assertThat(entry.serial()).contains("07");
        assertThat(entry.detail()).contains("for a test");
        assertThat(entry.node()).contains("/");
        assertThat(entry.previousHash()).isEqualTo("0".repeat(64));
    }

    @Test
    void needsNoMoreThanAnAction() {
        record(AuditEvent.of(Action.ADMIN_LOGIN_FAILED));
        assertThat(all()).singleElement().satisfies(entry -> {
            assertThat(entry.outcome()).isEqualTo("REFUSED");
            assertThat(entry.actorKind()).isEqualTo("SERVICE");
            assertThat(entry.address()).isEmpty();
            assertThat(entry.names()).isEmpty();
            assertThat(entry.detail()).isEmpty();
        });
        assertThat(verify().isFine()).isTrue();
    }

    @Test
    void chainsEachEntryToTheOneBefore() {
        record(ChainOfTests.event(1));
        database.inTransaction(entityManager -> AuditTrails.of(entityManager, node)
                .record(List.of(ChainOfTests.event(2), ChainOfTests.event(3))));
        List<AuditEntry> all = all();
        assertThat(all).extracting(AuditEntry::number).containsExactly(1L, 2L, 3L);
        assertThat(all.get(1).previousHash()).isEqualTo(all.get(0).hash());
        assertThat(all.get(2).previousHash()).isEqualTo(all.get(1).hash());
        assertThat(verify().end()).isEqualTo(all.get(2).anchor());
    }

    @Test
    void writesNothingIfItsTransactionIsRolledBack() {
        record(ChainOfTests.event(1));
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() ->
                database.inTransaction(entityManager -> {
                    ChainOfTests.append(entityManager, node, 2);
                    throw new IllegalStateException("after all");
                }));
        record(ChainOfTests.event(3));
        assertThat(all()).extracting(entry -> entry.number() + entry.requestId().orElseThrow())
                .containsExactly("1r1", "2r3");
        assertThat(verify().isFine()).isTrue();
    }

    @Test
    void writesWhatADatabaseCanGiveBack() {
        record(AuditEvent.of(Action.CERTIFICATE_FAILED).by(Actor.administrator("x\0y\ud800z")).from("\udc00".repeat(99))
                .names(Collections.nCopies(1000, "n".repeat(60) + ".example"))
                .because("\ud83d\ude00".repeat(3000)).request("").serial("9".repeat(70)));
        AuditEntry entry = all().get(0);
        assertThat(entry.actorName()).contains("x\ufffdy\ufffdz");
        assertThat(entry.names()).hasSizeBetween(400, 999);
        assertThat(entry.detail().orElseThrow()).startsWith("(and " + (1000 - entry.names().size()) + " more names) ")
                .hasSizeBetween(3999, 4000);
        assertThat(entry.serial().orElseThrow()).hasSize(64);
        assertThat(verify().findings()).isEmpty();
    }

    @Test
    void neverShowsTheKeyOfTheChain() {
        record(ChainOfTests.event(1));
        String sealed = database.everythingIn("audit_head").get(4);
        assertThat(new String(AuditTrails.MASTER_KEY.open("audit-key:chain", sealed),
                StandardCharsets.US_ASCII)).matches("[0-9a-f]{64}");
    }

    @Test
    void doesNotWriteUnderAnotherMasterKey() {
        record(ChainOfTests.event(1));
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> database.inTransaction(entityManager ->
                ChainOfTests.append(entityManager, AuditTrails.node(MasterKeys.of(2)), 2)))
                .withMessageContaining("another master key");
        assertThat(all()).hasSize(1);
    }

    @Test
    void appendsWithoutGapsWhateverTwoNodesWriteAtOnce() throws Exception {
        int threads = 16;
        int each = 25;
        List<AuditNode> nodes = List.of(node, AuditTrails.node(AuditTrails.MASTER_KEY));
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> done = IntStream.range(0, threads).<Future<?>>mapToObj(thread -> pool.submit(() -> {
                for (int i = 0; i < each; i++) {
                    int number = thread * each + i;
                    database.inTransaction(entityManager ->
                            ChainOfTests.append(entityManager, nodes.get(number % 2), number));
                }
            })).toList();
            for (Future<?> future : done) {
                future.get();
            }
        } finally {
            pool.shutdownNow();
        }
        AuditReport report = verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.entries()).isEqualTo(threads * each);
        assertThat(report.end().number()).isEqualTo(threads * each);
        assertThat(all()).extracting(entry -> entry.requestId().orElseThrow()).doesNotHaveDuplicates();
    }

    private void record(AuditEvent event) {
        database.inTransaction(entityManager -> AuditTrails.of(entityManager, node).record(event));
    }

    private List<AuditEntry> all() {
        return database.transactionally(entityManager -> entityManager.createQuery(
                "select e from AuditEntry e order by e.number", AuditEntry.class).getResultList());
    }

    private AuditReport verify() {
        try {
            return new AuditVerifier(database.dataSource(), AuditTrails.MASTER_KEY).verify(List.of());
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
