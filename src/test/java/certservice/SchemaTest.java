package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** The scripts that make the schema, on H2, where nothing undoes what was done of one before the power failed. */
class SchemaTest {

    private static final String SEARCH = "/db/migration/V9__search.sql";

    @Test
    void isMadeThoughTheLastScriptWasCutOffBefore() throws Exception {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        Flyway.configure().dataSource(h2).target("8").load().migrate();
        List<String> statements = statements(SEARCH);
        assertThat(statements).hasSizeGreaterThan(5);
        execute(h2, statements.subList(0, statements.size() - 1));
        assertThatCode(() -> Flyway.configure().dataSource(h2).load().migrate()).doesNotThrowAnyException();
    }

    private static List<String> statements(String script) throws IOException {
        try (InputStream text = SchemaTest.class.getResourceAsStream(script)) {
            String sql = new String(text.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
            return Stream.of(sql.split(";")).map(String::strip).filter(statement -> !statement.isEmpty()).toList();
        }
    }

    private static void execute(JdbcDataSource database, List<String> statements) throws SQLException {
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }
}
