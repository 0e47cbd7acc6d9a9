package certservice.problem;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ejb.EJBException;
import jakarta.persistence.PersistenceException;
import jakarta.resource.spi.ResourceAllocationException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutageTest {

    @ParameterizedTest
    @CsvSource({"08001, true", "08006, true", "53300, true", "57P01, true", "57P03, true", "90098, true",
            "90028, true", "HYT00, true", "28P01, true", "25006, true", ", true",
            "22001, false", "23505, false", "42P01, false", "0A000, false"})
    void isTroubleOfTheDatabaseNotOfAStatement(String sqlState, boolean outage) {
        Exception wrapped = new EJBException("outer",
                new PersistenceException("inner", new SQLException("reason", sqlState)));
        assertThat(Outage.isIn(wrapped)).isEqualTo(outage);
        assertThat(Outage.in(wrapped).isPresent()).isEqualTo(outage);
    }

    @Test
    void isAPoolThatGivesNoConnection() {
        assertThat(Outage.isIn(new PersistenceException(new ResourceAllocationException("no managed connection"))))
                .isTrue();
        assertThat(Outage.isIn(new PersistenceException(new SQLTransientConnectionException("timed out")))).isTrue();
    }

    /** So Payara says that a commit failed: the database's exception is in a message only. */
    @Test
    void isATransactionManagerThatCannotCommit() {
        assertThat(Outage.isIn(new EJBException("can't complete", new SystemException()))).isTrue();
    }

    /** So WildFly says it. */
    @ParameterizedTest
    @CsvSource({"50000, true", "23505, false"})
    void isACommitThatFailedWithTroubleOfTheDatabase(String sqlState, boolean outage) {
        RollbackException rollback = new RollbackException("Could not commit transaction");
        rollback.addSuppressed(new Exception("one resource", new SQLException("No space left on device", sqlState)));
        assertThat(Outage.isIn(new EJBException("rolled back", rollback))).isEqualTo(outage);
    }

    @Test
    void isNothingElse() {
        assertThat(Outage.isIn(new PersistenceException("a bug", new IllegalStateException()))).isFalse();
    }

    @Test
    void tellsTheCallerWhenToComeAgainAndNothingOfTheCause() {
        Failure failure = Outage.in(new SQLException("db.internal refused", "08001")).orElseThrow();
        assertThat(failure.status()).isEqualTo(503);
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(10));
        assertThat(failure.getMessage()).doesNotContain("db.internal");
    }

    @Test
    void isSummedUpInOneLineWithoutTheWrappings() {
        assertThat(Outage.summary(new EJBException("outer", new SQLException("first\nsecond", "08001"))))
                .isEqualTo("java.sql.SQLException: first second");
    }

    @ParameterizedTest
    @CsvSource({"28P01, true", "28000, true", "3D000, true", "08001, false", "57P03, false"})
    void isARefusalIfTheSettingsAreWrong(String sqlState, boolean refusal) {
        assertThat(Outage.isRefusal(new EJBException("outer", new SQLException("reason", sqlState))))
                .isEqualTo(refusal);
    }
}
