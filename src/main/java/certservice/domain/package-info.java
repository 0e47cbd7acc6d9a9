/**
 * What a domain name is, and how a domain is proven.
 *
 * <ul>
 * <li>R7.1 A {@link certservice.domain.DomainName} that exists is valid and normalized; nobody else lower-cases, trims
 * or converts names.</li>
 * <li>R7.2 Names are compared by whole labels, never as parts of strings.</li>
 * <li>R7.3 Whether an association permits a name is decided in one place,
 * {@link certservice.domain.DomainName#isPermittedBy}.</li>
 * </ul>
 *
 * <p>It does not know who is calling, and does not prove anything itself.
 *
 * <p>Entry points: {@link certservice.domain.DomainName}, {@link certservice.domain.Domain},
 * {@link certservice.domain.Profile}, {@link certservice.domain.Environment},
 * {@link certservice.domain.RegisteredDomain}, {@link certservice.domain.Validations}.
 */
package certservice.domain;
