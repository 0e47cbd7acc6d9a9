package certservice.admin.rest;

import certservice.admin.Page;
import certservice.admin.Search;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The parameters behind the {@code ?} of a request, read strictly: none is unknown, none comes twice. */
final class Query {

    private static final List<String> OF_PAGES = List.of("search", "first", "limit");
    private static final int DEFAULT_LIMIT = 50;

    private final Map<String, String> values;

    private Query(Map<String, String> values) {
        this.values = values;
    }

    /** @throws Failure 400 for a parameter that is not among {@code known}, or comes more than once */
    static Query of(UriInfo uri, String... known) {
        return read(uri, List.of(known));
    }

    /** As {@link #of}, of a list with pages. */
    static Query ofPage(UriInfo uri, String... known) {
        List<String> all = new ArrayList<>(OF_PAGES);
        all.addAll(List.of(known));
        return read(uri, all);
    }

    private static Query read(UriInfo uri, List<String> known) {
        Map<String, String> values = new LinkedHashMap<>();
        uri.getQueryParameters().forEach((name, given) -> {
            if (!known.contains(name)) {
                throw Failure.badRequest("Parameter " + Quoted.of(name) + " is not known; allowed are "
                        + String.join(", ", known));
            }
            if (given.size() != 1) {
                throw Failure.badRequest("Parameter '" + name + "' is given more than once");
            }
            values.put(name, given.get(0));
        });
        return new Query(values);
    }

    Search search() {
        return new Search(values.get("search"), number("first", 0), number("limit", DEFAULT_LIMIT));
    }

    /** @return {@code null} if it is not given */
    String text(String name) {
        return values.get(name);
    }

    /** @return {@code null} if it is not given */
    Instant moment(String name) {
        return Optional.ofNullable(values.get(name)).map(text -> moment("Parameter", name, text)).orElse(null);
    }

    /** @param what the value stands in: a field, a parameter */
    static Instant moment(String what, String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Failure.badRequest(what + " '" + name + "' is " + Quoted.of(text)
                    + "; allowed is a moment such as 2027-01-31T00:00:00Z");
        }
    }

    int number(String name, int byDefault) {
        String text = values.get(name);
        try {
            return text == null ? byDefault : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Failure.badRequest("Parameter '" + name + "' is " + Quoted.of(text)
                    + "; it must be a whole number");
        }
    }

    /** The page as an answer, with a link to the next one. */
    <T> Response page(Page<T> page, Function<T, Fields> render) {
        return Replies.ok(fields(page, render));
    }

    /** As {@link #page}, to which more can be added. */
    <T> Fields fields(Page<T> page, Function<T, Fields> render) {
        return new Fields().with("items", page.items().stream().map(render).toList())
                .with("total", page.total()).with("next", next(page.items().size(), page.total()));
    }

    /** Relative to the request's own path, whatever proxies call that. */
    private String next(int shown, long total) {
        int first = number("first", 0) + shown;
        if (shown == 0 || first >= total) {
            return null;
        }
        Map<String, String> next = new LinkedHashMap<>(values);
        next.put("first", Integer.toString(first));
        List<String> parameters = new ArrayList<>();
        next.forEach((name, value) -> parameters.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return "?" + String.join("&", parameters);
    }
}
