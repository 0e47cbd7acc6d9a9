/**
 * What was ordered, and its way through the CA to its caller: batches and their states, leases, threads, what is kept
 * of a result and how long, what became of certificates, and what the CA allows.
 *
 * <ul>
 * <li>R4.1 An order's state is saved before each step that can't be undone.</li>
 * <li>R4.2 No transaction spans a call to the CA.</li>
 * <li>R4.3 Of the orders of one request none is finalized before all are ready; except that one which the CA has given
 * to another request as well, and finalized for that, is placed anew.</li>
 * <li>R4.4 No more than {@code certservice.issuance.concurrency} orders are worked on at once; the others wait in
 * line, and those already begun go first.</li>
 * <li>R4.5 A request is stored before the CA hears of it, and from then on is worked on to its end, by any node.</li>
 * <li>R4.6 Only the node that holds a batch's lease changes it and its orders: each save says so in its statement. The
 * exceptions are what callers do: join, cancel before the CA has a CSR, and take delivery; and an administrator who
 * lets one that has failed be tried again.</li>
 * <li>R4.7 Of two equal requests of a key the database makes one the first, by a unique claim; the other joins it,
 * until the result is delivered. While that is just happening it waits for the outcome ({@code Handovers}).</li>
 * <li>R4.8 A private key is stored under two seals only, the caller's and the master key's ({@code Sealing}), and
 * erased when it is delivered, cancelled or revoked, or its time is over, be it issued or failed.</li>
 * <li>R4.9 What failed on the way to the CA after it got a CSR is put down and taken up again; what the CA has decided
 * is final, unless an administrator wants it asked again.</li>
 * <li>R4.10 What happens to a request or a certificate is in the audit trail, written by the same transaction as its
 * last step ({@code OrderEvents}); a delivery right after it, or, if the database is away then, later
 * ({@code LateReceipts}).</li>
 * <li>R4.11 Lists over all orders read {@code OrderSummary}, whose rows are short; what changes an order's certificate
 * changes its summary in the same transaction.</li>
 * </ul>
 *
 * <p>It does not speak ACME, does not know what an API key may have, and neither makes private keys nor writes them in
 * any form: it stores what its caller gives it, sealed.
 *
 * <p>Entry points: {@link certservice.order.OrderEngine} takes a {@link certservice.order.BatchPlan} and tells its
 * outcome; {@link certservice.order.Orders} is what callers want of what is stored,
 * {@link certservice.order.OrderBatch} and {@link certservice.order.CertificateOrder} are that; {@code HeldOrders} is
 * what the node does that works on it, and {@code Retention} what time does;
 * {@link certservice.order.Certificates}, {@link certservice.order.Revocations}, {@link certservice.order.Receipt} and
 * {@link certservice.order.RateLimits}.
 */
package certservice.order;
