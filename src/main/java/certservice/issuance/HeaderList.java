package certservice.issuance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads headers that are lists (RFC 9110 section 5.6.1) whose elements may have a value and parameters, such as
 * {@code respond-async, wait="10";x=y} or {@code text/*;q=0.5}. Several headers of one name are one list. An element
 * that is not of that form is left out, with all up to the next comma.
 */
final class HeaderList {

    /**
     * @param name       in lower case
     * @param value      without its quotes; empty if there is none
     * @param parameters by their name in lower case; of several with one name the first
     */
    record Element(String name, String value, Map<String, String> parameters) {
    }

    private final String text;
    private int position;

    private HeaderList(String text) {
        this.text = text;
    }

    static List<Element> of(List<String> headers) {
        HeaderList list = new HeaderList(String.join(",", headers));
        List<Element> elements = new ArrayList<>();
        while (list.position < list.text.length()) {
            list.addNext(elements);
        }
        return elements;
    }

    private void addNext(List<Element> elements) {
        String name = word().toLowerCase(Locale.ROOT);
        String value = value();
        Map<String, String> parameters = new HashMap<>();
        while (take(';')) {
            String parameter = word().toLowerCase(Locale.ROOT);
            parameters.putIfAbsent(parameter, value());
        }
        skipSpace();
        boolean whole = position == text.length() || text.charAt(position) == ',';
        int comma = text.indexOf(',', position);
        position = comma < 0 ? text.length() : comma + 1;
        if (whole && !name.isEmpty()) {
            elements.add(new Element(name, value, parameters));
        }
    }

    private String value() {
        if (!take('=')) {
            return "";
        }
        skipSpace();
        return position < text.length() && text.charAt(position) == '"' ? quoted() : word();
    }

    /** A token, or a media range. */
    private String word() {
        skipSpace();
        int from = position;
        while (position < text.length() && " \t,;=\"".indexOf(text.charAt(position)) < 0) {
            position++;
        }
        return text.substring(from, position);
    }

    /** A string without an end goes as far as the text does. */
    private String quoted() {
        StringBuilder content = new StringBuilder();
        for (position++; position < text.length() && text.charAt(position) != '"'; position++) {
            if (text.charAt(position) == '\\' && position + 1 < text.length()) {
                position++;
            }
            content.append(text.charAt(position));
        }
        position = Math.min(position + 1, text.length());
        return content.toString();
    }

    private boolean take(char expected) {
        skipSpace();
        boolean there = position < text.length() && text.charAt(position) == expected;
        if (there) {
            position++;
        }
        return there;
    }

    private void skipSpace() {
        while (position < text.length() && (text.charAt(position) == ' ' || text.charAt(position) == '\t')) {
            position++;
        }
    }
}
