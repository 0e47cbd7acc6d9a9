package certservice.admin;

import java.util.Locale;

/** What {@code like} compares with, for a text that is looked for somewhere in a column, in any case. */
final class Text {

    /** To be named after the pattern: {@code like :text escape '!'}. */
    static final String ESCAPE = " escape '!' ";

    private Text() {
    }

    /** In lower case, so the column must be so too. NUL is nowhere, and PostgreSQL does not even take it. */
    static String anywhere(Search search) {
        return "%" + search.text().toLowerCase(Locale.ROOT).replace("\0", "\u0001").replaceAll("[!%_]", "!$0") + "%";
    }
}
