package certservice.issuance;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The entity tags of {@code If-None-Match} (RFC 9110 section 13.1.2): what the caller has already. Several headers are
 * one list; what is no entity tag, and all behind it, counts as none, so that the caller gets the whole answer.
 */
final class EntityTags {

    /** {@code W/} for a weak tag makes no difference here; characters as in RFC 9110 section 8.8.3. */
    private static final Pattern TAG = Pattern.compile(
            "[ \\t,]*(?:W/)?\"(?<opaque>[!#-~\\x80-\\xff]*)\"[ \\t]*(?:,|$)");

    private final boolean any;
    private final Set<String> opaque;

    private EntityTags(boolean any, Set<String> opaque) {
        this.any = any;
        this.opaque = opaque;
    }

    /** @param headers the values of all headers {@code If-None-Match} */
    static EntityTags of(List<String> headers) {
        String text = String.join(",", headers).strip();
        Set<String> opaque = new HashSet<>();
        Matcher tag = TAG.matcher(text);
        while (tag.lookingAt()) {
            opaque.add(tag.group("opaque"));
            tag.region(tag.end(), text.length());
        }
        return new EntityTags(text.equals("*"), opaque);
    }

    /**
     * Whether the caller has this already, by weak comparison.
     *
     * @param tag strong, as {@link #strong} makes it
     */
    boolean contain(String tag) {
        return any || opaque.contains(tag.substring(1, tag.length() - 1));
    }

    /** The strong entity tag of these bytes, in its quotes: 128 bits of their SHA-256. */
    static String strong(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(hash, 0, hash.length / 2) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java runtime lacks SHA-256", e);
        }
    }
}
