package certservice.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.apikey.Refusal.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class KeyUsageTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Instant EVENING = Instant.parse("2026-11-23T23:59:59.999999Z");
    private static final Instant NEXT_DAY = Instant.parse("2026-11-24T00:00:00Z");

    @Parameter
    TestDatabase database;

    private KeyUsage usage;
    private KeyUsage otherNode;
    private Caller free;
    private Caller restricted;

    @BeforeEach
    void prepare() {
        database.clear();
        usage = KeysOfTests.usage(database);
        otherNode = KeysOfTests.usage(database);
        free = caller("free", KeyPolicy.NONE);
        restricted = caller("restricted", new KeyPolicy(List.of(), Set.of(), Set.of(), Optional.of(3)));
    }

    @Test
    void writesNothingBeforeItIsTimeUnlessTheNumberMatters() {
        usage.seen(free, NOON);
        assertThat(usage.request(free, NOON)).isEmpty();
        assertThat(database.everythingIn("api_key_use")).isEmpty();
        usage.write();
        assertThat(last(free).lastUsed()).isEqualTo(NOON);
        assertThat(last(free).requestsOn(KeyUse.day(NOON))).isEqualTo(1);
        usage.write();
        assertThat(last(free).requestsOn(KeyUse.day(NOON))).isEqualTo(1);
    }

    @Test
    void addsUpWhatAllNodesHaveSeen() {
        usage.seen(free, NOON);
        usage.request(free, NOON);
        otherNode.seen(free, EVENING);
        otherNode.request(free, EVENING);
        otherNode.request(free, EVENING);
        usage.write();
        otherNode.write();
        assertThat(last(free).requestsOn(KeyUse.day(NOON))).isEqualTo(3);
        assertThat(last(free).lastUsed()).isEqualTo(EVENING);
    }

    @Test
    void refusesWhatIsMoreThanADaysRequestsWhicheverNodeIsAsked() {
        assertThat(usage.request(restricted, NOON)).isEmpty();
        assertThat(otherNode.request(restricted, NOON)).isEmpty();
        assertThat(usage.request(restricted, EVENING)).isEmpty();
        assertThat(usage.request(restricted, EVENING)).map(Refusal::reason).contains(Reason.REQUESTS_PER_DAY);
        assertThat(otherNode.request(restricted, EVENING)).isPresent();
        assertThat(otherNode.request(restricted, NEXT_DAY)).isEmpty();
        assertThat(last(restricted).requestsOn(KeyUse.day(NEXT_DAY))).isEqualTo(1);
        assertThat(last(restricted).requestsOn(KeyUse.day(NOON))).isZero();
    }

    @Test
    void countsTheFirstUseOfADayInMemoryToo() {
        usage.seen(restricted, NOON);
        usage.write();
        assertThat(usage.request(restricted, NOON)).isEmpty();
        assertThat(last(restricted).requestsOn(KeyUse.day(NOON))).isEqualTo(1);
    }

    @Test
    void letsNotOneMoreInWhenManyAskAtTheSameMoment() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> all = IntStream.range(0, 24).<Callable<Boolean>>mapToObj(i -> () ->
                    (i % 2 == 0 ? usage : otherNode).request(restricted, NOON).isEmpty()).toList();
            int taken = 0;
            for (Future<Boolean> each : threads.invokeAll(all)) {
                taken += each.get() ? 1 : 0;
            }
            assertThat(taken).isEqualTo(3);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void forgetsWhatAKeyThatWasRemovedWasUsedFor() {
        usage.seen(new Caller("nobody", "gone", ApiKeyGuid.random(), "192.0.2.1"), NOON);
        usage.seen(free, NOON);
        usage.write();
        assertThat(last(free).lastUsed()).isEqualTo(NOON);
    }

    @Test
    void forgetsOldDaysButNotEachKeysLast() {
        usage.seen(free, NOON);
        usage.seen(restricted, NOON);
        usage.seen(restricted, NEXT_DAY);
        usage.write();
        KeysOfTests.uses(database).forgetBefore(KeyUse.day(NEXT_DAY).plusDays(5));
        assertThat(last(free).lastUsed()).isEqualTo(NOON);
        assertThat(last(restricted).lastUsed()).isEqualTo(NEXT_DAY);
        long rows = database.transactionally(entityManager ->
                entityManager.createQuery("select count(u) from KeyUse u", Long.class).getSingleResult());
        assertThat(rows).isEqualTo(2);
    }

    @Test
    void goesWithItsKey() {
        usage.seen(free, NOON);
        usage.write();
        database.inTransaction(entityManager ->
                entityManager.remove(entityManager.find(ApiKey.class, free.keyId())));
        assertThat(database.everythingIn("api_key_use")).isEmpty();
    }

    private KeyUse last(Caller caller) {
        return KeysOfTests.uses(database).last(caller.keyId()).orElseThrow();
    }

    private Caller caller(String label, KeyPolicy policy) {
        ApiKey key = new ApiKey(label, ApiKeyGuid.random());
        database.inTransaction(entityManager -> entityManager.persist(key));
        return new Caller(key.id(), label, ApiKeyGuid.random(), "192.0.2.1", policy);
    }
}
