package certservice.admin;

import certservice.problem.Duplicate;
import certservice.problem.Failure;
import jakarta.persistence.EntityManager;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Writes what an administrator has changed, unless another one was quicker. */
final class Saving {

    /** SQLSTATEs of a row that refers to one that is not there: PostgreSQL has one, H2 both. */
    private static final Set<String> DANGLING = Set.of("23503", "23506");

    private Saving() {
    }

    /** @throws Failure 412 if the version was given and is not the present one */
    static void requireVersion(Long given, long present) {
        if (given != null && given != present) {
            throw Failure.preconditionFailed("It was changed meanwhile; its version is " + present + " now, not "
                    + given);
        }
    }

    /**
     * Writes it now, so that what goes wrong does so here and not at the commit.
     *
     * @param duplicate what a caller is told if something unique is there already
     * @throws Failure 409 in that case, and if somebody has changed the same, or what it refers to, at the same moment
     */
    static void flush(EntityManager entityManager, String duplicate) {
        try {
            entityManager.flush();
        } catch (OptimisticLockException e) {
            throw changedMeanwhile();
        } catch (PersistenceException e) {
            if (Duplicate.isIn(e)) {
                throw Failure.conflict(duplicate);
            }
            throw isDangling(e) ? changedMeanwhile() : e;
        }
    }

    private static Failure changedMeanwhile() {
        return Failure.conflict("It was changed by somebody else at this moment; look at it, and try again");
    }

    private static boolean isDangling(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof SQLException sql && DANGLING.contains(sql.getSQLState()));
    }
}
