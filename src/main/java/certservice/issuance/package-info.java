/**
 * The two endpoints: an authorized request becomes keys, CSRs and orders, and leaves as PFX or PEM.
 *
 * <ul>
 * <li>R3.1 The order of checks is: key (401), form of the request (400), the key's domains (401), then the CA.</li>
 * <li>R3.2 A private key is in memory only, from its making until the answer is written.</li>
 * <li>R3.3 No request thread waits for a CA: the answer is resumed when the orders are done.</li>
 * </ul>
 *
 * <p>It does not know how a certificate is got: that is {@code order} and {@code acme}.
 *
 * <p>Entry points: {@link certservice.issuance.CertificateResource}, {@link certservice.issuance.CertificateIssuer}.
 */
package certservice.issuance;
