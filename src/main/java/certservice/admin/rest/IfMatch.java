package certservice.admin.rest;

import certservice.problem.Failure;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which state a caller has seen of what it wants to change (RFC 9110 section 13.1.1), by the strong entity tag. */
final class IfMatch {

    /** A weak one ({@code W/}) never matches. */
    private static final Pattern TAG = Pattern.compile("\\s*((?:W/)?\"[^\"]*\")\\s*(?:,|$)");

    private IfMatch() {
    }

    static String tag(long version) {
        return "\"" + version + "\"";
    }

    /**
     * The version that the change is made from; {@code null} for {@code *}: whichever.
     *
     * @param present the present version
     * @throws Failure 428 without the header; 412 if it names another one
     */
    static Long required(HttpHeaders headers, LongSupplier present) {
        List<String> values = headers.getRequestHeader(HttpHeaders.IF_MATCH);
        long version = present.getAsLong();
        if (values == null || values.isEmpty()) {
            throw Failure.preconditionRequired("The header If-Match is missing; send the ETag of what you have seen, or"
                    + " * to change it however it is");
        }
        String all = String.join(",", values).strip();
        if (all.equals("*")) {
            return null;
        }
        if (!tags(all).contains(tag(version))) {
            throw Failure.preconditionFailed("It was changed meanwhile; its ETag is " + tag(version) + " now");
        }
        return version;
    }

    /** As {@link #required}; but {@code null} too without the header. */
    static Long optional(HttpHeaders headers, LongSupplier present) {
        return headers.getRequestHeader(HttpHeaders.IF_MATCH) == null
                || headers.getRequestHeader(HttpHeaders.IF_MATCH).isEmpty() ? null : required(headers, present);
    }

    private static Set<String> tags(String header) {
        Set<String> tags = new HashSet<>();
        Matcher tag = TAG.matcher(header);
        while (tag.lookingAt() && tag.regionStart() < header.length()) {
            tags.add(tag.group(1));
            tag.region(tag.end(), header.length());
        }
        return tags;
    }
}
