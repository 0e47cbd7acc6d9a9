package certservice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastingConnectionTest {

    private final JdbcDataSource h2 = new JdbcDataSource();
    private final Cable cable = new Cable();
    private Connection connection;

    /** The way to H2, which breaks. */
    private final class Cable implements LastingConnection.Connector {

        private boolean cut;
        private Connection last;

        @Override
        public Connection connect() throws SQLException {
            if (cut) {
                throw new SQLException("cut", "08001");
            }
            last = h2.getConnection();
            return last;
        }

        void breakLast() throws SQLException {
            last.close();
        }
    }

    @BeforeEach
    void connect() throws SQLException {
        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        connection = LastingConnection.to(cable, "H2");
        execute("create table kept (id int)");
    }

    /** As a kill at the next moment would leave it. */
    @Test
    void hasInTheFileOfH2WhatIsCommitted(@TempDir Path folder) throws Exception {
        CurrentFilePath.register();
        h2.setURL(CurrentFilePath.URL + folder.resolve("live") + CertserviceDataSource.H2_OPTIONS);
        try (Connection live = LastingConnection.to(cable, "H2")) {
            live.createStatement().execute("create table kept (id int)");
            live.setAutoCommit(false);
            for (int id = 1; id <= 3; id++) {
                live.createStatement().execute("insert into kept values (" + id + ")");
                live.commit();
                Path copy = folder.resolve("copy" + id);
                Files.copy(folder.resolve("live.mv.db"), Path.of(copy + ".mv.db"));
                h2.setURL("jdbc:h2:file:" + copy);
                try (Connection after = h2.getConnection();
                        ResultSet rows = after.createStatement().executeQuery("select max(id) from kept")) {
                    rows.next();
                    assertThat(rows.getInt(1)).isEqualTo(id);
                }
            }
        }
    }

    @Test
    void opensNothingBeforeItIsNeeded() throws SQLException {
        cable.cut = true;
        Connection early = LastingConnection.to(cable, "H2");
        early.setAutoCommit(false);
        early.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        early.rollback();
        assertThat(early.isClosed()).isFalse();
        assertThat(early.isValid(1)).isFalse();
        cable.cut = false;
        early.createStatement().execute("insert into kept values (1)");
        assertThat(cable.last.getAutoCommit()).isFalse();
        assertThat(cable.last.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
        early.commit();
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void tellsTheKindOfItsDatabaseWhileThatIsAway() throws SQLException {
        cable.cut = true;
        Connection early = LastingConnection.to(cable, "PostgreSQL");
        assertThat(early.getMetaData().getDatabaseProductName()).isEqualTo("PostgreSQL");
        assertThat(early.getMetaData().getDatabaseMajorVersion()).isPositive();
        assertThat(early.getHoldability()).as("Open Liberty asks").isEqualTo(ResultSet.CLOSE_CURSORS_AT_COMMIT);
        try (Statement query = early.getMetaData().getConnection().createStatement();
                ResultSet version = query.executeQuery("select version()")) {
            assertThat(version.next()).isTrue();
            assertThat(version.getString(1)).startsWith("PostgreSQL");
        }
        cable.cut = false;
        assertThat(early.getMetaData().getDatabaseProductName()).as("the real one").isEqualTo("H2");
    }

    @Test
    void connectsAgainBeforeATransaction() throws SQLException {
        connection.setAutoCommit(false);
        execute("insert into kept values (1)");
        connection.commit();
        cable.breakLast();
        execute("insert into kept values (2)");
        connection.commit();
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void doesNotConnectAgainWithinATransaction() throws SQLException {
        connection.setAutoCommit(false);
        execute("insert into kept values (1)");
        cable.breakLast();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> execute("insert into kept values (2)"));
        assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit);
        execute("insert into kept values (3)");
        connection.rollback();
        assertThat(rows()).isZero();
    }

    @Test
    void rollsBackWhatIsLostAnyway() throws SQLException {
        connection.setAutoCommit(false);
        execute("insert into kept values (1)");
        cable.breakLast();
        connection.rollback();
        execute("insert into kept values (2)");
        connection.commit();
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void saysThatSwitchingToAutoCommitLostATransaction() throws SQLException {
        connection.setAutoCommit(false);
        execute("insert into kept values (1)");
        cable.breakLast();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.setAutoCommit(true));
        execute("insert into kept values (2)");
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void staysClosedOnceClosed() throws SQLException {
        connection.close();
        assertThat(connection.isClosed()).isTrue();
        assertThat(cable.last.isClosed()).isTrue();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> execute("insert into kept values (1)"));
    }

    private void execute(String sql) throws SQLException {
        connection.createStatement().execute(sql);
    }

    private int rows() throws SQLException {
        try (Connection other = h2.getConnection();
                ResultSet count = other.createStatement().executeQuery("select count(*) from kept")) {
            count.next();
            return count.getInt(1);
        }
    }
}
