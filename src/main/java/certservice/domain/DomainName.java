package certservice.domain;

import certservice.problem.Quoted;
import com.ibm.icu.text.IDNA;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A DNS name that a certificate can carry, perhaps a wildcard, in its one normalized form: lower-case A-labels
 * (UTS #46, non-transitional), no trailing dot. A value that exists is valid; equality is equality of names.
 */
public final class DomainName implements Comparable<DomainName> {

    /** RFC 1035 section 2.3.4 allows 255 octets, of which two are the first length and the root. */
    private static final int MAX_LENGTH = 253;

    /**
     * Longer input is not even looked at. Normalizing can shorten a name (composed accents, ignored soft hyphens),
     * but no name that anybody writes becomes four times shorter; and ICU takes quadratic time for long labels.
     */
    private static final int MAX_INPUT = 4 * MAX_LENGTH;

    private static final String WILDCARD = "*.";

    /** Unicode white space, unlike {@link String#strip}, which takes some control characters away too. */
    private static final Pattern SURROUNDING_SPACE = Pattern.compile("^\\p{IsWhite_Space}+|\\p{IsWhite_Space}+$");

    /** What UTS #46 takes for a full stop: ideographic, full-width, half-width ideographic. */
    private static final Pattern FULL_STOPS = Pattern.compile("[\u3002\uff0e\uff61]");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern IPV6 = Pattern.compile("\\[?[0-9a-fA-F.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%\\w+)?]?");
    private static final IDNA UTS46 = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII
            | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ | IDNA.USE_STD3_RULES);

    private static final String CHARACTERS = "it must hold only letters, digits, hyphens and dots";
    private static final String LABELS = "each part between two dots must have 1 to 63 characters";
    private static final String HYPHENS = "a part between two dots must not begin or end with a hyphen";
    private static final String TOO_LONG = "it must not be longer than 253 characters";
    private static final String STAR = "a wildcard has its only '*' in front, as in '*.example.com'";
    private static final String ADDRESS = "it must be a DNS name, not an IP address";

    private final String name;

    private DomainName(String name) {
        this.name = name;
    }

    /**
     * Normalizes and checks a name as a person or a program wrote it: surrounding white space and one trailing dot
     * are removed, upper case and Unicode become lower-case A-labels.
     *
     * @throws IllegalArgumentException if it is not a DNS name of at least two labels. Its message is one sentence
     *         for the caller, with the input {@link Quoted quoted}; whoever knows where the name came from (a field
     *         of a request, of a file) adds that in front
     */
    public static DomainName of(String text) {
        if (text.length() > MAX_INPUT) {
            throw invalid(text, TOO_LONG);
        }
        String stripped = SURROUNDING_SPACE.matcher(text).replaceAll("");
        String dotted = FULL_STOPS.matcher(stripped).replaceAll(".");
        String trimmed = dotted.endsWith(".") ? dotted.substring(0, dotted.length() - 1) : dotted;
        boolean wildcard = trimmed.startsWith(WILDCARD);
        String unicode = wildcard ? trimmed.substring(WILDCARD.length()) : trimmed;
        if (unicode.indexOf('*') >= 0) {
            throw invalid(text, STAR);
        }
        if (IPV6.matcher(unicode).matches()) {
            throw invalid(text, ADDRESS);
        }
        String base = toAscii(unicode, text);
        String name = wildcard ? WILDCARD + base : base;
        if (name.length() > MAX_LENGTH) {
            throw invalid(text, TOO_LONG);
        }
        checkLabels(base.split("\\.", -1), wildcard, text);
        return new DomainName(name);
    }

    private static String toAscii(String unicode, String text) {
        IDNA.Info info = new IDNA.Info();
        StringBuilder ascii = new StringBuilder();
        UTS46.nameToASCII(unicode, ascii, info);
        if (info.hasErrors()) {
            throw invalid(text, reason(info.getErrors().iterator().next()));
        }
        return ascii.toString();
    }

    private static String reason(IDNA.Error error) {
        return switch (error) {
            case EMPTY_LABEL, LABEL_TOO_LONG -> LABELS;
            case DOMAIN_NAME_TOO_LONG -> TOO_LONG;
            case LEADING_HYPHEN, TRAILING_HYPHEN -> HYPHENS;
            case HYPHEN_3_4 -> "two hyphens as third and fourth character are reserved for internationalized names";
            case LEADING_COMBINING_MARK -> "a part between two dots must not begin with a combining mark";
            case PUNYCODE, INVALID_ACE_LABEL -> "a part that begins with 'xn--' must be an internationalized name"
                    + " in its valid encoded form";
            case BIDI -> "right-to-left and left-to-right characters are mixed in a way that is not allowed";
            case CONTEXTJ -> "it holds an invisible joiner at a place where that is not allowed";
            default -> CHARACTERS;
        };
    }

    /** What UTS #46 leaves open: it takes any number of labels, and single digits for a top-level domain. */
    private static void checkLabels(String[] labels, boolean wildcard, String text) {
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw invalid(text, label.isEmpty() ? LABELS : CHARACTERS);
            }
        }
        if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
            throw invalid(text, "its last part must not be a number, as in an IP address");
        }
        if (labels.length < 2) {
            throw invalid(text, wildcard
                    ? "a wildcard needs at least two parts after '*.', as in '*.example.com'"
                    : "it needs at least two parts, as in 'example.com'");
        }
    }

    private static IllegalArgumentException invalid(String text, String reason) {
        return new IllegalArgumentException(Quoted.of(text) + " is not a valid DNS name: " + reason);
    }

    /** Whether this is {@code *.something}. */
    public boolean isWildcard() {
        return name.startsWith(WILDCARD);
    }

    /** The name without {@code *.}: where the proofs for a wildcard are published. */
    public DomainName base() {
        return isWildcard() ? new DomainName(name.substring(WILDCARD.length())) : this;
    }

    /** Whether this name lies, by whole labels, below the other: {@code a.b.example.com} below {@code example.com}. */
    public boolean isBelow(DomainName other) {
        return name.endsWith("." + other.name);
    }

    /** Whether a certificate for this wildcard is good for the other name too (RFC 6125: one label, not more). */
    public boolean coversAsWildcard(DomainName other) {
        return isWildcard() && !other.isWildcard() && other.isBelow(base())
                && other.name.indexOf('.') == other.name.length() - base().name.length() - 1;
    }

    /**
     * Whether a key that is associated with a name may request this one. An association permits exactly itself:
     * {@code *.example.com} the wildcard alone, not {@code www.example.com}. With the subdomains flag it permits
     * everything below itself too, wildcards at any depth included.
     *
     * <p>A wildcard has nothing below itself, so the flag adds nothing to it. Whoever stores associations should
     * refuse the pair, since its writer expected something else.
     *
     * @param association what the key is associated with
     * @param subdomains  the association's flag
     */
    public boolean isPermittedBy(DomainName association, boolean subdomains) {
        return equals(association) || subdomains && isBelow(association);
    }

    /**
     * The names of all associations that could permit this one, the closest first: itself, and everything of at least
     * two labels above it. A lookup of these finds every association that {@link #isPermittedBy} has to decide about;
     * there are at most 126, and rarely more than four.
     */
    public List<DomainName> associations() {
        List<DomainName> all = new ArrayList<>();
        all.add(this);
        for (int dot = name.indexOf('.'); dot < name.lastIndexOf('.'); dot = name.indexOf('.', dot + 1)) {
            all.add(new DomainName(name.substring(dot + 1)));
        }
        return all;
    }

    /** The normalized form, as certificates and responses carry it. */
    @Override
    public String toString() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DomainName that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public int compareTo(DomainName other) {
        return name.compareTo(other.name);
    }
}
