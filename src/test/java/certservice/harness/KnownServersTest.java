package certservice.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KnownServersTest {

    /** {@code -Dserver=} chooses for Maven a folder with a distribution, for the harness a class. */
    @Test
    void areThoseThatMavenCanFetch() throws IOException {
        try (Stream<Path> folders = Files.list(BuildDirectory.serverConfig(""))) {
            List<String> withDistribution = folders
                    .filter(folder -> Files.exists(folder.resolve("distribution.properties")))
                    .map(folder -> folder.getFileName().toString()).toList();
            assertThat(KnownServers.names()).containsExactlyInAnyOrderElementsOf(withDistribution);
        }
    }

    @Test
    void areNamedByTheirFolders() {
        assertThat(KnownServers.names())
                .allMatch(name -> KnownServers.create(name, Path.of("unused")).name().equals(name));
    }

    @Test
    void saysWhichServersThereAre() {
        assertThatThrownBy(() -> KnownServers.create("tomcat", Path.of("unused")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Unknown server 'tomcat'; known: glassfish, liberty, payara, payara-micro, wildfly");
    }
}
