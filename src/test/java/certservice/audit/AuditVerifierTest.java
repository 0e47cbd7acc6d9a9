package certservice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.audit.Finding.Kind;
import certservice.settings.MasterKeys;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody has the database, but not the master key. */
@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class AuditVerifierTest {

    private static final int ENTRIES = 9;
    private static final String COLUMNS = "moment, node, action, outcome, actor_kind, actor_id, actor_name, address,"
            + " request_id, names, serial, detail, previous_hash, hash";

    @Parameter
    TestDatabase database;

    private AuditNode node;
    private AuditAnchor fifth;

    @BeforeEach
    void append() throws SQLException {
        database.clear();
        node = AuditTrails.node(AuditTrails.MASTER_KEY);
        append(1, ENTRIES);
        assertThat(verify().isFine()).isTrue();
        fifth = database.transactionally(entityManager -> entityManager.createQuery(
                "select e from AuditEntry e where e.number = 5", AuditEntry.class).getSingleResult().anchor());
    }

    @Test
    void findsNothingInAnUntouchedChain() throws SQLException {
        AuditReport report = verify(fifth, AuditAnchor.BEGINNING);
        assertThat(report.entries()).isEqualTo(ENTRIES);
        assertThat(report.end().number()).isEqualTo(ENTRIES);
        assertThat(report.findings()).isEmpty();
    }

    @Test
    void findsNothingBeforeTheFirstEntry() throws SQLException {
        database.clear();
        assertThat(verify().isFine()).isTrue();
        assertThat(verify().entries()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "moment | moment + interval '1' second", "node | 'other'", "action | 'KEY_DELETED'", "outcome | 'FAILED'",
            "actor_kind | 'SERVICE'", "actor_id | 'k8'", "actor_id | null", "actor_name | 'someone'",
            "address | '192.0.2.2'", "address | null", "request_id | 'r8'", "names | 'example.com,www.example.com'",
            "names | null", "serial | 'x'", "detail | 'for a test '", "detail | ''",
            "previous_hash | 'f'",
            "hash | '0000000000000000000000000000000000000000000000000000000000000000'"})
    void findsAnyColumnOfAnyEntryChanged(String column, String value) throws SQLException {
        for (int number : new int[] {1, 4, ENTRIES}) {
            append();
            sql("update audit_entry set " + column + " = " + value + " where entry_number = " + number);
            Finding first = verify().findings().get(0);
            assertThat(first.number()).as(first.toString()).isEqualTo(number);
            assertThat(first.kind()).isEqualTo(Kind.CHANGED);
        }
    }

    @Test
    void findsATextThatHasMovedIntoTheNextColumn() throws SQLException {
        sql("update audit_entry set actor_id = null, actor_name = 'k4Größe' where entry_number = 4");
        assertThat(kinds()).containsExactly(Kind.CHANGED);
    }

    @Test
    void findsAnEntryRemoved() throws SQLException {
        sql("delete from audit_entry where entry_number = 4");
        assertThat(verify().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.REMOVED);
            assertThat(finding.number()).isEqualTo(4);
        });
    }

    @Test
    void findsTheFirstEntriesRemoved() throws SQLException {
        sql("delete from audit_entry where entry_number <= 3");
        assertThat(verify().findings()).singleElement().hasToString("REMOVED 1: entries 1 to 3 are missing");
    }

    @Test
    void findsAnEntryRemovedAndTheOthersNumberedAnew() throws SQLException {
        sql("delete from audit_entry where entry_number = 4");
        for (int number = 5; number <= ENTRIES; number++) {
            sql("update audit_entry set entry_number = " + (number - 1) + " where entry_number = " + number);
        }
        assertThat(kinds()).containsExactly(Kind.REORDERED, Kind.TRUNCATED);
        sql("update audit_head set last_number = last_number - 1");
        assertThat(kinds()).containsExactly(Kind.HEAD_CHANGED, Kind.REORDERED);
    }

    @Test
    void findsTheLastEntriesRemoved() throws SQLException {
        sql("delete from audit_entry where entry_number >= 8");
        assertThat(verify().findings()).singleElement()
                .hasToString("TRUNCATED 8: entries 8 to 9 are missing at the end");
    }

    @Test
    void findsTheLastEntriesRemovedAndTheHeadSetBack() throws SQLException {
        sql("delete from audit_entry where entry_number > 5", "update audit_head set last_number = 5, last_hash = '"
                + fifth.hash() + "'");
        assertThat(kinds()).containsExactly(Kind.HEAD_CHANGED);
    }

    @Test
    void findsAllEntriesRemoved() throws SQLException {
        sql("delete from audit_entry");
        assertThat(kinds()).containsExactly(Kind.TRUNCATED);
    }

    @Test
    void findsTwoEntriesSwapped() throws SQLException {
        sql("update audit_entry set entry_number = 100 where entry_number = 3",
                "update audit_entry set entry_number = 3 where entry_number = 6",
                "update audit_entry set entry_number = 6 where entry_number = 100");
        assertThat(kinds()).containsOnly(Kind.REORDERED).hasSizeGreaterThanOrEqualTo(3);
        assertThat(verify().findings().get(0).number()).isEqualTo(3);
    }

    @Test
    void findsTheLastTwoEntriesSwapped() throws SQLException {
        sql("update audit_entry set entry_number = 100 where entry_number = 8",
                "update audit_entry set entry_number = 8 where entry_number = 9",
                "update audit_entry set entry_number = 9 where entry_number = 100");
        assertThat(kinds()).containsOnly(Kind.REORDERED);
    }

    @Test
    void findsAnEntryInTheTrueOnesPlace() throws SQLException {
        sql("delete from audit_entry where entry_number = 4", "insert into audit_entry (entry_number, " + COLUMNS
                + ") select 4, " + COLUMNS + " from audit_entry where entry_number = 2");
        assertThat(verify().findings().get(0)).satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.REORDERED);
            assertThat(finding.number()).isEqualTo(4);
        });
    }

    @ParameterizedTest
    @CsvSource({"10", "1000000", "0", "-7"})
    void findsAnEntryInserted(long number) throws SQLException {
        sql("insert into audit_entry (entry_number, " + COLUMNS + ") select " + number + ", " + COLUMNS
                + " from audit_entry where entry_number = 2");
        assertThat(kinds()).containsExactly(Kind.INSERTED);
    }

    @Test
    void findsAnEntryRenumbered() throws SQLException {
        sql("update audit_entry set entry_number = 50 where entry_number = 4");
        assertThat(kinds()).containsExactly(Kind.REMOVED, Kind.INSERTED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"last_number = 8", "last_number = 10", "last_number = 0", "seal = null",
            "seal = 'x'", "last_hash = 'x'", "sealed_key = null", "sealed_key = 'x'", "id = 'other'"})
    void findsTheHeadChanged(String change) throws SQLException {
        try {
            sql("update audit_head set " + change);
            assertThat(kinds()).contains(Kind.HEAD_CHANGED);
        } finally {
            sql("update audit_head set id = 'chain'");
        }
    }

    @Test
    void findsByAnAnchorThatAnOlderStateIsBack() throws SQLException {
        String seal = database.everythingIn("audit_head").get(3);
        AuditAnchor ninth = verify().end();
        append(10, 12);
        AuditAnchor twelfth = verify().end();
        sql("delete from audit_entry where entry_number > 9", "update audit_head set last_number = 9, last_hash = '"
                + ninth.hash() + "', seal = '" + seal + "'");
        assertThat(verify(ninth).isFine()).as("without the anchor it looks as it did then").isTrue();
        assertThat(verify(twelfth).findings()).singleElement()
                .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Kind.NOT_AS_ANCHORED));
    }

    @Test
    void verifiesNothingUnderAnotherMasterKey() throws SQLException {
        AuditReport report = new AuditVerifier(database.dataSource(), MasterKeys.of(2)).verify(List.of());
        assertThat(report.findings()).singleElement().asString().contains("another master key");
    }

    @Test
    void verifiesWhatWasAddedAlone() throws SQLException {
        append(10, 11);
        AuditVerifier verifier = new AuditVerifier(database.dataSource(), AuditTrails.MASTER_KEY);
        assertThat(verifier.verifySince(fifth).entries()).isEqualTo(6);
        sql("update audit_entry set detail = 'x' where entry_number in (2, 10)");
        assertThat(verifier.verifySince(fifth).findings()).singleElement()
                .satisfies(finding -> assertThat(finding.number()).isEqualTo(10));
    }

    @Test
    void passesPortions() throws SQLException {
        database.inTransaction(entityManager -> AuditTrails.of(entityManager, node)
                .record(IntStream.range(0, 2500).mapToObj(ChainOfTests::event).toList()));
        assertThat(verify().findings()).isEmpty();
        assertThat(verify().entries()).isEqualTo(2500 + ENTRIES);
        sql("update audit_entry set serial = 'x' where entry_number > 2000");
        assertThat(verify().total()).isEqualTo(500 + ENTRIES);
        assertThat(verify().findings()).hasSize(100);
    }

    // The service goes on, and says so

    @Test
    void recordsThatTheSealOfTheEndWasWrong() throws SQLException {
        sql("delete from audit_entry where entry_number > 5", "update audit_head set last_number = 5, last_hash = '"
                + fifth.hash() + "'");
        append(10, 11);
        assertThat(verify().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.RECORDED);
            assertThat(finding.number()).isEqualTo(6);
            assertThat(finding.detail()).contains("the seal of its end, entry 5, is wrong");
        });
    }

    @Test
    void recordsThatEntriesWhichItKnowsAreGone() throws SQLException {
        String seal = database.everythingIn("audit_head").get(3);
        AuditAnchor ninth = verify().end();
        append(10, 12);
        sql("delete from audit_entry where entry_number > 9", "update audit_head set last_number = 9, last_hash = '"
                + ninth.hash() + "', seal = '" + seal + "'");
        append(13, 14);
        assertThat(verify().findings()).singleElement().asString().contains("RECORDED 10",
                "it ends with entry 9, though entry 11 was there");
    }

    @Test
    void recordsAtItsStartThatTheEndIsNotWhereItWas() throws SQLException {
        sql("delete from audit_entry where entry_number > 7");
        database.inTransaction(entityManager -> ChainOfTests.append(entityManager,
                AuditTrails.node(AuditTrails.MASTER_KEY), 8));
        assertThat(verify().findings()).singleElement().asString().contains("RECORDED 8",
                "its last entry is 7, but should be 9");
    }

    @Test
    void beginsNoNewChainUnnoticed() throws SQLException {
        sql("update audit_head set last_number = 0, last_hash = '" + "0".repeat(64) + "', seal = null,"
                + " sealed_key = null");
        assertThat(kinds()).containsExactly(Kind.HEAD_CHANGED);
        append(10, 11);
        assertThat(kinds()).contains(Kind.CHANGED, Kind.RECORDED);
    }

    // The command

    @Test
    void printsWhatItHasFound() throws SQLException {
        assertThat(run()).isEqualTo("0 9 entries, 0 findings; the chain ends with " + verify().end() + "\n");
        sql("delete from audit_entry where entry_number = 9");
        assertThat(run()).startsWith("1 TRUNCATED 9: entry 9 is missing at the end\n8 entries, 1 findings;");
        assertThat(run(new AuditAnchor(5, "f".repeat(64)))).contains("NOT_AS_ANCHORED 5: ");
    }

    private String run(AuditAnchor... known) throws SQLException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = VerifyAudit.run(database.dataSource(), AuditTrails.MASTER_KEY, List.of(known),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        return code + " " + out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private AuditReport verify(AuditAnchor... known) throws SQLException {
        return new AuditVerifier(database.dataSource(), AuditTrails.MASTER_KEY).verify(List.of(known));
    }

    private List<Kind> kinds() throws SQLException {
        return verify().findings().stream().map(Finding::kind).toList();
    }

    private void append(int first, int last) {
        for (int number = first; number <= last; number++) {
            int each = number;
            database.inTransaction(entityManager -> ChainOfTests.append(entityManager, node, each));
        }
    }

    private void sql(String... statements) {
        database.inTransaction(entityManager -> {
            for (String statement : statements) {
                entityManager.createNativeQuery(statement).executeUpdate();
            }
        });
    }
}
