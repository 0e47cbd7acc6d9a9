/**
 * One certificate's way through the CA: states, threads, and what is kept of it.
 *
 * <ul>
 * <li>R4.1 An order's state is saved before each step that can't be undone.</li>
 * <li>R4.2 No transaction spans a call to the CA.</li>
 * <li>R4.3 Of the orders of one request none is finalized before all are ready.</li>
 * <li>R4.4 No more than {@code certservice.issuance.concurrency} orders are worked on at once; the others wait in
 * line, and those already begun go first.</li>
 * </ul>
 *
 * <p>It does not speak ACME and does not see private keys.
 *
 * <p>Entry points: {@link certservice.order.OrderEngine}, {@link certservice.order.OrderPlan}.
 */
package certservice.order;
