package certservice.problem;

import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells trouble of the database (not there, no connection left, disk full) from what is wrong with a statement. EJB,
 * persistence and pools wrap it differently on every server; a {@link SQLException} is among the causes on all of them,
 * or the exception of the connector, or, when a commit fails, that of the transaction manager.
 */
public final class Outage {

    /** How long a caller should wait: as long as a database takes to start again. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final String MESSAGE = "The service is not available at the moment";

    /**
     * Classes of SQLSTATE (ISO 9075-2) for which trying again later doesn't help: feature not supported, data
     * exception, integrity constraint violation, syntax error or missing table.
     */
    private static final Set<String> NOT_OURS = Set.of("0A", "22", "23", "42");

    /** By name, since Open Liberty shows this class to no web application. */
    private static final String POOL_EXCEPTION = "jakarta.resource.ResourceException";

    private Outage() {
    }

    /** The 503 that a caller gets, if the database's trouble is among the causes. */
    public static Optional<Failure> in(Throwable thrown) {
        return isIn(thrown) ? Optional.of(failure(thrown)) : Optional.empty();
    }

    /** The 503 that a caller gets; {@code cause} is for the log. */
    public static Failure failure(Throwable cause) {
        return Failure.unavailable(MESSAGE, RETRY_AFTER, cause);
    }

    /** Whether it is worth trying again later. */
    public static boolean isIn(Throwable thrown) {
        return causes(thrown).anyMatch(Outage::is);
    }

    /** Whether the database is there, but refuses these settings: user, password, name of the database. */
    public static boolean isRefusal(Throwable thrown) {
        return causes(thrown).anyMatch(cause -> cause instanceof SQLException sql && sql.getSQLState() != null
                && (sql.getSQLState().startsWith("28") || sql.getSQLState().startsWith("3D")));
    }

    /** What went wrong in one line, without the wrappings. */
    public static String summary(Throwable thrown) {
        return causes(thrown).dropWhile(cause -> !is(cause)).map(Outage::line).distinct()
                .collect(Collectors.joining("; caused by "));
    }

    /** Those of a commit that failed are beside it on WildFly, whose transaction manager suppresses them. */
    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).flatMap(
                cause -> cause instanceof RollbackException
                        ? Stream.concat(Stream.of(cause), Stream.of(cause.getSuppressed()).flatMap(Outage::causes))
                        : Stream.of(cause));
    }

    private static boolean is(Throwable cause) {
        if (cause instanceof SystemException) {
            return true;
        }
        if (cause instanceof SQLException sql) {
            return sql.getSQLState() == null || sql.getSQLState().length() < 2
                    || !NOT_OURS.contains(sql.getSQLState().substring(0, 2));
        }
        return Stream.<Class<?>>iterate(cause.getClass(), Objects::nonNull, Class::getSuperclass)
                .anyMatch(type -> type.getName().equals(POOL_EXCEPTION));
    }

    private static String line(Throwable cause) {
        return cause.toString().lines().map(String::strip).collect(Collectors.joining(" "));
    }
}
