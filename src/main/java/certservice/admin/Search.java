package certservice.admin;

import certservice.problem.Failure;
import java.util.function.LongSupplier;

/**
 * Which part of a list is wanted.
 *
 * @param text  what must occur somewhere in the item's names, in any case; empty: all
 * @param first how many items are left out before; 0 or more
 * @param limit at most how many; 1 to {@link #MOST}
 */
public record Search(String text, int first, int limit) {

    public static final int MOST = 1000;

    /**
     * How many items the whole list has.
     *
     * @param found how many of them are in the part that is wanted
     * @param count counts them; asked only if that part does not show it, since counting looks through everything
     */
    long total(int found, LongSupplier count) {
        boolean isLastPart = found < limit && (found > 0 || first == 0);
        return isLastPart ? (long) first + found : count.getAsLong();
    }

    /** @throws certservice.problem.Failure 400, naming the field, its value and what is allowed */
    public Search {
        text = text == null ? "" : text.strip();
        if (first < 0) {
            throw Failure.badRequest("first is " + first + "; allowed is 0 or more");
        }
        if (limit < 1 || limit > MOST) {
            throw Failure.badRequest("limit is " + limit + "; allowed is 1 to " + MOST);
        }
    }
}
