package certservice.harness;

import certservice.harness.CertserviceClient.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * One row of the table that {@code server-config/measure} prints: what the service costs on the chosen server. Of each
 * WAR the second start counts, since some servers are set up in the first one. Memory is read where Linux shows it.
 */
public final class Measure {

    private static final String EMPTY = "empty.txt";
    private static final int REQUESTS = 1000;

    private final Path directory = BuildDirectory.fresh("measure");
    private final String apiKey = UUID.randomUUID().toString();

    /** @throws IllegalStateException if a jar is in the WAR twice, or a request is not answered as it should be */
    public static void main(String[] arguments) throws Exception {
        new Measure().run();
    }

    private void run() throws IOException {
        refuseJarsTwice();
        Path empty = SmallWar.of(directory.resolve("empty.war"), Map.of(EMPTY, "empty"));
        Start server = secondStart("empty", empty, Measure::servesTheEmptyWar, ignored -> { });
        String[] memory = new String[1];
        String[] name = new String[1];
        Start service = secondStart("service", BuildDirectory.war(), uri -> new CertserviceClient(uri).isReady(),
                running -> {
                    name[0] = running.name();
                    sendRequests(running.baseUri());
                    memory[0] = residentMegabytes(running.pid());
                });
        System.out.printf(Locale.ROOT, "%-13s %8.1f %10.1f %11.1f %11.1f %10.1f %8s %6.1f%n", name[0],
                Files.size(BuildDirectory.war()) / 1e6, seconds(server.time()), seconds(service.time()),
                seconds(service.time().minus(server.time())), seconds(service.processor().minus(server.processor())),
                memory[0], ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** How long a start took, and how long the server's process kept a processor busy for it. */
    private record Start(Duration time, Duration processor) {
    }

    private interface Look {
        void at(ApplicationServer running) throws IOException;
    }

    private Start secondStart(String what, Path war, Predicate<URI> ready, Look look) throws IOException {
        Path files = Files.createDirectories(directory.resolve(what));
        Map<String, String> settings = Map.of("certservice.data.dir", files.resolve("data").toString(),
                "certservice.import", new ImportFile().subdomainsOf("example.com")
                        .apiKey("measure", apiKey, "example.com").writeTo(files.resolve("import.json")).toString());
        int port = Ports.free();
        try (ApplicationServer server =
                ApplicationServer.chosen(Files.createDirectories(files.resolve("server")))) {
            server.start(war, settings, port, ready);
            server.stop();
            long begun = System.nanoTime();
            server.start(war, settings, port, ready);
            Start start = new Start(Duration.ofNanos(System.nanoTime() - begun), processorTime(server.pid()));
            look.at(server);
            return start;
        }
    }

    private static Duration processorTime(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration()).orElse(Duration.ZERO);
    }

    /** With a good key, which takes a look into the database; without a body that could begin an order. */
    private void sendRequests(URI uri) {
        CertserviceClient client = new CertserviceClient(uri).withKey(apiKey);
        for (int i = 0; i < REQUESTS; i++) {
            Response response = client.cert("{\"staging\":true,\"domains\":\"\"}");
            if (response.status() != 400) {
                throw new IllegalStateException("400 was expected: " + response);
            }
        }
    }

    private static String residentMegabytes(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.exists(status)) {
            return "-";
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.toString(Long.parseLong(line.replaceAll("\\D", "")) / 1024)).findFirst().orElse("-");
    }

    private static boolean servesTheEmptyWar(URI uri) {
        try {
            return new CertserviceClient(uri).get("/" + EMPTY).status() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** The same jar in two versions, or under two names. */
    private static void refuseJarsTwice() throws IOException {
        try (ZipFile war = new ZipFile(BuildDirectory.war().toFile())) {
            List<? extends ZipEntry> jars = war.stream().filter(entry -> entry.getName().endsWith(".jar")).toList();
            Map<String, List<String>> byArtifact = jars.stream().map(ZipEntry::getName)
                    .collect(Collectors.groupingBy(jar -> jar.replaceFirst("-[0-9].*", "")));
            Map<Long, List<String>> byContent = jars.stream().collect(Collectors.groupingBy(
                    ZipEntry::getCrc, Collectors.mapping(ZipEntry::getName, Collectors.toList())));
            for (Map<?, List<String>> grouping : List.of(byArtifact, byContent)) {
                grouping.values().stream().filter(same -> same.size() > 1).findAny().ifPresent(same -> {
                    throw new IllegalStateException("Twice in the WAR: " + same);
                });
            }
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
