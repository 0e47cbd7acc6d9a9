package certservice.admin.page;

import certservice.admin.CertificateAdministration.Expiries;
import java.util.List;

/**
 * How many certificates expire on each of the coming days, as an inline SVG without styles of its own: a browser takes
 * the colours from the page's style sheet. A table on the page says the same in words.
 */
final class ExpiryChart {

    private static final int DAY = 10;
    private static final int BAR = 8;
    private static final int HEIGHT = 120;
    private static final int AXIS = 20;
    private static final int LEFT = 34;
    private static final int DAYS_OF_A_MARK = 14;

    private ExpiryChart() {
    }

    /** Only numbers and dates are in it. */
    static String svg(List<Expiries> days) {
        long most = days.stream().mapToLong(ExpiryChart::all).max().orElse(0);
        long top = Math.max(1, most);
        int width = LEFT + days.size() * DAY + DAY;
        StringBuilder svg = new StringBuilder("<svg class=\"chart\" role=\"img\" aria-label=\"").append(summary(days))
                .append("\" viewBox=\"0 0 ").append(width).append(' ').append(HEIGHT + AXIS + 10).append("\">");
        line(svg, 10, width);
        line(svg, HEIGHT + 10, width);
        text(svg, LEFT - 6, 14, "end", Long.toString(top));
        text(svg, LEFT - 6, HEIGHT + 14, "end", "0");
        for (int index = 0; index < days.size(); index++) {
            day(svg, days.get(index), LEFT + index * DAY, top);
            if (index % DAYS_OF_A_MARK == 0) {
                String monthAndDay = days.get(index).day().toString().substring(5);
                text(svg, LEFT + index * DAY, HEIGHT + AXIS + 6, "start", monthAndDay);
            }
        }
        return svg.append("</svg>").toString();
    }

    /** The chart in one sentence. Its first day is today. */
    static String summary(List<Expiries> days) {
        long all = days.stream().mapToLong(ExpiryChart::all).sum();
        long renewed = days.stream().mapToLong(Expiries::renewed).sum();
        return all + (all == 1 ? " certificate expires" : " certificates expire") + " within "
                + Math.max(0, days.size() - 1) + " days; " + renewed + " of them " + (renewed == 1 ? "is" : "are")
                + " replaced already.";
    }

    private static void day(StringBuilder svg, Expiries day, int x, long top) {
        long open = Math.max(0, all(day) - day.renewed());
        int openHeight = height(open, top);
        int renewedHeight = height(day.renewed(), top);
        if (all(day) > 0) {
            svg.append("<g><title>").append(day.day()).append(": ").append(all(day)).append(", replaced: ")
                    .append(day.renewed()).append("</title>");
            bar(svg, "open", x, HEIGHT + 10 - openHeight, openHeight);
            bar(svg, "renewed", x, HEIGHT + 10 - openHeight - renewedHeight, renewedHeight);
            svg.append("</g>");
        }
    }

    private static void bar(StringBuilder svg, String kind, int x, int y, int height) {
        if (height > 0) {
            svg.append("<rect class=\"").append(kind).append("\" x=\"").append(x).append("\" y=\"").append(y)
                    .append("\" width=\"").append(BAR).append("\" height=\"").append(height).append("\"/>");
        }
    }

    private static void line(StringBuilder svg, int y, int width) {
        svg.append("<line class=\"axis\" x1=\"").append(LEFT).append("\" y1=\"").append(y).append("\" x2=\"")
                .append(width).append("\" y2=\"").append(y).append("\"/>");
    }

    private static void text(StringBuilder svg, int x, int y, String anchor, String text) {
        svg.append("<text x=\"").append(x).append("\" y=\"").append(y).append("\" text-anchor=\"").append(anchor)
                .append("\">").append(text).append("</text>");
    }

    /** One certificate is seen too, however many there are on other days. */
    private static int height(long number, long top) {
        return number == 0 ? 0 : (int) Math.max(2, number * HEIGHT / top);
    }

    private static long all(Expiries day) {
        return day.production() + day.staging();
    }
}
