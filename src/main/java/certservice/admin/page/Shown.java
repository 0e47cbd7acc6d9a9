package certservice.admin.page;

import certservice.admin.ApiKeyDetails;
import certservice.admin.OrderDetails;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** How values look on a page. Pages call it {@code show}. */
@Named("show")
@ApplicationScoped
public class Shown {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Duration MANY_HOURS = Duration.ofHours(48);
    private static final Duration MANY_MINUTES = Duration.ofMinutes(90);
    private final Clock clock;

    public Shown() {
        this(Clock.systemUTC());
    }

    Shown(Clock clock) {
        this.clock = clock;
    }

    /** Such as {@code 2026-11-01 12:34 UTC}; {@code –} for {@code null}. */
    public String moment(Instant moment) {
        return moment == null ? "–" : MOMENT.format(moment) + " UTC";
    }

    /** Such as {@code in 12 days}, {@code 3 hours ago} or {@code now}; nothing for {@code null}. */
    public String distance(Instant moment) {
        if (moment == null) {
            return "";
        }
        Duration away = Duration.between(clock.instant(), moment);
        Duration length = away.abs();
        if (length.compareTo(Duration.ofMinutes(1)) < 0) {
            return "now";
        }
        String text = length.compareTo(MANY_HOURS) >= 0 ? count(length.toDays(), "day")
                : length.compareTo(MANY_MINUTES) >= 0 ? count(length.toHours(), "hour")
                : count(length.toMinutes(), "minute");
        return away.isNegative() ? text + " ago" : "in " + text;
    }

    /** A moment and how far it is; {@code otherwise} for {@code null}. */
    public String when(Instant moment, String otherwise) {
        return moment == null ? otherwise : moment(moment) + " (" + distance(moment) + ")";
    }

    /** Whether it is over. */
    public boolean past(Instant moment) {
        return moment != null && !moment.isAfter(clock.instant());
    }

    /** {@code disabled}, {@code expired} or {@code enabled}. */
    public String state(ApiKeyDetails key) {
        return !key.enabled() ? "disabled" : past(key.expires()) ? "expired" : "enabled";
    }

    /** Separated by commas; {@code otherwise} for none. */
    public String list(List<String> texts, String otherwise) {
        return texts == null || texts.isEmpty() ? otherwise : String.join(", ", texts);
    }

    /** As {@link #list}, but at most three of them. */
    public String few(List<String> texts, String otherwise) {
        return texts == null || texts.size() <= 3 ? list(texts, otherwise)
                : String.join(", ", texts.subList(0, 3)) + " and " + (texts.size() - 3) + " more";
    }

    /** The names of an order, at most three. */
    public String names(OrderDetails order) {
        return few(order.names().stream().map(OrderDetails.Name::name).toList(), "–");
    }

    /** How many of an order's names the CA has accepted so far, such as {@code 2 of 3}. */
    public String progress(OrderDetails order) {
        return accepted(order) + " of " + order.names().size();
    }

    /** The number in {@link #progress}. */
    public long accepted(OrderDetails order) {
        return order.names().stream().filter(name -> "valid".equals(name.status())).count();
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
