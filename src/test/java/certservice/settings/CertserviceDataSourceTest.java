package certservice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class CertserviceDataSourceTest {

    private static final String PASSWORD = "tiger-0815";

    @TempDir
    Path folder;

    @Test
    void isAnH2FileInTheDataDirectoryByDefault() throws SQLException {
        DataSource dataSource = open(Map.of("certservice.data.dir", folder.resolve("new").toString()));
        try (Connection connection = dataSource.getConnection()) {
            assertThat(connection.getMetaData().getURL()).startsWith("jdbc:h2:current:" + folder.resolve("new"));
        }
        assertThat(folder.resolve("new/certservice.mv.db")).isRegularFile();
    }

    @Test
    void keepsWhatWasCommittedAcrossConnections() throws SQLException {
        Map<String, String> settings = Map.of("certservice.data.dir", folder.toString());
        try (Connection connection = open(settings).getConnection()) {
            connection.createStatement().execute("create table kept (id int)");
        }
        try (Connection connection = open(settings).getConnection()) {
            assertThat(connection.getMetaData().getTables(null, null, "KEPT", null).next()).isTrue();
        }
    }

    @Test
    void opensTheH2UrlWithUserAndPassword() throws SQLException {
        DataSource dataSource = open(Map.of("certservice.db.url", "jdbc:h2:mem:given",
                "certservice.db.user", "scott", "certservice.db.password", PASSWORD));
        try (Connection connection = dataSource.getConnection()) {
            assertThat(connection.getMetaData().getURL()).isEqualTo("jdbc:h2:mem:given");
            assertThat(connection.getMetaData().getUserName()).isEqualToIgnoringCase("scott");
        }
    }

    /** Servers open the data source at deployment: a database that is down then may come up later. */
    @Test
    void takesAPostgresqlUrlWithoutConnecting() throws SQLException {
        DataSource dataSource = open(Map.of("certservice.db.url", "jdbc:postgresql://db.invalid:5433/certs",
                "certservice.db.user", "scott", "certservice.db.password", PASSWORD));
        assertThat(dataSource).isInstanceOfSatisfying(PGSimpleDataSource.class, postgresql -> {
            assertThat(postgresql.getServerNames()).containsExactly("db.invalid");
            assertThat(postgresql.getPortNumbers()).containsExactly(5433);
            assertThat(postgresql.getDatabaseName()).isEqualTo("certs");
            assertThat(postgresql.getUser()).isEqualTo("scott");
            assertThat(postgresql.getPassword()).isEqualTo(PASSWORD);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "jdbc:mysql://scott:" + PASSWORD + "@db.example/certs",
            "jdbc:mysql://db.example/certs?password=" + PASSWORD,
            "jdbc:sqlserver://db.example;password=" + PASSWORD,
            "jdbc:oracle:thin:scott/" + PASSWORD + "@db.example:1521:certs",
            "postgresql://scott:" + PASSWORD + "@db.example/certs",
            "jdbc:postgresql://db.example:port/certs?password=" + PASSWORD,
            PASSWORD,
    })
    void rejectsAnyOtherUrlWithoutShowingAPasswordInIt(String url) {
        Throwable thrown = catchThrowable(() -> open(Map.of("certservice.db.url", url)));
        assertThat(thrown).isInstanceOf(WrongSetting.class).hasMessageContaining("certservice.db.url")
                .hasMessageContaining("a URL that starts with jdbc:h2: or jdbc:postgresql:")
                .hasNoCause();
        assertThat(thrown).message().doesNotContain(PASSWORD);
    }

    @Test
    void readsThePasswordFromAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        DataSource dataSource = open(Map.of("certservice.db.url", "jdbc:postgresql:certs",
                "certservice.db.password-file", file.toString()));
        assertThat(((PGSimpleDataSource) dataSource).getPassword()).isEqualTo(PASSWORD);
    }

    @Test
    void tellsThatAJndiNameLeadsNowhere() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> open(Map.of("certservice.db.jndi", "jdbc/nowhere")))
                .withMessage("Setting certservice.db.jndi = 'jdbc/nowhere': allowed is the JNDI name of a non-JTA"
                        + " datasource of this server");
    }

    @Test
    void leavesTheContextClassLoaderAsItWas() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        catchThrowable(() -> open(Map.of("certservice.db.jndi", "jdbc/nowhere")));
        assertThat(thread.getContextClassLoader()).isSameAs(before);
    }

    @Test
    void tellsThatTheDataDirectoryCantBeMade() throws Exception {
        Path occupied = Files.writeString(folder.resolve("file"), "");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> open(Map.of("certservice.data.dir", occupied.resolve("data").toString())))
                .withMessageContaining("certservice.data.dir")
                .withMessageContaining(occupied.toString());
    }

    private static DataSource open(Map<String, String> settings) throws SQLException {
        return CertserviceDataSource.open(SettingsOfTests.sourceOf(settings));
    }
}
