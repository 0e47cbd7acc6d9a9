/**
 * Talking to the CA: account, nonces, and one order's protocol (RFC 8555).
 *
 * <ul>
 * <li>R5.1 acme4j is used here and nowhere else; what leaves this room are our own types.</li>
 * <li>R5.2 No more than {@code NoncePool.SIZE} exchanges with one CA are in flight, however many orders there
 * are.</li>
 * <li>R5.3 We poll ourselves, the order alone, with short growing pauses; {@code Retry-After} is honoured.</li>
 * <li>R5.4 What may pass is tried again within the order's deadline; what the CA has decided is not.</li>
 * <li>R5.5 Proofs are withdrawn whatever happened.</li>
 * </ul>
 *
 * <p>It does not store orders, make keys or know callers.
 *
 * <p>Entry points: {@link certservice.acme.CertificateAuthorities}, {@link certservice.acme.CertificateAuthority},
 * {@link certservice.acme.AcmeOrder}.
 */
package certservice.acme;
