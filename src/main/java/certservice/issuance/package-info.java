/**
 * What callers call: an authorized request becomes keys, CSRs and a batch of orders, and leaves as PFX or PEM, at once
 * or when it is fetched; and what a key was given before.
 *
 * <ul>
 * <li>R3.1 The order of checks is: key (401), form of the request (400), the key's domains (401), what is known of it
 * already (422), limits (429), then the CA.</li>
 * <li>R3.2 In the clear a private key is in memory only: from its making until it is sealed, and again while the answer
 * is written. The key that opens it comes with the caller's request.</li>
 * <li>R3.3 No request thread waits for a CA: the answer is resumed when the orders are done.</li>
 * <li>R3.4 A result counts as delivered when its last byte could be written ({@code Delivery}), and not before.</li>
 * <li>R3.5 The same contents are the same bytes, PFX and PEM alike.</li>
 * <li>R3.6 A key sees its own orders and certificates; all others are a 404, whether they are there or not.</li>
 * </ul>
 *
 * <p>It does not know how a certificate is got: that is {@code order} and {@code acme}. It stores nothing itself.
 *
 * <p>Entry points: {@link certservice.issuance.CertificateResource}, {@link certservice.issuance.OrderResource} and
 * {@link certservice.issuance.CertificatesResource}, called by the server;
 * {@link certservice.issuance.CertificateIssuer}.
 */
package certservice.issuance;
