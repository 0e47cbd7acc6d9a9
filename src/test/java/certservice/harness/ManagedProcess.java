package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A server process with its log file. Whatever happens, it ends with this JVM: a shutdown hook stops all that still
 * run, with their descendants. It is stopped through its handle, never by name.
 */
public final class ManagedProcess implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 50;
    private static final int TAIL_LINES = 40;
    private static final Set<ManagedProcess> RUNNING = ConcurrentHashMap.newKeySet();
    private static boolean stopping;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ManagedProcess::stopAll, "stop-managed-processes"));
    }

    private final String name;
    private final Process process;
    private final Path log;
    private final long begin;

    /** @param begin how long the log was before this process wrote into it */
    private ManagedProcess(String name, Process process, Path log, long begin) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.begin = begin;
    }

    /**
     * Starts a process without standard input; its output and errors go to {@code <name>.log}.
     *
     * @param name        for messages, and of the log file
     * @param directory   where the process runs and where its log is; a log of that name is appended to
     * @param environment variables in addition to this JVM's own
     */
    public static ManagedProcess start(String name, Path directory, Map<String, String> environment,
            List<String> command) {
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            ManagedProcess managed = start(name, builder, log);
            managed.process.onExit().thenRun(() -> RUNNING.remove(managed));
            managed.process.getOutputStream().close();
            return managed;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't start " + name + ": " + e.getMessage(), e);
        }
    }

    private static ManagedProcess start(String name, ProcessBuilder builder, Path log) throws IOException {
        synchronized (RUNNING) {
            if (stopping) {
                throw new IllegalStateException("Can't start " + name + " while everything is being stopped");
            }
            long begin = Files.exists(log) ? Files.size(log) : 0;
            ManagedProcess managed = new ManagedProcess(name, builder.start(), log, begin);
            RUNNING.add(managed);
            return managed;
        }
    }

    /**
     * Returns once the probe says yes.
     *
     * @throws IllegalStateException with the end of the log, if the process exits or the time is over before; the
     *                               process is stopped then
     */
    public ManagedProcess awaitReady(BooleanSupplier probe, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            if (!process.isAlive()) {
                throw new IllegalStateException(name + " exited with status " + process.exitValue() + ":\n" + tail());
            }
            if (probe.getAsBoolean()) {
                return this;
            }
            if (System.nanoTime() >= deadline) {
                kill();
                throw new IllegalStateException(
                        name + " was not ready within " + patience.toSeconds() + " s:\n" + tail());
            }
            pause();
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Completed when the process has ended, for whatever reason. */
    public CompletableFuture<Void> ended() {
        return process.onExit().thenAccept(exited -> { });
    }

    public Path log() {
        return log;
    }

    /** All that the process has written so far, without what an earlier one has left in the log. */
    public String output() {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1).substring((int) begin);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits for a process that ends by itself.
     *
     * @return its exit status
     * @throws IllegalStateException with the end of the log, if the time is over before; the process is stopped then
     */
    public int awaitExit(Duration patience) {
        if (!hasEnded(patience)) {
            kill();
            throw new IllegalStateException(
                    name + " did not end within " + patience.toSeconds() + " s:\n" + tail());
        }
        return process.exitValue();
    }

    /** A handle's future is complete a moment before the process itself knows of its end. */
    private boolean hasEnded(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The last lines of the log. */
    public String tail() {
        List<String> lines = output().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    /** Asks the process and its descendants to end (SIGTERM), and kills what is left after twenty seconds. */
    public void stop() {
        end(true);
    }

    /** Ends the process and its descendants at once (SIGKILL), as a crash would. */
    public void kill() {
        end(false);
    }

    @Override
    public void close() {
        stop();
    }

    private void end(boolean gently) {
        List<ProcessHandle> family = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        if (gently) {
            family.forEach(ProcessHandle::destroy);
            awaitExit(family, GRACE);
        }
        family.forEach(ProcessHandle::destroyForcibly);
        awaitExit(family, GRACE);
    }

    private static void awaitExit(List<ProcessHandle> family, Duration patience) {
        CompletableFuture<?>[] exits = family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(exits).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException stillRunning) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void stopAll() {
        synchronized (RUNNING) {
            stopping = true;
        }
        if (RUNNING.isEmpty()) {
            return;
        }
        CompletableFuture<?>[] stops = RUNNING.stream()
                .map(process -> CompletableFuture.runAsync(process::stop))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(stops).join();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
