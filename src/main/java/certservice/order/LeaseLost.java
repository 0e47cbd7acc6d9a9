package certservice.order;

import jakarta.ejb.ApplicationException;

/**
 * Another node, or a later run of this one, has taken the batch over, or its caller has cancelled it: whoever worked on
 * it stops at once.
 */
@ApplicationException(rollback = true)
final class LeaseLost extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LeaseLost(String batchId) {
        super("The batch " + batchId + " is no longer ours");
    }
}
