package certservice.issuance;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a caller prefers (RFC 7240). Preferences that we don't know, or can't read, are ignored, as section 2 demands;
 * of one that is given twice the first counts.
 *
 * @param respondAsync whether to answer at once, with 202 and where the result will be
 * @param maxWait      how long the caller will wait before the answer becomes such a 202
 */
record Prefer(boolean respondAsync, Optional<Duration> maxWait) {

    private static final int MAX_DIGITS = 9;

    /** @param headers the values of all headers {@code Prefer} */
    static Prefer of(List<String> headers) {
        List<HeaderList.Element> preferences = HeaderList.of(headers);
        Optional<String> async = first(preferences, "respond-async");
        return new Prefer(async.filter(String::isEmpty).isPresent(),
                first(preferences, "wait").filter(Prefer::isSeconds).map(Long::parseLong).map(Duration::ofSeconds));
    }

    private static Optional<String> first(List<HeaderList.Element> preferences, String name) {
        return preferences.stream().filter(each -> each.name().equals(name)).map(HeaderList.Element::value).findFirst();
    }

    private static boolean isSeconds(String text) {
        return !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
