package certservice.audit;

import java.util.List;

/** Texts as the database gives them back: what is hashed must be what is read. */
final class Texts {

    private static final char REPLACEMENT = '\uFFFD';

    private Texts() {
    }

    /** Without what PostgreSQL doesn't take or can't encode, and no longer than its column. */
    static String clean(String text, int longest) {
        if (text == null) {
            return null;
        }
        StringBuilder clean = new StringBuilder(Math.min(text.length(), longest));
        text.codePoints()
                .map(each -> each == 0 || each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE
                        ? REPLACEMENT : each)
                .takeWhile(each -> clean.length() + Character.charCount(each) <= longest)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /** As many of the names as fit, separated by commas; {@code null} for none. */
    static String join(List<String> names, int longest) {
        StringBuilder joined = new StringBuilder();
        for (String name : names) {
            if (joined.length() + name.length() + 1 > longest) {
                break;
            }
            joined.append(joined.isEmpty() ? "" : ",").append(name);
        }
        return joined.isEmpty() ? null : clean(joined.toString(), longest);
    }

    static List<String> split(String names) {
        return names == null || names.isEmpty() ? List.of() : List.of(names.split(","));
    }
}
