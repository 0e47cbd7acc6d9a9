package certservice.challenge;

import certservice.challenge.rfc2136.Rfc2136Kind;
import certservice.settings.MasterKey;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.persistence.EntityManager;
import java.lang.annotation.Annotation;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/** The beans of this room as CDI would wire them, over a test's own database. */
public final class ChallengesOfTests {

    private ChallengesOfTests() {
    }

    /** With the one kind {@code rfc2136}. */
    public static DnsProviders dnsProviders(EntityManager entityManager, MasterKey masterKey) {
        DnsProviders providers = new DnsProviders();
        providers.store = new DnsProviderStore();
        providers.store.entityManager = entityManager;
        providers.masterKey = masterKey;
        providers.kinds = new Beans<>(List.of(new Rfc2136Kind()));
        return providers;
    }

    /** That of http-01 and that of dns-01; they are known by name only. */
    public static Solvers solvers() {
        Solvers solvers = new Solvers();
        solvers.solvers = new Beans<>(List.of(new NamedSolver("http-01"), new NamedSolver("dns-01")));
        return solvers;
    }

    private record NamedSolver(String type) implements Solver {
        @Override
        public void present(Collection<Proof> proofs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void await(Collection<Proof> proofs, Instant deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void withdraw(Collection<Proof> proofs) {
            throw new UnsupportedOperationException();
        }
    }

    private record Beans<T>(List<T> all) implements Instance<T> {
        @Override
        public Iterator<T> iterator() {
            return all.iterator();
        }

        @Override
        public T get() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instance<T> select(Annotation... qualifiers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <U extends T> Instance<U> select(Class<U> subtype, Annotation... qualifiers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <U extends T> Instance<U> select(TypeLiteral<U> subtype, Annotation... qualifiers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isUnsatisfied() {
            return all.isEmpty();
        }

        @Override
        public boolean isAmbiguous() {
            return all.size() > 1;
        }

        @Override
        public void destroy(T instance) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Handle<T> getHandle() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Iterable<? extends Handle<T>> handles() {
            throw new UnsupportedOperationException();
        }
    }
}
