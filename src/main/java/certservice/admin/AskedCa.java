package certservice.admin;

import certservice.problem.Failure;
import certservice.problem.Problem;
import java.util.concurrent.CompletionException;

/** What an administrator is told of a CA that would not. */
final class AskedCa {

    private AskedCa() {
    }

    /**
     * @param work asks the CA
     * @throws Failure 502 with what the CA said; whatever else it was stays as it is
     */
    static void outcome(Runnable work) {
        try {
            work.run();
        } catch (Failure e) {
            throw explained(e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof Failure failure ? explained(failure) : e;
        }
    }

    private static Failure explained(Failure failure) {
        if (failure.status() != 500 || failure.problems().isEmpty()) {
            return failure;
        }
        Problem problem = failure.problems().get(0);
        return Failure.http(502, "The CA did not do it: " + problem.detail() + " (" + problem.type() + "). "
                + problem.hint());
    }
}
