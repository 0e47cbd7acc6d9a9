package certservice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstRunTest {

    @ParameterizedTest
    @CsvSource(nullValues = "null", value = {
            "Payara Micro 6.2025.1 #badassmicrofish, docs/payara-micro.md",
            "Payara Server 6.2025.1, docs/payara.md",
            "Eclipse GlassFish 7.0.20, docs/glassfish.md",
            "WildFly 35.0.0.Final, docs/wildfly.md",
            "SMF WebContainer, docs/liberty.md",
            "Something else, the server's documentation",
            "null, the server's documentation",
    })
    void namesTheRoleThePathAndTheServersPageInThreeLines(String server, String page) {
        assertThat(FirstRun.of(server, "/certs").lines()).hasSize(3).anySatisfy(line ->
                assertThat(line).contains("certservice-admin", "/certs/admin/", page + " says how"))
                .anySatisfy(line -> assertThat(line).contains("certservice.import", "docs/configuration.md"));
    }

    @Test
    void isNotDueWhenThereIsAKeyAlsoOneThatIsDisabled() throws SQLException {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        Flyway.configure().dataSource(database).load().migrate();
        assertThat(FirstRun.isWithoutKeys(database)).isTrue();
        try (Connection connection = database.getConnection()) {
            connection.createStatement().execute("insert into api_key (id, label, key_hash, enabled, version)"
                    + " values ('k1', 'portal', 'hash', false, 1)");
        }
        assertThat(FirstRun.isWithoutKeys(database)).isFalse();
    }
}
