package certservice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenConnectionsTest {

    private final OpenConnections connections = new OpenConnections();

    @Test
    void areClosedAtTheEnd() throws SQLException {
        try (Connection first = connections.open(OpenConnectionsTest::h2);
                Connection second = connections.open(OpenConnectionsTest::h2)) {
            first.close();
            connections.end();
            assertThat(second.isClosed()).isTrue();
        }
    }

    @Test
    void areRefusedAfterTheEnd() {
        List<Connection> opened = new ArrayList<>();
        connections.end();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connections.open(() -> {
            opened.add(h2());
            return opened.get(0);
        })).withMessage("certservice is being stopped");
        assertThat(opened).isEmpty();
    }

    @Test
    void areClosedThatCameWhenTheEndHadBegun() throws SQLException {
        List<Connection> opened = new ArrayList<>();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connections.open(() -> {
            connections.end();
            opened.add(h2());
            return opened.get(0);
        }));
        assertThat(opened.get(0).isClosed()).isTrue();
    }

    private static Connection h2() throws SQLException {
        return DriverManager.getConnection("jdbc:h2:mem:");
    }
}
