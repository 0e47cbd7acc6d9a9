package certservice.issuance;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which form of an answer a caller asked for (RFC 9110 section 12.5.1), chosen the same on every server: JAX-RS leaves
 * open what happens when a caller likes two forms equally well.
 */
final class Accept {

    private static final String ANY = "*/*";

    private record Offer(String type, double quality, int specificity) {
    }

    private Accept() {
    }

    /**
     * @param headers the values of all headers {@code Accept}; none or blank ones accept everything
     * @param offered media types in lower case, the usual one first
     * @return the one with the highest {@code q}; of several the one that was asked for by name rather than by a
     *         wildcard, and of those the first. Empty if none will do
     */
    static Optional<String> choose(List<String> headers, List<String> offered) {
        List<HeaderList.Element> ranges = HeaderList.of(headers.stream().allMatch(String::isBlank)
                ? List.of(ANY) : headers);
        return offered.stream().map(type -> offer(type, ranges)).filter(offer -> offer.quality() > 0)
                // of equals, reduce keeps the first
                .reduce((best, next) -> Comparator.comparingDouble(Offer::quality)
                        .thenComparingInt(Offer::specificity).compare(next, best) > 0 ? next : best)
                .map(Offer::type);
    }

    /** The range that says most about a type decides about it. */
    private static Offer offer(String type, List<HeaderList.Element> ranges) {
        String group = type.substring(0, type.indexOf('/')) + "/*";
        List<String> ways = List.of(ANY, group, type);
        return ranges.stream().filter(range -> ways.contains(range.name()))
                .map(range -> new Offer(type, quality(range), ways.indexOf(range.name())))
                .max(Comparator.comparingInt(Offer::specificity)).orElse(new Offer(type, 0, 0));
    }

    private static double quality(HeaderList.Element range) {
        String quality = range.parameters().getOrDefault("q", "1");
        return quality.matches("[01](\\.[0-9]{0,3})?") ? Math.min(1, Double.parseDouble(quality)) : 1;
    }
}
