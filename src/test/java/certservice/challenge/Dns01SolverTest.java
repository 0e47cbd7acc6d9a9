package certservice.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import certservice.challenge.rfc2136.Rfc2136Kind;
import certservice.domain.DomainName;
import certservice.problem.Failure;
import certservice.problem.Problem;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/**
 * Against real BIND servers: ns1 is the primary and the resolver, ns2 the secondary, which no one notifies. It fetches
 * slow.test after a second or two and lag.test never.
 */
class Dns01SolverTest {

    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    static Path directory;

    private static Named ns1;
    private static Named ns2;

    @BeforeAll
    static void startServers() throws Exception {
        assumeTrue(Named.installed(), "named (BIND 9) is not installed");
        assumeTrue(Named.canListenOn("::1"), "this host has no ::1 for the secondary server");
        int port = Named.freePort("127.0.0.1", "::1");
        Path first = directory.resolve("ns1");
        Named.zoneFile(first, "example.test", 3600, false, """
                _acme-challenge.www TXT "foreign"
                _acme-challenge.sent CNAME sent.validation.test.
                _acme-challenge.far CNAME hop.other.test.
                _acme-challenge.loop CNAME a.loop
                a.loop CNAME b.loop
                b.loop CNAME _acme-challenge.loop
                """);
        Named.zoneFile(first, "other.test", 3600, false, "hop CNAME far.validation.test.\n");
        Named.zoneFile(first, "validation.test", 3600, false, "");
        Named.zoneFile(first, "slow.test", 1, true, "");
        Named.zoneFile(first, "lag.test", 3600, true, "");
        StringBuilder primary = new StringBuilder();
        for (String zone : List.of("example.test", "validation.test", "slow.test", "lag.test")) {
            primary.append("""
                    zone "%1$s" { type primary; file "%1$s.zone";
                      update-policy { grant acme-key subdomain %1$s. TXT; }; };
                    """.formatted(zone));
        }
        primary.append("zone \"other.test\" { type primary; file \"other.test.zone\"; };\n");
        ns1 = Named.start(first, "127.0.0.1", port, primary.toString(), "example.test", "validation.test", "slow.test",
                "lag.test", "other.test");
        ns2 = Named.start(directory.resolve("ns2"), "::1", port, """
                zone "slow.test" { type secondary; primaries { 127.0.0.1 port %1$d; }; file "slow";
                  min-refresh-time 1; max-refresh-time 1; };
                zone "lag.test" { type secondary; primaries { 127.0.0.1 port %1$d; }; file "lag"; };
                """.formatted(port), "slow.test", "lag.test");
    }

    @AfterAll
    static void stopServers() {
        for (Named server : new Named[] {ns2, ns1}) {
            if (server != null) {
                server.close();
            }
        }
    }

    private static final class RecordingEditor implements RecordEditor {

        private final List<Set<TxtRecord>> calls = new ArrayList<>();

        @Override
        public List<Refusal> add(Collection<TxtRecord> records) {
            calls.add(Set.copyOf(records));
            return List.of();
        }

        @Override
        public List<Refusal> remove(Collection<TxtRecord> records) {
            calls.add(Set.copyOf(records));
            return List.of();
        }
    }

    private static final class BrokenEditor implements RecordEditor {

        @Override
        public List<Refusal> add(Collection<TxtRecord> records) {
            throw new IllegalStateException("10.0.0.1 secret");
        }

        @Override
        public List<Refusal> remove(Collection<TxtRecord> records) {
            throw new IllegalStateException("10.0.0.1 secret");
        }
    }

    private static Dns01Solver solver(Map<String, RecordEditor> editors) {
        return new Dns01Solver(editors::get, Resolvers.of(List.of(ns1.address())), CLOCK, ns1.port());
    }

    private static Dns01Solver solver() {
        return solver(Map.of("bind", new Rfc2136Kind().open(ns1.settings())));
    }

    /** An editor whose provider lists the servers to be asked. */
    private static RecordEditor editorWithNameservers(String... servers) {
        JsonArrayBuilder list = Json.createArrayBuilder(List.of(servers));
        return new Rfc2136Kind().open(Json.createObjectBuilder(ns1.settings()).add("nameservers", list).build());
    }

    private static Proof proof(String domain, String value) {
        return proof(domain, "bind", value);
    }

    private static Proof proof(String domain, String provider, String value) {
        return new Proof(DomainName.of(domain), "dns-01", provider, "token", value);
    }

    private static Instant in(int seconds) {
        return CLOCK.instant().plusSeconds(seconds);
    }

    private static List<Problem> problems(ThrowingCallable call) {
        Failure failure = catchThrowableOfType(Failure.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.status()).isEqualTo(500);
        return failure.problems();
    }

    @Test
    void publishesWildcardAndApexTogetherBesideForeignValues() throws Exception {
        List<Proof> proofs = List.of(proof("www.example.test", "apex"), proof("*.www.example.test", "wildcard"),
                proof("www.example.test", "apex"));
        long before = ns1.serial("example.test");
        solver().present(proofs);
        assertThat(ns1.serial("example.test") - before).as("updates").isEqualTo(1);
        assertThat(ns1.txt("_acme-challenge.www.example.test")).containsExactly("apex", "foreign", "wildcard");
        solver().await(proofs, in(10));
        solver().withdraw(proofs);
        assertThat(ns1.txt("_acme-challenge.www.example.test")).containsExactly("foreign");
    }

    @Test
    void handsEqualProofsToTheEditorOnce() {
        RecordingEditor editor = new RecordingEditor();
        List<Proof> proofs = List.of(proof("a.example.test", "v"), proof("*.a.example.test", "w"),
                proof("a.example.test", "v"));
        solver(Map.of("bind", editor)).present(proofs);
        assertThat(editor.calls).containsExactly(Set.of(new TxtRecord("_acme-challenge.a.example.test", "v"),
                new TxtRecord("_acme-challenge.a.example.test", "w")));
    }

    @Test
    void writesAtTheEndOfTheCnameChainInAnotherZone() throws Exception {
        List<Proof> proofs = List.of(proof("sent.example.test", "one"), proof("*.sent.example.test", "two"),
                proof("far.example.test", "three"));
        solver().present(proofs);
        assertThat(ns1.txt("sent.validation.test")).containsExactly("one", "two");
        assertThat(ns1.txt("far.validation.test")).containsExactly("three");
        solver().await(proofs, in(10));
        solver().withdraw(proofs);
        assertThat(ns1.txt("sent.validation.test")).isEmpty();
        assertThat(ns1.txt("far.validation.test")).isEmpty();
    }

    @Test
    void namesTheCnameLoopAndPublishesTheOthers() throws Exception {
        List<Proof> proofs = List.of(proof("loop.example.test", "one"), proof("fine.example.test", "two"));
        assertThat(problems(() -> solver().present(proofs))).singleElement().satisfies(problem -> {
            assertThat(problem.domain()).isEqualTo("loop.example.test");
            assertThat(problem.type()).isEqualTo("urn:ietf:params:acme:error:dns");
            assertThat(problem.detail()).contains("loop: _acme-challenge.loop.example.test → a.loop.example.test →"
                    + " b.loop.example.test → _acme-challenge.loop.example.test");
        });
        assertThat(ns1.txt("_acme-challenge.fine.example.test")).containsExactly("two");
        solver().withdraw(proofs);
        assertThat(ns1.txt("_acme-challenge.fine.example.test")).isEmpty();
    }

    @Test
    void stopsFollowingAnEndlessCnameChain() throws Exception {
        try (ScriptedDns endless = new ScriptedDns(query -> {
            Message answer = ScriptedDns.answerTo(query, Flags.RA);
            Name name = query.getQuestion().getName();
            answer.addRecord(new CNAMERecord(name, DClass.IN, 1,
                    Name.fromConstantString("c" + System.nanoTime() + ".test.")), Section.ANSWER);
            return List.of(answer);
        }, query -> List.of())) {
            Dns01Solver solver = new Dns01Solver(name -> new RecordingEditor(), resolver(endless), CLOCK);
            assertThat(problems(() -> solver.present(List.of(proof("a.test.example", "v"))))).singleElement()
                    .satisfies(problem -> assertThat(problem.detail()).contains("More than 10 CNAME"));
            assertThat(endless.queries()).as("ten CNAMEs, and the one too many").hasSize(11);
        }
    }

    private static String text(ScriptedDns server) {
        return "127.0.0.1:" + server.address().getPort();
    }

    private static Resolvers resolver(ScriptedDns server) {
        return Resolvers.of(List.of(text(server)));
    }

    @Test
    void asksTheNextResolverWhenTheFirstFails() throws Exception {
        try (ScriptedDns broken = new ScriptedDns(query -> {
            Message answer = ScriptedDns.answerTo(query);
            answer.getHeader().setRcode(Rcode.SERVFAIL);
            return List.of(answer);
        }, query -> List.of())) {
            RecordingEditor editor = new RecordingEditor();
            Resolvers both = Resolvers.of(List.of(text(broken), ns1.address()));
            new Dns01Solver(name -> editor, both, CLOCK).present(List.of(proof("sent.example.test", "v")));
            assertThat(editor.calls).containsExactly(Set.of(new TxtRecord("sent.validation.test", "v")));
            Dns01Solver onlyBroken = new Dns01Solver(name -> editor, resolver(broken), CLOCK);
            assertThat(problems(() -> onlyBroken.present(List.of(proof("sent.example.test", "v"))))).singleElement()
                    .satisfies(problem -> assertThat(problem.detail())
                            .isEqualTo("No resolver could look up _acme-challenge.sent.example.test"));
        }
    }

    @Test
    void waitsForTheSecondaryToo() throws Exception {
        List<Proof> proofs = List.of(proof("www.slow.test", "one"), proof("*.www.slow.test", "two"));
        solver().present(proofs);
        assertThat(ns2.txt("_acme-challenge.www.slow.test")).as("the secondary lags").isEmpty();
        solver().await(proofs, in(20));
        assertThat(ns2.txt("_acme-challenge.www.slow.test")).containsExactly("one", "two");
        solver().withdraw(proofs);
    }

    @Test
    void namesTheLaggingServerAtTheDeadline() {
        List<Proof> proofs = List.of(proof("www.lag.test", "one"), proof("fine.example.test", "two"));
        solver().present(proofs);
        Instant deadline = CLOCK.instant().plusMillis(700);
        assertThat(problems(() -> solver().await(proofs, deadline))).singleElement().satisfies(problem -> {
            assertThat(problem.domain()).isEqualTo("www.lag.test");
            assertThat(problem.type()).isEqualTo("urn:certservice:error:dnsPropagation");
            assertThat(problem.detail()).contains("_acme-challenge.www.lag.test")
                    .contains("ns2.lag.test: value missing")
                    .doesNotContain("ns1").doesNotContain("127.0.0").doesNotContain("0:0:0");
            assertThat(problem.hint()).contains("NOTIFY");
        });
        assertThat(CLOCK.instant()).isAfterOrEqualTo(deadline).isBefore(deadline.plusSeconds(5));
        solver().withdraw(proofs);
    }

    @Test
    void asksTheConfiguredNameserversInstead() throws Exception {
        List<Proof> proofs = List.of(proof("conf.lag.test", "one"));
        RecordEditor primaryOnly = editorWithNameservers(ns1.address());
        solver(Map.of("bind", primaryOnly)).present(proofs);
        solver(Map.of("bind", primaryOnly)).await(proofs, in(10));
        RecordEditor both = editorWithNameservers(ns1.address(), ns2.address());
        assertThat(problems(() -> solver(Map.of("bind", both)).await(proofs, in(0)))).singleElement()
                .satisfies(problem -> assertThat(problem.detail()).contains("configured name server 2: value missing")
                        .doesNotContain("configured name server 1").doesNotContain("127.0.0"));
        solver().withdraw(proofs);
    }

    @Test
    void saysWhatEachServerLacks() throws Exception {
        List<Proof> proofs = List.of(proof("dead.example.test", "one"));
        solver().present(proofs);
        try (ScriptedDns silent = new ScriptedDns(query -> List.of(), query -> List.of());
                ScriptedDns forwarder = new ScriptedDns(query -> List.of(ScriptedDns.answerTo(query)),
                        query -> List.of());
                ScriptedDns refusing = new ScriptedDns(query -> {
                    Message answer = ScriptedDns.answerTo(query);
                    answer.getHeader().setRcode(Rcode.REFUSED);
                    return List.of(answer);
                }, query -> List.of())) {
            Dns01Solver solver = solver(Map.of("bind", editorWithNameservers(text(silent), text(forwarder),
                    ns1.address(), text(refusing))));
            assertThat(problems(() -> solver.await(proofs, in(0)))).singleElement().satisfies(problem ->
                    assertThat(problem.detail()).endsWith("configured name server 1: no answer,"
                            + " configured name server 2: not authoritative,"
                            + " configured name server 4: answers REFUSED"));
        }
        solver().withdraw(proofs);
    }

    /** A dead server must not make each of many names wait for its own timeout. */
    @Test
    void asksADeadServerOneQuestionARound() throws Exception {
        List<Proof> proofs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            proofs.add(proof("many" + i + ".example.test", "value"));
        }
        solver().present(proofs);
        try (ScriptedDns silent = new ScriptedDns(query -> List.of(), query -> List.of())) {
            Dns01Solver solver = solver(Map.of("bind", editorWithNameservers(ns1.address(), text(silent))));
            assertThat(problems(() -> solver.await(proofs, in(0)))).hasSize(30).allSatisfy(problem ->
                    assertThat(problem.detail()).endsWith("everywhere: configured name server 2: no answer"));
            assertThat(silent.queries()).hasSize(1);
        }
        solver().withdraw(proofs);
    }

    @Test
    void waitsInterruptibly() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> solver().await(List.of(proof("www.lag.test", "never")), in(60)))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void withdrawsAlsoWhenInterruptedAndKeepsTheFlag() throws Exception {
        List<Proof> proofs = List.of(proof("gone.example.test", "one"));
        solver().present(proofs);
        Thread.currentThread().interrupt();
        solver().withdraw(proofs);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ns1.txt("_acme-challenge.gone.example.test")).isEmpty();
    }

    @Test
    void leavesNothingAfterAHalfFailedPresent() throws Exception {
        List<Proof> proofs = List.of(proof("half.example.test", "one"), proof("half.other.test", "two"),
                proof("half.nowhere.test", "three"), proof("half.slow.test", "four"));
        assertThat(problems(() -> solver().present(proofs))).allSatisfy(problem ->
                assertThat(problem.type()).isEqualTo("urn:certservice:error:dnsUpdate"))
                .extracting(Problem::domain).containsExactlyInAnyOrder("half.other.test", "half.nowhere.test");
        assertThat(ns1.txt("_acme-challenge.half.example.test")).containsExactly("one");
        solver().withdraw(proofs);
        assertThat(ns1.txt("_acme-challenge.half.example.test")).isEmpty();
        assertThat(ns1.txt("_acme-challenge.half.slow.test")).isEmpty();
    }

    @Test
    void reportsMissingAndBrokenProvidersWithoutTheirSecretsAndServesTheOthers() {
        RecordingEditor working = new RecordingEditor();
        Dns01Solver solver = solver(Map.of("broken", new BrokenEditor(), "working", working));
        List<Proof> proofs = List.of(proof("a.example.test", null, "1"), proof("b.example.test", "unknown", "2"),
                proof("c.example.test", "broken", "3"), proof("d.example.test", "working", "4"));
        Set<String> types = new HashSet<>();
        List<Problem> problems = problems(() -> solver.present(proofs));
        problems.forEach(problem -> types.add(problem.domain() + " " + problem.type()));
        assertThat(types).containsExactlyInAnyOrder("a.example.test urn:certservice:error:dnsProvider",
                "b.example.test urn:certservice:error:dnsProvider", "c.example.test urn:certservice:error:dnsUpdate");
        assertThat(problems.toString()).doesNotContain("10.0.0.1").doesNotContain("secret");
        solver.withdraw(proofs);
        assertThat(working.calls).hasSize(2);
    }

    @Test
    void rejectsNameThatIsTooLongWithTheLabel() {
        String longName = String.join(".", "a".repeat(62), "b".repeat(62), "c".repeat(62), "d".repeat(50), "test");
        assertThat(problems(() -> solver().present(List.of(proof(longName, "v"))))).singleElement()
                .satisfies(problem -> assertThat(problem.detail()).contains("longer than DNS allows"));
    }

    @Test
    void provesAHundredNamesQuickly() throws Exception {
        List<Proof> proofs = new ArrayList<>();
        AtomicReference<Duration> longest = new AtomicReference<>(Duration.ZERO);
        for (int i = 0; i < 100; i++) {
            proofs.add(proof("h" + i + ".example.test", "value" + i));
        }
        timed(longest, () -> solver().present(proofs));
        timed(longest, () -> solver().await(proofs, in(20)));
        timed(longest, () -> solver().withdraw(proofs));
        assertThat(longest.get()).isLessThan(Duration.ofSeconds(3));
        assertThat(ns1.txt("_acme-challenge.h42.example.test")).isEmpty();
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void timed(AtomicReference<Duration> longest, Step step) throws Exception {
        long start = System.nanoTime();
        step.run();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        longest.accumulateAndGet(took, (one, other) -> one.compareTo(other) > 0 ? one : other);
        System.getLogger("measured").log(System.Logger.Level.INFO, "100 names: " + took.toMillis() + " ms");
    }
}
