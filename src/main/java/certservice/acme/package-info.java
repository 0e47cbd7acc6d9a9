/**
 * Talking to the CA: account, nonces, one order's protocol, revocation (RFC 8555), and when to renew (RFC 9773).
 *
 * <ul>
 * <li>R5.1 acme4j is used here and nowhere else; what leaves this room are our own types.</li>
 * <li>R5.2 No more than {@code NoncePool.SIZE} exchanges with one CA are in flight, however many orders there
 * are.</li>
 * <li>R5.3 We poll ourselves, the order alone unless somebody watches its names, with short growing pauses;
 * {@code Retry-After} is honoured.</li>
 * <li>R5.4 What may pass is tried again within the order's deadline; what the CA has decided is not.</li>
 * <li>R5.5 Proofs are withdrawn whatever happened, also those of a node that died.</li>
 * <li>R5.6 Each step of an order looks first at what the CA has, and does what is missing: any node can go on with
 * it, wherever another one stopped.</li>
 * <li>R5.7 What only makes an order nicer (the progress of its names, its renewal window, what it replaces) never fails
 * it.</li>
 * </ul>
 *
 * <p>It does not store orders, decide which node works on one, see private keys of certificates, or know callers.
 *
 * <p>Entry points: {@link certservice.acme.CertificateAuthorities}, {@link certservice.acme.CertificateAuthority},
 * {@link certservice.acme.AcmeOrder}, {@link certservice.acme.Progress}, {@link certservice.acme.RenewalWindow},
 * {@link certservice.acme.RevocationReason}.
 */
package certservice.acme;
