package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import certservice.audit.Origin;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import certservice.settings.SealingKey;
import certservice.settings.SettingsOfTests;
import jakarta.ejb.EJBException;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same request again, while the result of the first is on its way to its caller. */
class OrderEngineTest {

    private static final MasterKey MASTER_KEY = MasterKeys.of(1);
    private static final int SECONDS = 20;

    private final BatchPlan plan = OrdersOfTests.plan("a key", "www.example.com");
    private final OneIssued orders = new OneIssued(plan);
    private final CountDownLatch newOne = new CountDownLatch(1);
    private OrderEngine engine;

    @BeforeEach
    void open() {
        engine = new OrderEngine();
        engine.settings = SettingsOfTests.of(Map.of());
        engine.masterKey = MASTER_KEY;
        engine.orders = orders;
        engine.limits = new NoLimits();
        engine.threads = new PlainThreads();
        engine.open();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void isJoinedAsLongAsTheResultIsNotDelivered() throws Exception {
        assertThat(again().get(SECONDS, TimeUnit.SECONDS)).isEqualTo(orders.batch.id());
    }

    /** A caller can repeat its request before the database knows that it has the last byte. */
    @Test
    void isANewRequestAfterTheLastByteThoughTheDatabaseDoesNotKnowYet() throws Exception {
        engine.handOver(receipt(orders.batch.id()), () -> {
            CompletableFuture<String> repeated = again();
            assertThat(orders.looked()).isTrue();
            assertThat(repeated).isNotDone();
            return true;
        });
        assertThat(newOne.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(orders.joins).isZero();
    }

    @Test
    void takesTheSameResultWhenItCouldNotBeWritten() throws Exception {
        CompletableFuture<CompletableFuture<String>> repeated = new CompletableFuture<>();
        engine.handOver(receipt(orders.batch.id()), () -> {
            repeated.complete(again());
            assertThat(orders.looked()).isTrue();
            assertThat(orders.joins).isZero();
            return false;
        });
        assertThat(repeated.get().get(SECONDS, TimeUnit.SECONDS)).isEqualTo(orders.batch.id());
    }

    @Test
    void takesTheSameResultWhenWritingItBreaks() throws Exception {
        CompletableFuture<CompletableFuture<String>> repeated = new CompletableFuture<>();
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() ->
                engine.handOver(receipt(orders.batch.id()), () -> {
                    repeated.complete(again());
                    assertThat(orders.looked()).isTrue();
                    throw new IllegalStateException("the server is stopping");
                }));
        assertThat(repeated.get().get(SECONDS, TimeUnit.SECONDS)).isEqualTo(orders.batch.id());
        assertThat(orders.joins).isEqualTo(1);
    }

    /** Fifty equal requests get one result: who has read it may ask for a new one, whatever the others do. */
    @Test
    void isANewRequestAfterOneOfSeveralHandovers() throws Exception {
        CountDownLatch slowlyWritten = new CountDownLatch(1);
        Thread slow = new Thread(() -> engine.handOver(receipt(orders.batch.id()), () -> awaited(slowlyWritten)));
        slow.start();
        engine.handOver(receipt(orders.batch.id()), () -> true);
        again();
        assertThat(newOne.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        slowlyWritten.countDown();
        slow.join();
    }

    @Test
    void takesTheSameResultUntilTheDatabaseIsBackAndHearsOfTheDelivery() throws Exception {
        orders.away = true;
        engine.handOver(receipt(orders.batch.id()), () -> true);
        assertThatExceptionOfType(EJBException.class).isThrownBy(engine::noteLateReceipts);
        assertThat(again().get(SECONDS, TimeUnit.SECONDS)).isEqualTo(orders.batch.id());
        orders.away = false;
        engine.noteLateReceipts();
        again();
        assertThat(newOne.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tellsTheDatabaseOfALateDeliveryOnce() {
        orders.away = true;
        engine.handOver(receipt(orders.batch.id()), () -> true);
        orders.away = false;
        engine.noteLateReceipts();
        engine.noteLateReceipts();
        assertThat(orders.late).isEqualTo(1);
    }

    @Test
    void doesNotWaitForTheHandoverOfAnotherResult() throws Exception {
        CompletableFuture<String> joined = new CompletableFuture<>();
        engine.handOver(receipt("another"), () -> {
            joined.complete(again().orTimeout(SECONDS, TimeUnit.SECONDS).join());
            return true;
        });
        assertThat(joined).isCompletedWithValue(orders.batch.id());
    }

    /** It could be joined for ever, and never be opened. */
    @Test
    void isANewRequestWhenTheResultWasSealedWithAnotherApiKey() throws Exception {
        BatchPlan rotated = new BatchPlan(plan.origin(), plan.apiKeyId(), SealingKey.ofSecret("API key", "the next"),
                plan.endpoint(), plan.environment(), plan.profile(), plan.keyType(), plan.certificates(),
                plan.fingerprint(), false, Optional.empty(), Optional.of(new byte[] {1}));
        engine.enter(rotated, newOne::countDown, CompletableFuture::new);
        assertThat(newOne.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(orders.joins).isZero();
        assertThat(orders.forgotten).isTrue();
    }

    @Test
    void isNotTriedAgainWhenTheSameIsOrderedAtThisMoment() {
        assertThat(engine.retry(orders.batch.id(), plan.origin())).isFalse();
    }

    private Receipt receipt(String batchId) {
        return new Receipt(batchId, false, plan.origin(), true);
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same request; a new batch never gets its keys, but it is known that it was asked for. */
    private CompletableFuture<String> again() {
        return engine.enter(plan, newOne::countDown, CompletableFuture::new);
    }

    /** A database that holds one batch, which the same request joins until it is delivered. */
    private static final class OneIssued extends Orders {

        private final OrderBatch batch;
        private final CertificateOrder order;
        private final CountDownLatch looks = new CountDownLatch(1);
        private volatile boolean delivered;
        private volatile boolean forgotten;
        private volatile int joins;
        private boolean away;
        private int late;

        OneIssued(BatchPlan plan) {
            batch = new Issued(plan);
            order = new CertificateOrder(plan, batch.id(), 0, OrdersOfTests.keyAndCsr(), MASTER_KEY, OrdersOfTests.NOW);
        }

        /** Whether somebody has looked, and had a moment to do more. */
        boolean looked() {
            try {
                boolean looked = looks.await(SECONDS, TimeUnit.SECONDS);
                Thread.sleep(100);
                return looked;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Optional<OrderBatch> claimed(BatchPlan same) {
            looks.countDown();
            return delivered ? Optional.empty() : Optional.of(batch);
        }

        @Override
        public Optional<StoredBatch> find(String batchId) {
            return Optional.of(new StoredBatch(batch, List.of(order)));
        }

        @Override
        public void forget(String batchId) {
            forgotten = true;
        }

        @Override
        public synchronized boolean join(String batchId, BatchPlan same, MasterKey masterKey,
                                         Optional<IdempotentRequest> request) {
            joins += delivered ? 0 : 1;
            return !delivered;
        }

        @Override
        public boolean retry(String batchId, Origin by, Instant now) {
            throw new EJBException(new SQLIntegrityConstraintViolationException("claim", "23505"));
        }

        @Override
        public boolean deliveredLate(Receipt receipt, Instant moment, Instant now) {
            delivered(receipt, now);
            late++;
            return true;
        }

        @Override
        public void delivered(Receipt receipt, Instant now) {
            if (away) {
                throw new EJBException(new SQLNonTransientConnectionException("away", "08001"));
            }
            delivered |= receipt.batchId().equals(batch.id());
        }
    }

    private static final class Issued extends OrderBatch {

        Issued(BatchPlan plan) {
            super(plan, MASTER_KEY, Lease.of("us", OrdersOfTests.NOW), OrdersOfTests.NOW);
        }

        @Override
        public BatchStatus status() {
            return BatchStatus.ISSUED;
        }
    }

    private static final class NoLimits extends RateLimits {

        @Override
        public void require(Environment environment, List<List<DomainName>> certificates, Instant now) {
            // allowed
        }
    }

    /** The threads of no server. */
    private static final class PlainThreads implements ManagedThreadFactory {

        @Override
        public Thread newThread(Runnable work) {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }

        @Override
        public ForkJoinWorkerThread newThread(ForkJoinPool pool) {
            throw new UnsupportedOperationException();
        }
    }
}
