package certservice.harness;

import certservice.harness.Contender.Program;
import certservice.harness.Contender.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures the service, warm and through its HTTP API, beside certbot and lego if they are on the PATH: time and ACME
 * requests for one certificate, orders per second, memory. All ask the same Pebble, for names that were never asked
 * for before. {@code docs/benchmark.md} says what the numbers mean.
 *
 * <p>System properties: {@code bench.names} (sizes, {@code 1,10,100}), {@code bench.runs} (rounds, {@code 3}),
 * {@code bench.limit} (seconds for one run of a program, {@code 300}), {@code bench.minutes} (for all, {@code 15}).
 */
public final class Bench {

    /** Pebble logs each request that it knows a handler for, once. */
    private static final String REQUEST = "(?<!/renewalInfo/) -> calling handler\\(\\)";
    private static final Duration RESERVE = Duration.ofMinutes(2);
    private static final Duration NO_PROGRESS = Duration.ofMinutes(1);
    private static final int PARALLEL = 32;
    private static final int EC_ORDERS = 256;
    private static final int RSA_ORDERS = 96;

    private final List<Integer> sizes = Stream.of(System.getProperty("bench.names", "1,10,100").split(","))
            .map(String::strip).map(Integer::valueOf).sorted().toList();
    private final int rounds = Integer.getInteger("bench.runs", 3);
    private final Duration limit = Duration.ofSeconds(Integer.getInteger("bench.limit", 300));
    private final Instant end = Instant.now().plus(Duration.ofMinutes(Integer.getInteger("bench.minutes", 15)));
    private final Path directory = BuildDirectory.fresh("bench");
    private final int httpPort = Ports.free();
    private final Map<Contender, Map<Integer, Series>> results = new LinkedHashMap<>();
    private final double loadBefore = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    private int certificates;

    /** @throws Exception if the service got no certificate, or Pebble or the server can't be started */
    public static void main(String[] arguments) throws Exception {
        new Bench().run();
    }

    private void run() throws Exception {
        PebbleBinaries binaries = PebbleBinaries.find();
        LocalCa ca = new LocalCa(directory);
        try (ChallTestServer dns = new ChallTestServer(binaries, folder("dns")).start();
                Pebble pebble = pebble(binaries, dns, ca, "pebble");
                Pebble loaded = pebble(binaries, dns, ca, "pebble-under-load");
                ApplicationServer server = ApplicationServer.chosen(folder("server"))) {
            HaproxyGate gate = HaproxyGate.available()
                    ? HaproxyGate.before(loaded.directoryUri(), ca, HaproxyGate.DEFAULT_STREAMS, folder("gate")) : null;
            try {
                CertserviceClient client = service(server, ca, pebble, gate);
                List<Contender> contenders = new ArrayList<>(List.of(
                        new Service(client, true, "EC256"), new Service(client, true, "RSA2048")));
                Program.certbot(pebble, httpPort, folder("certbot")).ifPresent(contenders::add);
                Program.lego(pebble, httpPort, folder("lego")).ifPresent(contenders::add);
                describe(server, binaries, contenders);
                warmUp(contenders, dns);
                measure(contenders, pebble, dns);
                table(contenders);
                throughput(client, gate);
                memory(server.pid());
            } finally {
                if (gate != null) {
                    gate.close();
                }
            }
        }
    }

    private Pebble pebble(PebbleBinaries binaries, ChallTestServer dns, LocalCa ca, String folder) throws IOException {
        Pebble.Options options = Pebble.Options.forHttpPort(httpPort).dnsServer(dns.dnsAddress());
        return new Pebble(binaries, options, folder(folder), ca).start();
    }

    /** The staging environment is Pebble itself; production is the gate before the other Pebble. */
    private CertserviceClient service(ApplicationServer server, LocalCa ca, Pebble pebble, HaproxyGate gate)
            throws IOException {
        String key = UUID.randomUUID().toString();
        Path imports = new ImportFile().subdomainsOf("bench.test").apiKey("bench", key, "bench.test")
                .writeTo(directory.resolve("import.json"));
        server.start(BuildDirectory.war(), Map.of(
                "certservice.data.dir", folder("data").toString(),
                "certservice.acme.staging", pebble.directoryUri().toString(),
                "certservice.acme.production", (gate == null ? pebble.directoryUri() : gate.directory()).toString(),
                "certservice.acme.ca-file", ca.caFile().toString(),
                "certservice.acme.terms-agreed", "true",
                "certservice.import", imports.toString()),
                httpPort, base -> new CertserviceClient(base).isReady());
        return new CertserviceClient(server.baseUri()).withKey(key);
    }

    private void describe(ApplicationServer server, PebbleBinaries binaries, List<Contender> contenders)
            throws IOException {
        try (JarFile war = new JarFile(BuildDirectory.war().toFile())) {
            print("certservice %s on %s, %s", war.getManifest().getMainAttributes().getValue("Implementation-Version"),
                    server.name(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
        }
        print("%d cores (load average before the start: %.1f), %s %s, Java %s",
                Runtime.getRuntime().availableProcessors(), loadBefore, System.getProperty("os.name"),
                System.getProperty("os.version"), System.getProperty("java.version"));
        print("Pebble: %s, Retry-After 1 s, no random waits, no rejected nonces, no reused authorizations",
                binaries.origin());
        for (String name : List.of("certbot", "lego")) {
            Contender found = contenders.stream().filter(one -> one.name().equals(name)).findAny().orElse(null);
            print("%s", found instanceof Program program
                    ? name + ": " + program.version() + ", EC256, standalone http-01"
                    : name + " is not on the PATH: not compared");
        }
    }

    /** Compiled code, a nonce in every ACME session, RSA keys in stock; and an account for each program. */
    private void warmUp(List<Contender> contenders, ChallTestServer dns) throws Exception {
        for (Contender contender : contenders) {
            boolean service = contender instanceof Service;
            for (int run = 0; run < (service ? 40 : 1); run++) {
                contender.issue(names(contender, dns, 1), limit);
            }
            for (int run = 0; run < (service ? 3 : 0); run++) {
                contender.issue(names(contender, dns, 100), limit);
            }
        }
    }

    /** In each round each contender comes once, and another one first. */
    private void measure(List<Contender> contenders, Pebble pebble, ChallTestServer dns) throws Exception {
        for (int size : sizes) {
            List<Contender> order = new ArrayList<>(contenders);
            for (int round = 0; round < rounds; round++) {
                for (Contender contender : order) {
                    Series series = results.computeIfAbsent(contender, key -> new LinkedHashMap<>())
                            .computeIfAbsent(size, key -> new Series());
                    for (int run = 0; run < contender.repeats() && series.within(timeLeft()); run++) {
                        series.add(run(contender, names(contender, dns, size), pebble));
                    }
                }
                Collections.rotate(order, -1);
            }
        }
    }

    private Run run(Contender contender, List<String> names, Pebble pebble) throws Exception {
        Duration allowed = timeLeft().compareTo(limit) < 0 ? timeLeft() : limit;
        long before = pebble.logged(REQUEST);
        long start = System.nanoTime();
        boolean issued = contender.issue(names, allowed);
        double millis = (System.nanoTime() - start) / 1e6;
        return new Run(issued, millis, pebble.logged(REQUEST) - before);
    }

    private Duration timeLeft() {
        return Duration.between(Instant.now(), end.minus(RESERVE));
    }

    private void table(List<Contender> contenders) {
        print("%nOne certificate: median wall time and median number of ACME requests; ratios to certservice EC256");
        print("%5s  %-12s %-8s %5s %12s %9s %6s %12s %16s", "names", "client", "key", "runs", "ms", "requests",
                "floor", "time / ours", "requests / ours");
        for (int size : sizes) {
            Series ours = results.get(contenders.get(0)).get(size);
            for (Contender contender : contenders) {
                Series series = results.get(contender).get(size);
                print("%5d  %-12s %-8s %5d %12s %9s %6d %12s %16s", size, contender.name(), contender.keyType(),
                        series.count(), series.time(), series.requests(), 2 * size + 5, series.timeRatio(ours),
                        series.requestRatio(ours));
            }
        }
        print("%nHow the requests grow with the names N (the floor of the protocol, all steps done once, is 2 N + 5):");
        for (Contender contender : contenders) {
            print("  %-12s %-8s %s", contender.name(), contender.keyType(), growth(results.get(contender)));
        }
    }

    /** Least squares over the sizes that were finished. */
    private static String growth(Map<Integer, Series> bySize) {
        Map<Integer, Double> points = new LinkedHashMap<>();
        bySize.forEach((size, series) -> {
            if (series.finished()) {
                points.put(size, series.medianRequests());
            }
        });
        if (points.size() < 2) {
            return "needs two sizes";
        }
        double meanSize = points.keySet().stream().mapToInt(Integer::intValue).average().orElseThrow();
        double mean = points.values().stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double covariance = points.entrySet().stream()
                .mapToDouble(point -> (point.getKey() - meanSize) * (point.getValue() - mean)).sum();
        double variance = points.keySet().stream().mapToDouble(size -> Math.pow(size - meanSize, 2)).sum();
        double slope = covariance / variance;
        return String.format(Locale.ROOT, "%.2f N + %.1f", slope, mean - slope * meanSize);
    }

    private void throughput(CertserviceClient client, HaproxyGate gate) throws InterruptedException {
        print("%nThroughput, %d requests at once, one name each:", PARALLEL);
        if (gate == null) {
            print("  not measured: haproxy, which keeps Pebble from its deadlock, is not installed");
            return;
        }
        ordersPerSecond(new Service(client, false, "EC256"), 2 * PARALLEL);
        for (Map.Entry<String, Integer> kind : List.of(Map.entry("EC256", EC_ORDERS),
                Map.entry("RSA2048", RSA_ORDERS))) {
            double rate = ordersPerSecond(new Service(client, false, kind.getKey()), kind.getValue());
            print("  %-8s %s", kind.getKey(), rate == 0 ? "stopped: no progress for " + NO_PROGRESS.toSeconds() + " s"
                    : String.format(Locale.ROOT, "%.1f orders/s over %d orders", rate, kind.getValue()));
        }
    }

    /** Zero, if nothing went on any more. */
    private double ordersPerSecond(Service service, int orders) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(PARALLEL);
        try {
            CompletionService<Boolean> issued = new ExecutorCompletionService<>(threads);
            long start = System.nanoTime();
            IntStream.range(0, orders).mapToObj(order -> fresh(1))
                    .forEach(names -> issued.submit(() -> service.issue(names, limit)));
            for (int done = 0; done < orders; done++) {
                Future<Boolean> next = issued.poll(NO_PROGRESS.toSeconds(), TimeUnit.SECONDS);
                if (next == null) {
                    return 0;
                }
                next.get();
            }
            return orders / ((System.nanoTime() - start) / 1e9);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private void memory(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        print("%nMemory of the server's process: %s", Files.exists(status)
                ? "now " + mebibytes(status, "VmRSS:") + ", at most " + mebibytes(status, "VmHWM:")
                : "not known here (no /proc)");
    }

    private static String mebibytes(Path status, String field) throws IOException {
        return Files.readAllLines(status).stream().filter(line -> line.startsWith(field))
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024 + " MiB")
                .findFirst().orElse("?");
    }

    private List<String> names(Contender contender, ChallTestServer dns, int count) {
        List<String> names = fresh(count);
        if (!contender.address().equals("127.0.0.1")) {
            names.forEach(name -> dns.address(name, contender.address()));
        }
        return names;
    }

    private List<String> fresh(int count) {
        int certificate = certificates++;
        return IntStream.range(0, count).mapToObj(name -> "c%d-n%d.bench.test".formatted(certificate, name)).toList();
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    private void print(String format, Object... values) {
        String line = String.format(Locale.ROOT, format, values);
        System.out.println(line);
        try {
            Files.writeString(directory.resolve("bench.txt"), line + "\n", StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One measured attempt; {@code millis} is the limit if nothing was issued. */
    private record Run(boolean issued, double millis, long requests) {
    }

    /** What one contender needed for one size. */
    private static final class Series {

        private final List<Run> runs = new ArrayList<>();

        void add(Run run) {
            runs.add(run);
        }

        /** Whether one more run is of use: time is left, and none was stopped before. */
        boolean within(Duration timeLeft) {
            return !timeLeft.isNegative() && runs.stream().allMatch(Run::issued);
        }

        boolean finished() {
            return !runs.isEmpty() && runs.stream().allMatch(Run::issued);
        }

        int count() {
            return runs.size();
        }

        String time() {
            if (runs.isEmpty()) {
                return "no time left";
            }
            return finished() ? String.format(Locale.ROOT, "%,.0f", medianMillis())
                    : String.format(Locale.ROOT, "> %,.0f", medianMillis());
        }

        String requests() {
            return finished() ? String.format(Locale.ROOT, "%.0f", medianRequests()) : "-";
        }

        String timeRatio(Series ours) {
            if (runs.isEmpty() || !ours.finished()) {
                return "-";
            }
            return String.format(Locale.ROOT, "%s%.1f", finished() ? "" : "> ", medianMillis() / ours.medianMillis());
        }

        String requestRatio(Series ours) {
            return finished() && ours.finished()
                    ? String.format(Locale.ROOT, "%.2f", medianRequests() / ours.medianRequests()) : "-";
        }

        double medianRequests() {
            return median(runs.stream().map(run -> (double) run.requests()).sorted().toList());
        }

        private double medianMillis() {
            List<Run> stopped = runs.stream().filter(run -> !run.issued()).toList();
            return median((stopped.isEmpty() ? runs : stopped).stream().map(Run::millis).sorted().toList());
        }

        private static double median(List<Double> sorted) {
            int half = sorted.size() / 2;
            return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        }
    }
}
