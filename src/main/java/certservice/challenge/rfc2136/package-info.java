/**
 * DNS provider type {@code rfc2136}: dynamic updates (RFC 2136) signed with TSIG (RFC 8945), as BIND, Knot DNS,
 * PowerDNS and others take them.
 *
 * <h2>Rules</h2>
 * <ul>
 * <li>R12.1 Every message is signed, and no answer that grants something is believed unsigned.
 * <li>R12.2 All values of a zone travel in one message, over TCP; a value is deleted by its own data, never by name.
 * <li>R12.3 Settings are checked strictly when they are read; the secret is quoted nowhere.
 * </ul>
 *
 * <h2>Does not do</h2>
 * GSS-TSIG (secure updates of Windows DNS), SIG(0), HMAC-MD5 and HMAC-SHA-1. It does not wait for secondaries.
 *
 * <h2>Entry point</h2>
 * {@link certservice.challenge.rfc2136.Rfc2136Kind}, found as a bean.
 */
package certservice.challenge.rfc2136;
