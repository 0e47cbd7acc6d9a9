package certservice.problem;

/**
 * How a value that a caller sent is shown in a message, and from there in a log or on a page: in single quotes, at
 * most 80 characters of it, and with every character that doesn't print (control and format characters such as line
 * breaks or a change of writing direction, unpaired surrogates, unassigned code points) as <code>&#92;u{hex}</code>.
 *
 * <p>Never for secrets: those are not shown at all.
 */
public final class Quoted {

    private static final int MAX_SHOWN = 80;

    private Quoted() {
    }

    /** The value in quotes; a value that was cut ends with {@code …}. */
    public static String of(String value) {
        StringBuilder shown = new StringBuilder("'");
        value.codePoints().limit(MAX_SHOWN).forEach(character -> append(shown, character));
        if (value.codePoints().skip(MAX_SHOWN).findFirst().isPresent()) {
            shown.append('…');
        }
        return shown.append('\'').toString();
    }

    private static void append(StringBuilder shown, int character) {
        if (prints(character)) {
            shown.appendCodePoint(character);
        } else {
            shown.append("\\u{").append(Integer.toHexString(character)).append('}');
        }
    }

    private static boolean prints(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE,
                    Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
