package certservice.challenge;

import java.util.regex.Pattern;

/**
 * One TXT value under one name. Several records may share the name; each is added and removed by itself.
 *
 * @param name  the record's full name, lower-case A-labels, no trailing dot: {@code _acme-challenge.example.com}
 * @param value the TXT value, one string of at most 255 characters; for dns-01 the base64url SHA-256 digest of the
 *              key authorization (RFC 8555 section 8.4)
 */
public record TxtRecord(String name, String value) {

    /** Base64url needs no escaping in any provider's protocol; nothing else is ever published. */
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{1,255}");

    public TxtRecord {
        if (name.isEmpty() || name.endsWith(".")) {
            throw new IllegalArgumentException("'" + name + "' is not a full name without trailing dot");
        }
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("The TXT value for " + name + " is not 1 to 255 base64url characters");
        }
    }
}
