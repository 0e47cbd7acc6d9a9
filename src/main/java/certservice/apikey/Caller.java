package certservice.apikey;

import certservice.audit.Actor;
import certservice.audit.Origin;
import certservice.settings.SealingKey;
import java.security.Principal;

/**
 * Who is calling: the API key of a request, after it was checked.
 *
 * @param keyId   the {@link ApiKey}'s id
 * @param label   the name that people gave the key
 * @param guid    the key itself
 * @param address from where, as {@link ClientAddress} tells
 * @param policy  what the key is restricted to
 */
public record Caller(String keyId, String label, ApiKeyGuid guid, String address, KeyPolicy policy)
        implements Principal, Identification {

    /** One who is restricted to nothing. */
    public Caller(String keyId, String label, ApiKeyGuid guid, String address) {
        this(keyId, label, guid, address, KeyPolicy.NONE);
    }

    @Override
    public String getName() {
        return label;
    }

    /** Where a request of this caller comes from. */
    public Origin origin(String requestId) {
        return new Origin(Actor.apiKey(keyId, label), address, requestId);
    }

    /** Opens what was sealed for this caller; without the API key nobody has it, not even who has our database. */
    public SealingKey sealingKey() {
        return SealingKey.ofSecret("API key", guid.clearText());
    }
}
