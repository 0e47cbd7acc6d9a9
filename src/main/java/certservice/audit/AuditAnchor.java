package certservice.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the chain was at some moment. Kept where nobody reaches who reaches the database (a log on another machine,
 * a sheet of paper), it shows later that nothing up to there was changed or removed.
 *
 * @param number of the last entry; 0: there was none
 * @param hash   of that entry, 64 hexadecimal digits
 */
public record AuditAnchor(long number, String hash) {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18}):([0-9a-f]{64})");

    /** Before the first entry. */
    static final AuditAnchor BEGINNING = new AuditAnchor(0, "0".repeat(64));

    /** What {@link #toString} gives; empty if it is anything else. */
    public static Optional<AuditAnchor> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches() ? Optional.of(new AuditAnchor(Long.parseLong(parts.group(1)), parts.group(2)))
                : Optional.empty();
    }

    /** Number and hash with a colon between them. */
    @Override
    public String toString() {
        return number + ":" + hash;
    }
}
