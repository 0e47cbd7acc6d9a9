package certservice.domain;

import certservice.problem.Failure;
import com.ibm.icu.text.IDNA;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A DNS name that a certificate can carry, perhaps a wildcard, in its one normalized form: lower-case A-labels
 * (UTS #46, non-transitional), no trailing dot. A value that exists is valid; equality is equality of names.
 */
public final class DomainName implements Comparable<DomainName> {

    private static final int MAX_LENGTH = 253;
    private static final String WILDCARD = "*.";
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final IDNA UTS46 = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII
            | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ | IDNA.USE_STD3_RULES);

    private final String name;

    private DomainName(String name) {
        this.name = name;
    }

    /**
     * Normalizes and checks a name as a person or a program wrote it.
     *
     * @throws Failure 400, if it is not a DNS name of at least two labels; its message holds the (shortened) input
     */
    public static DomainName of(String text) {
        String trimmed = text.strip();
        boolean wildcard = trimmed.startsWith(WILDCARD);
        String base = toAscii(wildcard ? trimmed.substring(WILDCARD.length()) : trimmed, text);
        String name = wildcard ? WILDCARD + base : base;
        if (name.length() > MAX_LENGTH) {
            throw invalid(text, "it is longer than 253 characters");
        }
        String[] labels = base.split("\\.", -1);
        if (labels.length < 2) {
            throw invalid(text, "it needs at least two labels, such as example.com");
        }
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw invalid(text, "each label has 1 to 63 letters, digits and inner hyphens");
            }
        }
        if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
            throw invalid(text, "an IP address is not a DNS name");
        }
        return new DomainName(name);
    }

    private static String toAscii(String text, String original) {
        String undotted = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        IDNA.Info info = new IDNA.Info();
        StringBuilder ascii = new StringBuilder();
        UTS46.nameToASCII(undotted, ascii, info);
        if (info.hasErrors()) {
            throw invalid(original, "UTS #46 reports " + info.getErrors());
        }
        return ascii.toString().toLowerCase(Locale.ROOT);
    }

    private static Failure invalid(String text, String why) {
        String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        return Failure.badRequest("Field 'domains': '" + shown + "' is not a valid DNS name: " + why);
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

    /** Every name that an association permitting this one can have: itself, its wildcard, and what is above it. */
    public List<DomainName> associations() {
        List<DomainName> all = new ArrayList<>();
        all.add(this);
        String rest = name;
        for (int dot = rest.indexOf('.'); dot >= 0 && rest.indexOf('.', dot + 1) >= 0; dot = rest.indexOf('.')) {
            rest = rest.substring(dot + 1);
            all.add(new DomainName(rest));
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
