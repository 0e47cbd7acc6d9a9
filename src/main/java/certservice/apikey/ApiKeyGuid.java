package certservice.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The secret that a caller sends in {@code X-Api-Key}: a GUID in its canonical form, 36 characters in lower case. It
 * is stored and looked up by its {@link #hash} alone, and never printed: {@link #toString} hides it.
 */
public final class ApiKeyGuid {

    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int LENGTH = 36;

    private final String guid;

    private ApiKeyGuid(String guid) {
        this.guid = guid;
    }

    /**
     * The GUID in a header's value: upper or lower case, with or without braces; empty for anything else, also for
     * {@code null}. There is no exception, since to the caller a bad GUID is no different from an unknown one.
     */
    public static Optional<ApiKeyGuid> parse(String header) {
        if (header == null) {
            return Optional.empty();
        }
        boolean braces = header.length() == LENGTH + 2 && header.startsWith("{") && header.endsWith("}");
        String guid = (braces ? header.substring(1, LENGTH + 1) : header).toLowerCase(Locale.ROOT);
        return guid.length() == LENGTH && GUID.matcher(guid).matches()
                ? Optional.of(new ApiKeyGuid(guid))
                : Optional.empty();
    }

    /** A new key of 122 random bits (RFC 9562, version 4), from the JDK's strong generator. */
    public static ApiKeyGuid random() {
        return new ApiKeyGuid(UUID.randomUUID().toString());
    }

    /**
     * SHA-256 of the canonical form, as 64 lower-case hexadecimal digits. So many random bits can't be guessed, so a
     * hash that is quick and needs no salt is enough.
     */
    public String hash() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(guid.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The canonical form itself: for showing a new key once, and for deriving the key that seals private keys. */
    public String clearText() {
        return guid;
    }

    @Override
    public String toString() {
        return "ApiKeyGuid[hidden]";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ApiKeyGuid that && guid.equals(that.guid);
    }

    @Override
    public int hashCode() {
        return guid.hashCode();
    }
}
