package certservice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class AuditLogTest {

    @Parameter
    TestDatabase database;

    @BeforeEach
    void append() {
        database.clear();
        database.inTransaction(entityManager -> AuditTrails.of(entityManager).record(List.of(
                ChainOfTests.event(1),
                AuditEvent.of(Action.KEY_DISABLED).by(Actor.administrator("bob")).from("192.0.2.9"),
                AuditEvent.of(Action.DOMAIN_CREATED).names(List.of("my_host.example.org")),
                ChainOfTests.event(4))));
    }

    @Test
    void showsTheNewestFirst() {
        assertThat(numbers(AuditFilter.ALL)).containsExactly(4L, 3L, 2L, 1L);
        assertThat(ask((AuditLog log) -> log.search(AuditFilter.ALL, 1, 2))).extracting(AuditEntry::number)
                .containsExactly(3L, 2L);
    }

    @Test
    void findsWhatAFilterSays() {
        assertThat(numbers(AuditFilter.ALL.actions(Set.of(Action.KEY_DISABLED, Action.DOMAIN_CREATED))))
                .containsExactly(3L, 2L);
        assertThat(numbers(AuditFilter.ALL.by("bob"))).containsExactly(2L);
        assertThat(numbers(AuditFilter.ALL.by("k4"))).containsExactly(4L);
        assertThat(numbers(AuditFilter.ALL.by("Größe"))).containsExactly(4L, 1L);
        assertThat(numbers(AuditFilter.ALL.serial("04"))).containsExactly(4L);
        assertThat(numbers(AuditFilter.ALL.request("r1"))).containsExactly(1L);
        assertThat(numbers(AuditFilter.ALL.serial("04").request("r1"))).isEmpty();
    }

    @Test
    void findsWholeNamesOnly() {
        assertThat(numbers(AuditFilter.ALL.about("example.com"))).containsExactly(4L, 1L);
        assertThat(numbers(AuditFilter.ALL.about("www.example.com"))).containsExactly(4L, 1L);
        assertThat(numbers(AuditFilter.ALL.about("my_host.example.org"))).containsExactly(3L);
        assertThat(numbers(AuditFilter.ALL.about("my_host_example.org"))).isEmpty();
        assertThat(numbers(AuditFilter.ALL.about("xample.com"))).isEmpty();
        assertThat(numbers(AuditFilter.ALL.about("%"))).isEmpty();
    }

    @Test
    void findsByTime() {
        Instant now = Instant.now();
        assertThat(numbers(AuditFilter.ALL.between(now.minusSeconds(60), now.plusSeconds(60)))).hasSize(4);
        assertThat(numbers(AuditFilter.ALL.between(now.plusSeconds(60), null))).isEmpty();
        assertThat(numbers(AuditFilter.ALL.between(null, now.minusSeconds(60)))).isEmpty();
    }

    @Test
    void exportsEachEntryAsALine() {
        AuditEntry second = ask(log -> log.search(AuditFilter.ALL, 2, 1)).get(0);
        assertThat(export(AuditFilter.ALL.by("bob"))).isEqualTo("{\"number\":2,\"moment\":\"" + second.moment()
                + "\",\"node\":\"" + second.node() + "\",\"action\":\"KEY_DISABLED\",\"outcome\":\"SUCCEEDED\","
                + "\"actor\":{\"kind\":\"ADMINISTRATOR\",\"name\":\"bob\"},\"address\":\"192.0.2.9\","
                + "\"previousHash\":\"" + second.previousHash() + "\",\"hash\":\"" + second.hash() + "\"}\n");
        assertThat(export(AuditFilter.ALL).lines()).hasSize(4).first().asString()
                .contains("\"number\":1,", "\"names\":[\"www.example.com\",\"example.com\"]", "\"serial\":\"01\"",
                        "\"requestId\":\"r1\"", "\"detail\":\"for a test\"");
    }

    @Test
    void exportsPortionAfterPortion() {
        database.inTransaction(entityManager -> AuditTrails.of(entityManager).record(
                IntStream.range(0, 1200).mapToObj(ChainOfTests::event).toList()));
        List<String> lines = export(AuditFilter.ALL).lines().toList();
        assertThat(lines).hasSize(1204).doesNotHaveDuplicates();
        assertThat(lines.get(1203)).startsWith("{\"number\":1204,");
    }

    private List<Long> numbers(AuditFilter filter) {
        List<Long> numbers = ask(log -> log.search(filter, 0, 100)).stream().map(AuditEntry::number).toList();
        assertThat(ask((AuditLog log) -> log.count(filter))).isEqualTo(numbers.size());
        return numbers;
    }

    private String export(AuditFilter filter) {
        return ask(log -> {
            try {
                StringWriter lines = new StringWriter();
                long count = log.export(filter, lines);
                assertThat(lines.toString().lines()).hasSize((int) count);
                return lines.toString();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private <T> T ask(Function<AuditLog, T> question) {
        return database.transactionally(entityManager -> {
            AuditLog log = new AuditLog();
            log.entityManager = entityManager;
            return question.apply(log);
        });
    }
}
