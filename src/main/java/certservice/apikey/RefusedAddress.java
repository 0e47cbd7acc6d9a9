package certservice.apikey;

import java.time.Instant;

/**
 * An address from which too many keys came that open nothing.
 *
 * @param address an IPv4 address, or an IPv6 network of 64 bits
 * @param guesses on all nodes since the window began; each node adds what came within the last second a little later
 * @param until   when it may be wrong again; a good key is accepted from it all the same
 */
public record RefusedAddress(String address, long guesses, Instant until) {
}
