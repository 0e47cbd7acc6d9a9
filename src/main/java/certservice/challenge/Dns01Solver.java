package certservice.challenge;

import certservice.challenge.Propagation.Expected;
import certservice.challenge.Resolvers.Delegation;
import certservice.problem.Failure;
import certservice.problem.Problem;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * Proves control of names by TXT records (dns-01, RFC 8555 section 8.4), the only challenge that wildcards allow. The
 * record of {@code example.com} and of {@code *.example.com} is {@code _acme-challenge.example.com}; where that is a
 * CNAME, the value is written at the end of the chain.
 *
 * <p>Cost for N names: following CNAMEs asks N questions a hop; the names share the hops, so it takes the time of the
 * longest chain. Publishing is one call of each provider's editor. Waiting asks N questions to each authoritative
 * address until each has shown its values once (see {@link Propagation}). DNS answers are not kept: each step looks
 * again, and a value is withdrawn from where its name leads <em>then</em>.
 */
public final class Dns01Solver implements Solver {

    private static final System.Logger LOG = System.getLogger(Dns01Solver.class.getName());
    private static final String LABEL = "_acme-challenge.";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

    private final Function<String, RecordEditor> editors;
    private final Resolvers resolvers;
    private final Clock clock;
    private final int authoritativePort;

    /**
     * @param editors finds the editor of a provider by the provider's name; {@code null} where there is none
     * @param clock   what deadlines are measured with
     */
    public Dns01Solver(Function<String, RecordEditor> editors, Resolvers resolvers, Clock clock) {
        this(editors, resolvers, clock, DnsServer.DEFAULT_PORT);
    }

    Dns01Solver(Function<String, RecordEditor> editors, Resolvers resolvers, Clock clock, int authoritativePort) {
        this.editors = editors;
        this.resolvers = resolvers;
        this.clock = clock;
        this.authoritativePort = authoritativePort;
    }

    @Override
    public String type() {
        return "dns-01";
    }

    /** A place where one proof's value belongs. */
    private record Placed(Proof proof, RecordEditor editor, TxtRecord record) {
    }

    @Override
    public void present(Collection<Proof> proofs) {
        Map<String, Problem> problems = new LinkedHashMap<>();
        setAsideInterrupt(() -> {
            List<Placed> placed = place(proofs, problems);
            Map<TxtRecord, Refusal> refusals = edit(placed, RecordEditor::add);
            for (Placed place : placed) {
                Refusal refusal = refusals.get(place.record());
                if (refusal != null) {
                    String domain = place.proof().domain().toString();
                    problems.put(domain, Problem.own(domain, "dnsUpdate", refusal.detail(), refusal.hint()));
                }
            }
        });
        throwIfAny(problems);
    }

    @Override
    public void await(Collection<Proof> proofs, Instant deadline) throws InterruptedException {
        Map<String, Problem> problems = new LinkedHashMap<>();
        List<Placed> placed = place(proofs, problems);
        throwIfInterrupted();
        throwIfAny(problems);
        Propagation propagation = new Propagation(resolvers, authoritativePort, expected(placed));
        Duration pause = FIRST_PAUSE;
        while (!propagation.look()) {
            throwIfInterrupted();
            Duration left = Duration.between(clock.instant(), deadline);
            if (left.isNegative() || left.isZero()) {
                throw Failure.noCertificate(unseen(placed, propagation.lacks()));
            }
            Thread.sleep(Math.max(1, Math.min(pause.toMillis(), left.toMillis())));
            pause = pause.multipliedBy(3).dividedBy(2);
            pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        }
        throwIfInterrupted();
    }

    private static Collection<Expected> expected(List<Placed> placed) {
        record Place(String name, List<DnsServer> servers) {
        }
        Map<Place, Set<String>> values = new LinkedHashMap<>();
        for (Placed place : placed) {
            values.computeIfAbsent(new Place(place.record().name(), place.editor().nameservers()),
                    key -> new HashSet<>()).add(place.record().value());
        }
        List<Expected> expected = new ArrayList<>();
        values.forEach((place, all) -> expected.add(
                new Expected(Name.fromConstantString(place.name() + "."), Set.copyOf(all), place.servers())));
        return expected;
    }

    private static List<Problem> unseen(List<Placed> placed, Map<Name, String> lacks) {
        Map<String, Problem> problems = new LinkedHashMap<>();
        for (Placed place : placed) {
            String lack = lacks.get(Name.fromConstantString(place.record().name() + "."));
            if (lack != null) {
                String domain = place.proof().domain().toString();
                problems.put(domain, Problem.own(domain, "dnsPropagation",
                        "TXT record " + place.record().name() + " is not yet seen everywhere: " + lack,
                        "Check that these servers receive the zone's changes (NOTIFY, zone transfer) and that this"
                                + " service may ask them (port 53, UDP and TCP), or set the provider's nameservers."));
            }
        }
        return List.copyOf(problems.values());
    }

    @Override
    public void withdraw(Collection<Proof> proofs) {
        setAsideInterrupt(() -> {
            Map<String, Problem> problems = new LinkedHashMap<>();
            List<Placed> placed = place(proofs, problems);
            problems.values().forEach(problem -> LOG.log(Level.WARNING,
                    "The dns-01 value of " + problem.domain() + " was not withdrawn: " + problem.detail()));
            edit(placed, RecordEditor::remove).forEach((record, refusal) -> LOG.log(Level.WARNING,
                    "The TXT value " + record.value() + " of " + record.name() + " was not withdrawn: "
                            + refusal.detail()));
        });
    }

    /** Finds editor and record for every proof that has both, and a problem for the others. */
    private List<Placed> place(Collection<Proof> proofs, Map<String, Problem> problems) {
        Map<Proof, Name> names = new LinkedHashMap<>();
        Map<Proof, RecordEditor> found = new HashMap<>();
        for (Proof proof : new LinkedHashSet<>(proofs)) {
            String domain = proof.domain().toString();
            RecordEditor editor = editor(proof.provider());
            Name name = name(proof);
            if (editor == null) {
                problems.put(domain, Problem.own(domain, "dnsProvider", "No usable DNS provider is set for this domain",
                        "Name one of dnsProviders as the domain's provider."));
            } else if (name == null) {
                problems.put(domain, Problem.acme(domain, "dns",
                        "With " + LABEL + " the name is longer than DNS allows", "Use a shorter name, or http-01."));
            } else {
                names.put(proof, name);
                found.put(proof, editor);
            }
        }
        Map<Name, Delegation> delegations = resolvers.follow(new LinkedHashSet<>(names.values()));
        List<Placed> placed = new ArrayList<>();
        names.forEach((proof, name) -> {
            Delegation delegation = delegations.get(name);
            if (delegation.target() == null) {
                String domain = proof.domain().toString();
                problems.put(domain, Problem.acme(domain, "dns", delegation.fault(), delegation.hint()));
            } else {
                String target = Resolvers.text(delegation.target().canonicalize());
                placed.add(new Placed(proof, found.get(proof), new TxtRecord(target, proof.value())));
            }
        });
        return placed;
    }

    private RecordEditor editor(String provider) {
        try {
            return provider == null ? null : editors.apply(provider);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The DNS provider " + provider + " can't be used", e);
            return null;
        }
    }

    private static Name name(Proof proof) {
        try {
            return Name.fromString(LABEL + proof.domain().base() + ".");
        } catch (TextParseException tooLong) {
            return null;
        }
    }

    /** Hands each editor its records, all together; an editor that fails keeps no other from its work. */
    private static Map<TxtRecord, Refusal> edit(List<Placed> placed,
            BiFunction<RecordEditor, Collection<TxtRecord>, List<Refusal>> change) {
        Map<RecordEditor, Set<TxtRecord>> byEditor = new LinkedHashMap<>();
        placed.forEach(place -> byEditor.computeIfAbsent(place.editor(), editor -> new LinkedHashSet<>())
                .add(place.record()));
        Map<TxtRecord, Refusal> refusals = new LinkedHashMap<>();
        byEditor.forEach((editor, records) -> {
            try {
                change.apply(editor, records).forEach(refusal -> refusals.put(refusal.record(), refusal));
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "A DNS provider failed unexpectedly", e);
                records.forEach(record -> refusals.put(record, new Refusal(record, "The DNS provider failed",
                        "The server's log has the cause, under this request's id.")));
            }
        });
        return refusals;
    }

    private static void throwIfAny(Map<String, Problem> problems) {
        if (!problems.isEmpty()) {
            throw Failure.noCertificate(List.copyOf(problems.values()));
        }
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** An order that is being cancelled must still clean up; the editors return within seconds. */
    private static void setAsideInterrupt(Runnable work) {
        boolean interrupted = Thread.interrupted();
        try {
            work.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
