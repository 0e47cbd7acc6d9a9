/**
 * The map of the house. Each package is a room with one purpose; its own {@code package-info} tells the rules it keeps
 * and where to enter.
 *
 * <h2>Rooms</h2>
 * <ul>
 * <li>{@code issuance}: what callers call; an authorized request becomes keys, CSRs and a batch of orders, and leaves
 * as PFX or PEM.</li>
 * <li>{@code order}: what was ordered, and its way to the end on whichever node; what is kept of it, sealed.</li>
 * <li>{@code acme}: talking to the CA.</li>
 * <li>{@code challenge}: publishes, awaits and withdraws the proofs that the CA wants to see; one sub-room for each
 * kind of DNS provider.</li>
 * <li>{@code apikey}: who is calling and from where, what they may request, and how they are refused.</li>
 * <li>{@code domain}: what a domain name is, and how a domain is proven.</li>
 * <li>{@code admin}: brings the service up and sets up keys, domains and DNS providers.</li>
 * <li>{@code audit}: who did what, and when, in one chain that shows what was changed in it.</li>
 * <li>{@code settings}: the configuration, the database that it names, and the master key.</li>
 * <li>{@code json}: how request bodies are read.</li>
 * <li>{@code problem}: the one failure type, and how it leaves the house.</li>
 * </ul>
 * Which room may use which is in {@code ArchitectureTest}, and holds at every build.
 *
 * <h2>The way of a request</h2>
 * <ol>
 * <li>{@code apikey.Gate} finds the key behind {@code X-Api-Key}, or answers 401, later.</li>
 * <li>{@code issuance.CertificateResource} parses the body and suspends the answer; no request thread waits.</li>
 * <li>{@code issuance.CertificateIssuer} checks that the key permits every name and the rest, and hands a plan to
 * {@code order.OrderEngine}, which joins it to an equal request that is not delivered yet, or has key pairs made and
 * stores a batch. Whoever asked for it is answered with 202 now.</li>
 * <li>{@code order.OrderRun}, on one of the engine's own threads, saves each step and lets {@code acme.AcmeOrder} speak
 * to the CA. Should this node die, {@code order.Attendant} of another takes the batch over.</li>
 * <li>{@code acme.AcmeOrder} has a {@code challenge.Solver} publish the proofs, lets the CA look, and removes
 * them.</li>
 * <li>When every order of the request is ready they are finalized; the chains come back to the issuer, and the resource
 * writes them as PFX or PEM. What {@code issuance.Delivery} could write to its end is erased.</li>
 * <li>What happens on the way is appended to the chain by {@code audit.AuditTrail}, in the transactions that make it
 * true; {@code order.OrderEvents} says what.</li>
 * <li>What goes wrong on the way is a {@code problem.Failure}; {@code problem.FailureMapper} makes the answer of
 * it.</li>
 * </ol>
 */
package certservice;
