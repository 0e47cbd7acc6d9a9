package certservice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingSourceTest {

    private static final String NAME = "certservice.db.password";

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> contextParameters = new HashMap<>();
    private final SettingSource source =
            new SettingSource(properties::get, environment::get, contextParameters);

    @TempDir
    Path folder;

    @Test
    void takesTheSystemPropertyBeforeTheEnvironmentBeforeTheContextParameter() {
        assertThat(source.get(NAME)).isEmpty();
        contextParameters.put(NAME, "from web.xml");
        assertThat(source.get(NAME)).contains("from web.xml");
        environment.put("CERTSERVICE_DB_PASSWORD", "from the environment");
        assertThat(source.get(NAME)).contains("from the environment");
        properties.put(NAME, "from a system property");
        assertThat(source.get(NAME)).contains("from a system property");
    }

    @Test
    void takesABlankValueForNone() {
        properties.put(NAME, "");
        environment.put("CERTSERVICE_DB_PASSWORD", " \t");
        contextParameters.put(NAME, " from web.xml ");
        assertThat(source.get(NAME)).contains("from web.xml");
    }

    @ParameterizedTest
    @CsvSource({
            "certservice.data.dir, CERTSERVICE_DATA_DIR",
            "certservice.master-key-file, CERTSERVICE_MASTER_KEY_FILE",
            "certservice.acme.staging.eab.kid, CERTSERVICE_ACME_STAGING_EAB_KID",
    })
    void namesAnEnvironmentVariableInUpperCaseWithUnderscores(String name, String variable) {
        assertThat(SettingSource.environmentVariable(name)).isEqualTo(variable);
    }

    @Test
    void readsASecretFromAFileWithoutSurroundingWhiteSpace() throws IOException {
        properties.put(NAME + "-file", Files.writeString(folder.resolve("password"), " open sesame \r\n").toString());
        assertThat(source.secret(NAME)).contains("open sesame");
    }

    @Test
    void takesTheSecretItselfBeforeItsFile() throws IOException {
        properties.put(NAME + "-file", Files.writeString(folder.resolve("password"), "from the file").toString());
        environment.put("CERTSERVICE_DB_PASSWORD", "from the environment");
        assertThat(source.secret(NAME)).contains("from the environment");
    }

    @Test
    void readsNoFileForAnOrdinarySetting() throws IOException {
        properties.put("certservice.db.user-file", Files.writeString(folder.resolve("user"), "scott").toString());
        assertThat(source.get("certservice.db.user")).isEmpty();
    }

    @Test
    void rejectsAFileOfASecretThatIsNotThere() {
        String file = folder.resolve("nowhere").toString();
        properties.put(NAME + "-file", file);
        assertThatExceptionOfType(WrongSetting.class).isThrownBy(() -> source.secret(NAME)).withMessage(
                "Setting " + NAME + "-file = '" + file + "': allowed is the path of a readable text file");
    }

    @Test
    void rejectsAFileOfASecretThatIsNoText() throws IOException {
        Path file = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        properties.put(NAME + "-file", file.toString());
        assertThatExceptionOfType(WrongSetting.class).isThrownBy(() -> source.secret(NAME))
                .withMessageContaining("the path of a readable text file");
    }

    @Test
    void readsThisProcess() {
        SettingSource process = SettingSource.ofProcess(Map.of("certservice.test.parameter", "3"));
        assertThat(process.get("user.home")).contains(System.getProperty("user.home"));
        assertThat(process.get("path")).contains(System.getenv("PATH"));
        assertThat(process.get("certservice.test.parameter")).contains("3");
    }
}
