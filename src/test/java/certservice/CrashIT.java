package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.AcmeResource;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.Fault;
import certservice.harness.FaultProxy;
import certservice.harness.LocalCa;
import certservice.harness.Requests;
import certservice.harness.TestBed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills the server while it works on an order, as a crash would, and asks again when it is back: there is one
 * certificate, never two, never none. {@code -Dcrashes=50}, or {@code mvn -Pchaos verify}, does it more often: first
 * once in each state of the order, then at random moments.
 */
class CrashIT {

    private static final Logger LOG = System.getLogger(CrashIT.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CRASHES = Integer.getInteger("crashes", 3);
    private static final String ISSUED = "Issued certificate serial";

    /** Printed, so that a run that failed can be repeated. */
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final Random RANDOM = new Random(SEED);

    /** The longest that an order of one name takes here. */
    private static final int LONGEST_MILLIS = 1200;

    private static FaultProxy ca;
    private static TestBed bed;

    /**
     * When the server dies.
     *
     * @param resource which request to the CA is under way then; {@code null} for a random moment
     * @param done     whether the CA has done what it was asked
     */
    record Moment(int number, AcmeResource resource, boolean done) {

        @Override
        public String toString() {
            return number + ": " + (resource == null ? "at random" : (done ? "after " : "before ") + resource);
        }
    }

    /** The three that differ most come first: nothing known, proofs out, certificate made. */
    private static final List<Moment> STATES = List.of(
            new Moment(1, AcmeResource.FINALIZE, true),
            new Moment(2, AcmeResource.CHALLENGE, true),
            new Moment(3, AcmeResource.NEW_ORDER, true),
            new Moment(4, AcmeResource.NEW_ORDER, false),
            new Moment(5, AcmeResource.AUTHORIZATION, true),
            new Moment(6, AcmeResource.CHALLENGE, false),
            new Moment(7, AcmeResource.ORDER, true),
            new Moment(8, AcmeResource.FINALIZE, false),
            new Moment(9, AcmeResource.CERTIFICATE, true));

    static List<Moment> moments() {
        return IntStream.rangeClosed(1, CRASHES).mapToObj(number -> number <= STATES.size()
                ? STATES.get(number - 1) : new Moment(number, null, false)).toList();
    }

    @BeforeAll
    static void start() {
        LOG.log(Level.INFO, "-Dseed={0}", Long.toString(SEED));
        bed = TestBed.in("crash").productionThrough(CrashIT::before).start();
    }

    private static URI before(URI directory, LocalCa trusted) {
        try {
            ca = FaultProxy.before(directory, trusted);
            return ca.directory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        bed.close();
        ca.close();
    }

    @ParameterizedTest
    @MethodSource("moments")
    void makesOneCertificateThoughTheServerDies(Moment moment) throws Exception {
        String body = "{\"staging\":false,\"keyType\":\"EC256\",\"domains\":\"crash" + moment.number()
                + ".example.com\"}";
        long before = bed.production().logged(ISSUED);
        Optional<Response> delivered = moment.resource() == null ? dieAtRandom(body) : dieAt(moment, body);
        bed.startServer();

        Response answer = delivered.orElseGet(() -> bed.client().cert(body));
        Delivered certificate = Delivered.ofCert(answer);
        assertThat(certificate.keyBelongsToLeaf()).isTrue();
        assertThat(certificate.names()).containsExactly("crash" + moment.number() + ".example.com");
        assertThat(bed.production().logged(ISSUED) - before).as("certificates that the CA has made").isEqualTo(1);
        assertThat(bed.production().logged("(?i)" + ISSUED + " " + certificate.serial()))
                .as("this one").isEqualTo(1);
    }

    private static Optional<Response> dieAt(Moment moment, String body) throws Exception {
        try (FaultProxy.Rule hold = ca.on(Requests.to(moment.resource()).next(1),
                moment.done() ? Fault.hangAfter() : Fault.hang())) {
            CompletableFuture<Response> lost = CompletableFuture.supplyAsync(() -> bed.client().cert(body));
            assertThat(hold.awaitStrike(PATIENCE)).isTrue();
            if (moment.done()) {
                TimeUnit.MILLISECONDS.sleep(300);
            }
            bed.server().kill();
            assertThat(lost).failsWithin(PATIENCE);
        }
        return Optional.empty();
    }

    /** The caller may have got its certificate just before. */
    private static Optional<Response> dieAtRandom(String body) throws Exception {
        CompletableFuture<Response> call = CompletableFuture.supplyAsync(() -> bed.client().cert(body));
        TimeUnit.MILLISECONDS.sleep(RANDOM.nextInt(LONGEST_MILLIS));
        bed.server().kill();
        try {
            return Optional.of(call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException cutOff) {
            return Optional.empty();
        }
    }
}
