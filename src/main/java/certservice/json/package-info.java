/**
 * How request bodies are read: strictly, and the same on every server.
 *
 * <ul>
 * <li>R12.1 A body that is no JSON object, or has a field of the wrong type, is a 400 that names the field and what is
 * allowed.</li>
 * <li>R12.2 However large, deep or malformed a body is, it costs little.</li>
 * </ul>
 *
 * <p>It does not know what any field means.
 *
 * <p>Entry point: {@link certservice.json.JsonFields}.
 */
package certservice.json;
