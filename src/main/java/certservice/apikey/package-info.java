/**
 * Who is calling and from where, which domains and what else they may request, and how they are refused.
 *
 * <ul>
 * <li>R8.1 A key is stored and looked up by its SHA-256 alone; the key itself is in no log, message or table.</li>
 * <li>R8.2 Whatever is wrong with a key, the answer is the same 401, given before anything else is looked at;
 * only {@code GET /api/v1/health} needs no key.</li>
 * <li>R8.3 Every request asks the database: a key that is disabled on one node is refused by all at once.</li>
 * <li>R8.4 What is sealed for a caller is opened by a key that is derived from the API key, which only a request of
 * that caller brings; it is never stored.</li>
 * <li>R8.5 Why a request is refused is put down by {@link certservice.apikey.Refusals} alone, and never told to the
 * caller, neither by the answer nor by the time it takes ({@link certservice.apikey.SlowAnswers}). If its key is known
 * it is in the audit trail, too; nobody can fill that with refusals.</li>
 * <li>R8.6 A good key is served, whatever bad ones came from the same address: {@link certservice.apikey.Guessing}
 * counts what is refused anyway.</li>
 * <li>R8.7 An address is believed from the proxies of the setting only ({@link certservice.apikey.ClientAddress}).</li>
 * </ul>
 *
 * <p>It does not decide about single names: that is {@link certservice.domain.Domain#permits}.
 *
 * <p>Entry points: {@link certservice.apikey.Gate} and {@link certservice.apikey.ApiKeyFilter}, called by the server;
 * {@link certservice.apikey.ApiKeys}, {@link certservice.apikey.Caller}, {@link certservice.apikey.KeyUsage},
 * {@link certservice.apikey.Refusals}; for who sets keys up {@link certservice.apikey.ApiKey} with
 * {@link certservice.apikey.KeyPolicy}, {@link certservice.apikey.KeyUses} and {@link certservice.apikey.Guessing}.
 */
package certservice.apikey;
