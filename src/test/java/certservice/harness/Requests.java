package certservice.harness;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Which of the requests that pass {@link FaultProxy} a rule is about: by resource, method and path, and how often.
 * Immutable; {@code to(NEW_ORDER).next(2)} reads as it works.
 */
public final class Requests {

    private final Predicate<FaultProxy.Request> kind;
    private final BooleanSupplier turn;

    private Requests(Predicate<FaultProxy.Request> kind, BooleanSupplier turn) {
        this.kind = kind;
        this.turn = turn;
    }

    /** Every request to one of the resources. */
    public static Requests to(AcmeResource first, AcmeResource... more) {
        Set<AcmeResource> resources = EnumSet.of(first, more);
        return new Requests(request -> resources.contains(request.resource()), () -> true);
    }

    /** Every request. */
    public static Requests any() {
        return new Requests(request -> true, () -> true);
    }

    /** Of these, those with this method. */
    public Requests method(String method) {
        return new Requests(kind.and(request -> request.method().equals(method)), turn);
    }

    /** Of these, those whose whole path matches the regular expression. */
    public Requests path(String pattern) {
        return new Requests(kind.and(request -> request.path().matches(pattern)), turn);
    }

    /** Of these, the next so many; the others pass. */
    public Requests next(int count) {
        AtomicInteger left = new AtomicInteger(count);
        return new Requests(kind, () -> left.getAndUpdate(n -> Math.max(0, n - 1)) > 0);
    }

    /** Of these, a share chosen at random, the same sequence for the same seed. */
    public Requests withProbability(double share, long seed) {
        Random random = new Random(seed);
        return new Requests(kind, () -> random.nextDouble() < share);
    }

    boolean chooses(FaultProxy.Request request) {
        return kind.test(request) && turn.getAsBoolean();
    }
}
