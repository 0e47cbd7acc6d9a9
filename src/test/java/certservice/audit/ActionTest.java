package certservice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActionTest {

    @ParameterizedTest
    @EnumSource
    void isDescribed(Action action) throws IOException {
        assertThat(Files.readString(Path.of("docs/audit.md"))).contains("`" + action + "`");
    }
}
