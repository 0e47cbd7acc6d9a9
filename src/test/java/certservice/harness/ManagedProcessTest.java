package certservice.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagedProcessTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    void failsAtOnceWithTheEndOfTheLogWhenTheProcessExits() {
        ManagedProcess process = shell("echo can not bind; exit 3");

        assertThatThrownBy(() -> process.awaitReady(() -> false, LONG))
                .hasMessageContaining("test exited with status 3").hasMessageContaining("can not bind");
    }

    @Test
    void stopsAProcessThatIsNotReadyInTime() {
        ManagedProcess process = shell("echo still loading; exec sleep 300");

        assertThatThrownBy(() -> process.awaitReady(() -> false, Duration.ofMillis(300)))
                .hasMessageContaining("not ready within");
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void returnsWhenTheProbeSaysYes() {
        try (ManagedProcess process = shell("echo ready; exec sleep 300")) {
            process.awaitReady(() -> process.output().contains("ready"), LONG);

            assertThat(process.isAlive()).isTrue();
        }
    }

    @Test
    void stopsDescendantsToo() {
        ManagedProcess process = shell("sleep 300 & echo child $!; wait");
        process.awaitReady(() -> process.output().contains("child "), LONG);
        long child = numberAfter("child ", process.output());
        assertThat(isAlive(child)).isTrue();

        process.stop();

        assertThat(process.isAlive()).isFalse();
        assertThat(isAlive(child)).isFalse();
    }

    @Test
    void lastLinesOfALongLogAreItsTail() {
        ManagedProcess process = shell("for i in $(seq 1 100); do echo line $i; done; exec sleep 300");
        process.awaitReady(() -> process.output().contains("line 100"), LONG);
        process.kill();

        assertThat(process.tail()).endsWith("line 99\nline 100").doesNotContain("line 60\n");
    }

    @Test
    void processHasNoStandardInput() throws Exception {
        ManagedProcess process = shell("cat; echo end of input");

        process.ended().get(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(process.output()).contains("end of input");
    }

    @Test
    void processEndsWithTheJvm() throws Exception {
        Path output = directory.resolve("output");
        Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), StartsAndExits.class.getName(), directory.toString())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();

        assertThat(jvm.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(isAlive(numberAfter("left behind ", Files.readString(output)))).isFalse();
    }

    /** A program that forgets to stop what it has started. */
    static final class StartsAndExits {

        public static void main(String[] arguments) {
            ManagedProcess process = ManagedProcess.start("left-behind", Path.of(arguments[0]), Map.of(),
                    List.of("sleep", "300"));
            System.out.println("left behind " + process.pid());
        }
    }

    private ManagedProcess shell(String script) {
        return ManagedProcess.start("test", directory, Map.of(), List.of("sh", "-c", script));
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static long numberAfter(String label, String text) {
        return Long.parseLong(text.substring(text.indexOf(label) + label.length()).lines().findFirst().orElseThrow());
    }
}
