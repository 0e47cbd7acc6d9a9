package certservice.challenge;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.TreeSet;

/** Every solver that there is, by challenge type. */
@ApplicationScoped
public class Solvers {

    @Inject
    @Any
    Instance<Solver> solvers;

    /** @throws IllegalArgumentException if there is none for the type */
    public Solver of(String type) {
        return solvers.stream().filter(solver -> solver.type().equals(type)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no solver for challenge type " + type));
    }

    /** The challenge types that a domain can be proven with. */
    public Set<String> types() {
        Set<String> types = new TreeSet<>();
        solvers.forEach(solver -> types.add(solver.type()));
        return types;
    }
}
