package certservice.apikey;

import certservice.settings.SealingKey;
import java.security.Principal;

/**
 * Who is calling: the API key of a request, after it was checked.
 *
 * @param keyId the {@link ApiKey}'s id
 * @param label the name that people gave the key
 * @param guid  the key itself
 */
public record Caller(String keyId, String label, ApiKeyGuid guid) implements Principal {
    @Override
    public String getName() {
        return label;
    }

    /** Opens what was sealed for this caller; without the API key nobody has it, not even who has our database. */
    public SealingKey sealingKey() {
        return SealingKey.ofSecret("API key", guid.clearText());
    }
}
