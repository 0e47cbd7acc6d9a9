/**
 * Publishes, awaits and withdraws the proofs that the CA wants to see.
 *
 * <h2>Rules</h2>
 * <ul>
 * <li>R9.1 A {@link certservice.challenge.Solver} needs nothing that it kept between its calls: any node can withdraw
 *     what another one presented.
 * <li>R9.2 What others published under the same name stays.
 * <li>R9.3 The failure of one domain neither hides nor hinders the others: there is one problem for every domain that
 *     failed, and withdrawal goes on.
 * <li>R9.4 Problems name public names only: no address of an update server, no secret.
 * <li>R10.1 dns-01 is one algorithm, {@link certservice.challenge.Dns01Solver}; a provider only adds and removes TXT
 *     values ({@link certservice.challenge.RecordEditor}).
 * <li>R10.2 A provider's kind is made known by a bean ({@link certservice.challenge.DnsProviderKind}) in a sub-room of
 *     its own; nothing lists the kinds.
 * <li>R10.3 The CA is asked to look only when every authoritative server shows every value, since the CA's resolvers
 *     may ask any of them, from several places.
 * <li>R10.4 DNS answers are not cached, and no thread, hook or setting outside the application is touched: dnsjava
 *     makes and reads messages, {@link certservice.challenge.DnsExchange} sends them.
 * <li>R11.1 http-01 proofs are rows of the database: {@link certservice.challenge.HttpChallengeServlet} answers on
 *     every node as soon as they are committed, whichever node works on the order. The node that published them has
 *     them in memory, too, so that a busy or failing database does not make the CA's request time out.
 * <li>R11.2 A proof that nobody withdrew, since its node died, is removed after eight days, when no authorization can
 *     be pending any more.
 * <li>R11.3 Only the path of a Base64url token is looked up, and nothing but a key authorization is ever answered.
 * </ul>
 *
 * <h2>Does not do</h2>
 * Talk to the CA, decide which challenge or provider a domain has, or remember which providers exist. It does not serve
 * DNS, does not validate DNSSEC (the resolvers do), and does not withdraw a value from where a CNAME led when it was
 * presented, if the CNAME has been changed since.
 *
 * <h2>Entry points</h2>
 * {@link certservice.challenge.Solver} and {@link certservice.challenge.Proof} for the protocol, with
 * {@link certservice.challenge.Solvers} to find the one for a type; for http-01
 * {@link certservice.challenge.Http01Solver} over {@link certservice.challenge.HttpChallenges}; for dns-01
 * {@link certservice.challenge.Dns01Solver} over {@link certservice.challenge.Resolvers}, and
 * {@link certservice.challenge.DnsProviderKind} for a new provider.
 */
package certservice.challenge;
