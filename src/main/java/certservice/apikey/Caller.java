package certservice.apikey;

import java.security.Principal;

/**
 * Who is calling: the API key of a request, after it was checked.
 *
 * @param keyId the {@link ApiKey}'s id
 * @param label the name that people gave the key
 */
public record Caller(String keyId, String label) implements Principal {
    @Override
    public String getName() {
        return label;
    }
}
