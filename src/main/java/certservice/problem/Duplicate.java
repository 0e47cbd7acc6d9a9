package certservice.problem;

import java.sql.SQLException;
import java.util.Objects;
import java.util.stream.Stream;

/** Tells the violation of a unique constraint from other errors; EJB and persistence wrap it differently everywhere. */
public final class Duplicate {

    /** SQLSTATE of PostgreSQL and H2; ISO 9075-2 has the class only, 23. */
    private static final String UNIQUE_VIOLATION = "23505";

    private Duplicate() {
    }

    public static boolean isIn(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState()));
    }
}
