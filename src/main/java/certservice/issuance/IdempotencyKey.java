package certservice.issuance;

import certservice.problem.Failure;
import certservice.problem.Quoted;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The header {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): a name that the caller gives to a
 * request, so that it can be sent again. The draft has a string in double quotes (RFC 8941 section 3.3.3); many clients
 * send a bare UUID, so a word without quotes is taken too, and is the same key as the word in quotes.
 *
 * @param value 1 to 255 printable ASCII characters
 */
record IdempotencyKey(String value) {

    private static final int MAX = 255;
    private static final String HEADER = "Header 'Idempotency-Key' ";
    private static final String ALLOWED = "it must be given once, with 1 to 255 printable ASCII characters in double"
            + " quotes, or without quotes and then without space, comma, semicolon and backslash";

    /** Printable characters but quote, comma, semicolon and backslash. */
    private static final Pattern WORD = Pattern.compile("[!#-+\\--:<-\\[\\]-~]+");

    /**
     * @param headers the values of all headers of that name
     * @return empty if there is none
     * @throws Failure 400 if it is not a key
     */
    static Optional<IdempotencyKey> of(List<String> headers) {
        if (headers.isEmpty()) {
            return Optional.empty();
        }
        if (headers.size() > 1) {
            throw Failure.badRequest(HEADER + "is given " + headers.size() + " times; " + ALLOWED);
        }
        String text = headers.get(0).strip();
        Optional<String> value = text.startsWith("\"") ? unquoted(text) : Optional.of(text)
                .filter(word -> WORD.matcher(word).matches());
        return Optional.of(value.filter(key -> !key.isEmpty() && key.length() <= MAX).map(IdempotencyKey::new)
                .orElseThrow(() -> Failure.badRequest(HEADER + "is " + Quoted.of(text) + "; " + ALLOWED)));
    }

    /** Empty if it is not one string from its first character to its last. */
    private static Optional<String> unquoted(String text) {
        StringBuilder content = new StringBuilder();
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return i == text.length() - 1 ? Optional.of(content.toString()) : Optional.empty();
            }
            if (c == '\\') {
                i++;
                if (i == text.length() || text.charAt(i) != '"' && text.charAt(i) != '\\') {
                    return Optional.empty();
                }
                c = text.charAt(i);
            }
            if (c < ' ' || c > '~') {
                return Optional.empty();
            }
            content.append(c);
        }
        return Optional.empty();
    }
}
