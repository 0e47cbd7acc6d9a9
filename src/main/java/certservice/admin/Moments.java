package certservice.admin;

import certservice.problem.Failure;
import java.time.Instant;

/** Moments that a list is asked for. */
final class Moments {

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private Moments() {
    }

    /**
     * @param moment or {@code null}
     * @throws Failure 400 if not every database can compare with it, naming the field, its value and what is allowed
     */
    static void requireComparable(String field, Instant moment) {
        if (moment != null && (moment.isBefore(FIRST) || !moment.isBefore(END))) {
            throw Failure.badRequest(field + " is " + moment + "; allowed is a moment in the years 1 to 9999");
        }
    }
}
