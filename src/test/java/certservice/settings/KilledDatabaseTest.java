package certservice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that commits, again and again on one file that nobody closes in between: what was told to be
 * committed is there. {@code -Dkills=200} does it more often, {@code -Dseed=} repeats a run's moments.
 */
class KilledDatabaseTest {

    private static final Logger LOG = System.getLogger(KilledDatabaseTest.class.getName());
    private static final int KILLS = Integer.getInteger("kills", 8);
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    /** How long a process works at most. */
    private static final int LONGEST_MILLIS = Integer.getInteger("longest", 500);

    /** When H2 may use space in the file again. By default it is after 45 seconds, which would take too long here. */
    private static final int RETENTION_MILLIS = Integer.getInteger("retention", 100);

    /** {@code -Durl=jdbc:h2:nio:} shows what H2 does by itself. */
    private static final String URL = System.getProperty("url", CurrentFilePath.URL);

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern FOUND = Pattern.compile(Committer.FOUND + " (\\d) \\[(.*)]");

    private final Random random = new Random(SEED);

    /** The numbers of each thread that were told to be committed. */
    private final Map<Integer, List<Integer>> told = new HashMap<>();

    @TempDir
    Path folder;

    @Test
    void hasWhatWasToldToBeCommitted() throws Exception {
        LOG.log(Level.INFO, "-Dseed={0}", Long.toString(SEED));
        for (int kill = 1; kill <= KILLS; kill++) {
            workAndDie("kill " + kill + ", -Dseed=" + SEED);
        }
        assertThat(told.values().stream().mapToInt(List::size).sum()).as("commits").isGreaterThan(KILLS);
    }

    private void workAndDie(String description) throws Exception {
        Path output = folder.resolve("output");
        Process committer = start(output);
        try {
            awaitFound(committer, output);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_MILLIS));
        } finally {
            committer.destroyForcibly().waitFor();
        }
        for (String line : Files.readAllLines(output)) {
            check(line, description);
        }
    }

    private Process start(Path output) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-Dcertservice.db.url=" + URL + folder.resolve("killed")
                        + CertserviceDataSource.H2_OPTIONS + ";RETENTION_TIME=" + RETENTION_MILLIS,
                "-Dcertservice.db.user=certservice", "-cp", System.getProperty("java.class.path"),
                Committer.class.getName())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    private static void awaitFound(Process committer, Path output) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (Files.readAllLines(output).stream().filter(line -> line.startsWith(Committer.FOUND)).count()
                < Committer.THREADS) {
            String said = Files.readString(output);
            assertThat(committer.isAlive()).as("the process lives; it has said: %s", said).isTrue();
            assertThat(System.nanoTime()).as("time, when it has said: %s", said).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** Of each thread, what it has found comes before what it commits. */
    private void check(String line, String description) {
        Matcher found = FOUND.matcher(line);
        if (found.matches()) {
            Set<Integer> numbers = Arrays.stream(found.group(2).split(", ")).filter(Predicate.not(String::isEmpty))
                    .map(Integer::valueOf).collect(Collectors.toSet());
            assertThat(numbers).as("numbers of thread %s found, %s", found.group(1), description)
                    .containsAll(told.getOrDefault(Integer.valueOf(found.group(1)), List.of()));
            return;
        }
        assertThat(line).as("what the process says").matches("\\d \\d+");
        String[] words = line.split(" ");
        told.computeIfAbsent(Integer.valueOf(words[0]), thread -> new ArrayList<>()).add(Integer.valueOf(words[1]));
    }
}
