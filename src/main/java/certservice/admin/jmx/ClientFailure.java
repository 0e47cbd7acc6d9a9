package certservice.admin.jmx;

import certservice.problem.Failure;
import certservice.problem.Outage;
import certservice.problem.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What went wrong as a client without our classes can read it: an exception of the JDK that has no cause. */
final class ClientFailure {

    private static final Logger LOG = System.getLogger(ClientFailure.class.getName());

    private ClientFailure() {
    }

    /**
     * {@link IllegalArgumentException} if the caller's values are wrong, {@link IllegalStateException} if they may be
     * right at another time. What nobody expected goes to the log.
     *
     * @param operation that threw it
     */
    static RuntimeException of(Throwable thrown, String operation) {
        if (thrown instanceof VirtualMachineError error) {
            throw error;
        }
        Optional<Failure> failure = causes(thrown).filter(Failure.class::isInstance).map(Failure.class::cast)
                .findFirst().or(() -> Outage.in(thrown));
        if (failure.isPresent()) {
            return logged(of(failure.get()), operation);
        }
        if (thrown instanceof IllegalArgumentException argument) {
            return logged(new IllegalArgumentException(argument.getMessage()), operation);
        }
        LOG.log(Level.ERROR, "JMX: " + operation + " failed, called by '" + Caller.now().name() + "'", thrown);
        return new IllegalStateException(operation + " failed; the server's log tells why");
    }

    /** Some servers give clients an exception without the message instead. */
    private static RuntimeException logged(RuntimeException failure, String operation) {
        LOG.log(Level.INFO, () -> "JMX: " + operation + " refused, called by '" + Caller.now().name() + "': "
                + failure.getMessage());
        return failure;
    }

    private static RuntimeException of(Failure failure) {
        String message = Stream.concat(Stream.of(failure.getMessage()), failure.problems().stream()
                .map(ClientFailure::line)).collect(Collectors.joining("; "));
        return failure.status() == 400 || failure.status() == 404 ? new IllegalArgumentException(message)
                : new IllegalStateException(message);
    }

    private static String line(Problem problem) {
        return (problem.domain() == null ? "" : problem.domain() + ": ") + problem.detail() + " (" + problem.hint()
                + ")";
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
    }
}
