package certservice.admin.rest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Name and password in a header {@code Authorization} (RFC 7617). They are never printed. */
record BasicCredentials(String user, String password) {

    /** In the encoding that {@code charset="UTF-8"} asks for. */
    static final String CHALLENGE = "Basic realm=\"certservice\", charset=\"UTF-8\"";
    private static final String SCHEME = "Basic ";

    /**
     * @param headers the values of all headers {@code Authorization}; two are ambiguous, so they are none
     * @return empty if there are none, or what is there can't be read
     */
    static Optional<BasicCredentials> of(List<String> headers) {
        if (headers.size() != 1 || !headers.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(
                    Base64.getDecoder().decode(headers.get(0).substring(SCHEME.length()).strip()))).toString();
            int colon = text.indexOf(':');
            return colon < 1 || text.chars().anyMatch(Character::isISOControl) ? Optional.empty()
                    : Optional.of(new BasicCredentials(text.substring(0, colon), text.substring(colon + 1)));
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "BasicCredentials[hidden]";
    }
}
