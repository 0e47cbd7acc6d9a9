package certservice.admin.page;

import certservice.admin.Page;
import certservice.admin.Search;
import java.io.Serializable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Which part of a list a page shows. All of it is in the page's address, so that it can be kept and handed on. */
public final class Listing implements Serializable {

    static final int SIZE = 25;
    private static final long serialVersionUID = 1L;
    private static final int LAST_PAGE = 1_000_000;

    private final Map<String, String> filter = new LinkedHashMap<>();
    private String text = "";
    private int page = 1;
    private long total;

    /** The rows of this page. Beyond the end there are none. */
    <T> List<T> load(Function<Search, Page<T>> source) {
        Page<T> found = source.apply(new Search(text, (page - 1) * SIZE, SIZE));
        total = found.total();
        return found.items();
    }

    /** What else narrows the list; {@code null} and blank: nothing. */
    void filter(String name, String value) {
        if (value == null || value.isBlank()) {
            filter.remove(name);
        } else {
            filter.put(name, value.strip());
        }
    }

    /** The value of a filter, or {@code null}. */
    String filter(String name) {
        return filter.get(name);
    }

    public String getText() {
        return text;
    }

    public void setText(String wanted) {
        text = wanted == null ? "" : wanted.strip();
    }

    public String getPage() {
        return Integer.toString(page);
    }

    /** Whatever is no page's number is the first page: addresses are typed by people. */
    public void setPage(String wanted) {
        page = wanted != null && wanted.matches("[1-9][0-9]{0,5}") ? Math.min(Integer.parseInt(wanted), LAST_PAGE) : 1;
    }

    public long getTotal() {
        return total;
    }

    /** Such as {@code 26–50 of 131}. */
    public String getSummary() {
        long first = (page - 1L) * SIZE + 1;
        if (first > total) {
            return total + (total == 1 ? " entry" : " entries");
        }
        return first + "–" + Math.min(total, first + SIZE - 1) + " of " + total;
    }

    public boolean isMore() {
        return (long) page * SIZE < total;
    }

    public boolean isFurtherOn() {
        return page > 1;
    }

    /** The query of the page after this one. */
    public String getNext() {
        return query(page + 1);
    }

    /** The query of the page before this one. */
    public String getPrevious() {
        return query(page - 1);
    }

    /** The filters and the text alone, without a leading question mark. */
    public String getFilterQuery() {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (!text.isEmpty()) {
            parameters.put("q", text);
        }
        parameters.putAll(filter);
        return encoded(parameters);
    }

    private String query(int number) {
        String before = getFilterQuery();
        return "?" + before + (before.isEmpty() ? "" : "&") + "page=" + number;
    }

    private static String encoded(Map<String, String> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, value) -> query.append(query.isEmpty() ? "" : "&").append(name).append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return query.toString();
    }
}
