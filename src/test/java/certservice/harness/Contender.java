package certservice.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One of those that the benchmark compares: something that gets a certificate for names. */
interface Contender {

    /** As the table shows it. */
    String name();

    /** The type of the certificate's key, as the service calls it. */
    String keyType();

    /** Where its http-01 answers are to be had: what the names must resolve to. */
    String address();

    /** How often it is run in each round: often, if that takes no time. */
    int repeats();

    /**
     * Gets one certificate.
     *
     * @return whether there is one; {@code false} if the time was over, and then nothing of it runs on
     * @throws IllegalStateException if it ended without a certificate; says why
     */
    boolean issue(List<String> names, Duration limit) throws IOException, InterruptedException;

    /** The service, called as its clients do. */
    record Service(CertserviceClient client, boolean staging, String keyType) implements Contender {

        private static final int REPEATS = 5;
        private static final int DER_SEQUENCE = 0x30;

        @Override
        public String name() {
            return "certservice";
        }

        @Override
        public String address() {
            return "127.0.0.1";
        }

        @Override
        public int repeats() {
            return REPEATS;
        }

        @Override
        public boolean issue(List<String> names, Duration limit) {
            CertserviceClient.Response response = client.cert("{\"staging\":%b,\"keyType\":\"%s\",\"domains\":\"%s\"}"
                    .formatted(staging, keyType, String.join(",", names)));
            if (response.status() != 200 || response.body()[0] != DER_SEQUENCE) {
                throw new IllegalStateException("The service answered " + response);
            }
            return true;
        }
    }

    /**
     * A program that is started for each certificate and has an account already.
     *
     * @param arguments   the program and its options, but for the names
     * @param nameOption  comes before each name
     * @param verb        comes last
     * @param certificate where the certificate is afterwards, below the home; {@code %s} is the first name
     */
    record Program(String name, Path home, List<String> arguments, String nameOption, String verb,
            Map<String, String> environment, String certificate) implements Contender {

        /** Another address of the loopback net: the port, Pebble's only one for http-01, is the service's here. */
        private static final String ADDRESS = "127.0.0.2";

        /** certbot with its own answering server (standalone), as a cron job would call it. */
        static Optional<Contender> certbot(Pebble pebble, int httpPort, Path home) {
            return PebbleBinaries.inPath("certbot").map(program -> new Program("certbot", home, List.of(
                    program.toString(), "--non-interactive", "--standalone",
                    "--preferred-challenges", "http",
                    "--http-01-address", ADDRESS, "--http-01-port", Integer.toString(httpPort),
                    "--server", pebble.directoryUri().toString(),
                    "--agree-tos", "--email", "bench@bench.test", "--no-eff-email",
                    "--key-type", "ecdsa", "--elliptic-curve", "secp256r1",
                    "--config-dir", home.resolve("config").toString(),
                    "--work-dir", home.resolve("work").toString(),
                    "--logs-dir", home.resolve("logs").toString()),
                    "--domain", "certonly", Map.of("REQUESTS_CA_BUNDLE", pebble.caFile().toString()),
                    "config/live/%s/fullchain.pem"));
        }

        /** lego with its own answering server. */
        static Optional<Contender> lego(Pebble pebble, int httpPort, Path home) {
            return PebbleBinaries.inPath("lego").map(program -> new Program("lego", home, List.of(
                    program.toString(), "--accept-tos", "--email", "bench@bench.test",
                    "--server", pebble.directoryUri().toString(), "--path", home.toString(),
                    "--key-type", "ec256", "--http", "--http.port", ADDRESS + ":" + httpPort),
                    "--domains", "run", Map.of("LEGO_CA_CERTIFICATES", pebble.caFile().toString()),
                    "certificates/%s.crt"));
        }

        /** What it says about its version. */
        String version() throws IOException {
            Process process = new ProcessBuilder(arguments.get(0), "--version").redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes()).strip().lines().findFirst().orElse(name);
        }

        @Override
        public String keyType() {
            return "EC256";
        }

        @Override
        public String address() {
            return ADDRESS;
        }

        @Override
        public int repeats() {
            return 1;
        }

        @Override
        public boolean issue(List<String> names, Duration limit) throws InterruptedException {
            List<String> command = new ArrayList<>(arguments);
            names.forEach(domain -> command.addAll(List.of(nameOption, domain)));
            command.add(verb);
            try (ManagedProcess process = ManagedProcess.start(name, home, environment, command)) {
                try {
                    process.ended().get(limit.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException tooSlow) {
                    process.kill();
                    return false;
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e);
                }
                if (!Files.exists(home.resolve(certificate.formatted(names.get(0))))) {
                    throw new IllegalStateException(name + " got no certificate:\n" + process.tail());
                }
                return true;
            }
        }
    }
}
