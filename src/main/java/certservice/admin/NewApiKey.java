package certservice.admin;

/**
 * A key that was just made, or made anew. This is the only time that the GUID can be seen.
 *
 * @param guid what callers send in {@code X-Api-Key}
 */
public record NewApiKey(ApiKeyDetails details, String guid) {
    @Override
    public String toString() {
        return "NewApiKey[" + details.label() + "]";
    }
}
