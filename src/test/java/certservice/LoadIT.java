package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.BuildDirectory;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.HaproxyGate;
import certservice.harness.LocalCa;
import certservice.harness.TestBed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Many requests at once, and no request to the CA that isn't needed. Production is behind a gate (see
 * {@link HaproxyGate}), staging reuses authorizations.
 */
class LoadIT {

    private static final int REQUESTS = 200;
    private static final Duration NO_PROGRESS = Duration.ofMinutes(1);
    /** Without what is asked in the background when certificates should be renewed. */
    private static final String ACME_REQUEST = "(?<!/renewalInfo/) -> calling handler\\(\\)";
    private static final String PROOF = "POST /(authZ|chalZ)/" + ACME_REQUEST;

    private static TestBed bed;
    private static HaproxyGate gate;

    @BeforeAll
    static void start() {
        TestBed.Builder builder = TestBed.in("load")
                .setting("certservice.issuance.concurrency", Integer.toString(REQUESTS))
                .setting("certservice.issuance.timeout", "PT10M")
                .staging(pebble -> pebble.reusingAuthorizations(100));
        if (HaproxyGate.available()) {
            builder.productionThrough(LoadIT::gate);
        }
        bed = builder.start();
    }

    private static URI gate(URI production, LocalCa ca) {
        try {
            gate = HaproxyGate.before(production, ca, HaproxyGate.DEFAULT_STREAMS, BuildDirectory.fresh("load/gate"));
            return gate.directory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        bed.close();
        if (gate != null) {
            gate.close();
        }
    }

    /** More orders at once than the CA's side allows streams on one HTTP/2 connection; each on a socket of its own. */
    @Test
    void issuesTwoHundredCertificatesAtOnce() throws Exception {
        assumeThat(gate).as("haproxy is not installed").isNotNull();
        CyclicBarrier together = new CyclicBarrier(REQUESTS);
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger begunBeforeTheFirstAnswer = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(REQUESTS);
        try {
            ExecutorCompletionService<Response> answers = new ExecutorCompletionService<>(callers);
            for (int number = 0; number < REQUESTS; number++) {
                String body = "{\"staging\":false,\"keyType\":\"EC256\",\"domains\":\"load" + number
                        + ".example.com\"}";
                answers.submit(() -> {
                    together.await();
                    begun.incrementAndGet();
                    Response response = bed.client().cert(body);
                    begunBeforeTheFirstAnswer.compareAndSet(0, begun.get());
                    return response;
                });
            }
            List<Delivered> delivered = new ArrayList<>();
            for (int number = 0; number < REQUESTS; number++) {
                delivered.add(Delivered.ofCert(next(answers, number)));
            }

            assertThat(begunBeforeTheFirstAnswer.get()).as("requests at once")
                    .isGreaterThan(HaproxyGate.DEFAULT_STREAMS);
            assertThat(delivered).extracting(Delivered::names).doesNotHaveDuplicates();
            assertThat(delivered).extracting(each -> each.leaf().getPublicKey()).doesNotHaveDuplicates();
            assertThat(delivered).allMatch(Delivered::keyBelongsToLeaf);
        } finally {
            callers.shutdownNow();
        }
    }

    private static Response next(ExecutorCompletionService<Response> answers, int received) throws Exception {
        Future<Response> answer = answers.poll(NO_PROGRESS.toSeconds(), TimeUnit.SECONDS);
        if (answer == null) {
            return fail("No progress for %s after %d of %d answers; Pebble has seen %d requests", NO_PROGRESS,
                    received, REQUESTS, bed.production().logged(ACME_REQUEST));
        }
        return answer.get();
    }

    /** RFC 8555 section 7.1.4: the CA remembers what was proven. */
    @Test
    void provesNothingAgainThatTheCaHasOnRecord() throws Exception {
        String body = BadInput.body("\"reused.example.com\"");
        Delivered.ofCert(bed.client().cert(BadInput.GOOD));
        long before = bed.staging().logged(ACME_REQUEST);
        Delivered.ofCert(bed.client().cert(body));
        long first = bed.staging().logged(ACME_REQUEST) - before;
        long proofs = bed.staging().logged(PROOF);
        Delivered.ofCert(bed.client().cert(body));
        long second = bed.staging().logged(ACME_REQUEST) - before - first;

        assertThat(proofs).as("authorizations and challenges of two names").isEqualTo(4);
        assertThat(bed.staging().logged(PROOF)).isEqualTo(proofs);
        assertThat(second).isLessThan(first);
    }
}
