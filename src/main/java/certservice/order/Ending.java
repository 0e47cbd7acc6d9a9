package certservice.order;

import java.time.Instant;

/**
 * The end of a batch that was issued.
 *
 * @param now       when that was
 * @param expiry    the end of its certificate; the private keys of what is reused are kept as long
 * @param retention when the private keys of all others are erased, if nobody has fetched them by then
 */
record Ending(Instant now, Instant expiry, Instant retention) {
}
