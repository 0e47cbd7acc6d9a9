package certservice.admin.page;

import certservice.problem.Failure;
import certservice.problem.Quoted;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What people type into the fields of a page. Wrong values are a {@link Failure} that names the field. */
final class Lines {

    private static final DateTimeFormatter FIELD = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Lines() {
    }

    /** Items that are separated by line ends, commas, semicolons or spaces. */
    static List<String> items(String text) {
        return text == null ? List.of()
                : Arrays.stream(text.split("[\\s,;]+")).filter(item -> !item.isEmpty()).toList();
    }

    /** One a line. */
    static String text(List<String> items) {
        return String.join("\n", items);
    }

    /** {@code null} for a blank text. */
    static String orNull(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** A number of 1 or more, or {@code null} for a blank text. */
    static Integer number(String text, String field) {
        String given = orNull(text);
        if (given == null) {
            return null;
        }
        try {
            return Integer.valueOf(given);
        } catch (NumberFormatException e) {
            throw Failure.badRequest(field + " is " + Quoted.of(given) + "; allowed is a whole number");
        }
    }

    /** What a field of the type {@code datetime-local} sends, in UTC; {@code null} for a blank text. */
    static Instant moment(String text, String field) {
        String given = orNull(text);
        if (given == null) {
            return null;
        }
        try {
            return LocalDateTime.parse(given).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw Failure.badRequest(field + " is " + Quoted.of(given)
                    + "; allowed is a date with a time in UTC, such as 2027-01-31T12:00");
        }
    }

    /** What {@link #moment} reads; empty for {@code null}. */
    static String field(Instant moment) {
        return moment == null ? "" : FIELD.format(moment);
    }

    /** The begin of a day (UTC), or {@code null} for a blank text. */
    static Instant day(String text, String field) {
        String given = orNull(text);
        if (given == null) {
            return null;
        }
        try {
            return LocalDate.parse(given).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw Failure.badRequest(field + " is " + Quoted.of(given) + "; allowed is a date such as 2027-01-31");
        }
    }
}
