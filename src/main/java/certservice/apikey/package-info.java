/**
 * Who is calling, and which domains they may request.
 *
 * <ul>
 * <li>R8.1 A key is stored and looked up by its SHA-256 alone; the key itself is in no log, message or table.</li>
 * <li>R8.2 Whatever is wrong with a key, the answer is the same 401, given before anything else is looked at;
 * only {@code GET /api/v1/health} needs no key.</li>
 * <li>R8.3 Every request asks the database: a key that is disabled on one node is refused by all at once.</li>
 * <li>R8.4 What is sealed for a caller is opened by a key that is derived from the API key, which only a request of
 * that caller brings; it is never stored.</li>
 * </ul>
 *
 * <p>It does not decide about single names: that is {@link certservice.domain.Domain#permits}.
 *
 * <p>Entry points: {@link certservice.apikey.ApiKeyFilter}, called by the server; {@link certservice.apikey.ApiKeys},
 * {@link certservice.apikey.Caller}; {@link certservice.apikey.ApiKey} for who sets keys up.
 */
package certservice.apikey;
