package certservice.order;

import certservice.audit.Origin;

/**
 * A caller has got a result.
 *
 * @param fetched     whether it was fetched from the order; otherwise it was the answer to the request for it
 * @param by          who has got it
 * @param privateKeys whether private keys were in it: not if they stay with the caller, or nothing was sent since the
 *                    caller has it already
 */
public record Receipt(String batchId, boolean fetched, Origin by, boolean privateKeys) {
}
