package certservice.admin;

import certservice.apikey.ApiKey;
import certservice.apikey.KeyPolicy;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.problem.Quoted;
import certservice.settings.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is said of an API key in texts, in an import file or a request; {@link WrongField} for what can't be used. */
final class KeyTerms {

    private KeyTerms() {
    }

    static String label(String text) {
        if (text == null || text.isBlank()) {
            throw new WrongField("label", "is missing");
        }
        if (text.length() > ApiKey.LONGEST_LABEL) {
            throw new WrongField("label", "is longer than " + ApiKey.LONGEST_LABEL + " characters");
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new WrongField("label", "is " + Quoted.of(text) + "; control characters are not allowed");
        }
        return text;
    }

    /** @param requestsPerDay or {@code null} */
    static KeyPolicy policy(List<String> networks, List<String> environments, List<String> profiles,
                            Integer requestsPerDay) {
        if (networks.size() > KeyPolicy.MOST_NETWORKS) {
            throw new WrongField("networks", "has more than " + KeyPolicy.MOST_NETWORKS + " networks");
        }
        if (requestsPerDay != null && (requestsPerDay < 1 || requestsPerDay > KeyPolicy.MOST_REQUESTS)) {
            throw new WrongField("requestsPerDay", "is " + requestsPerDay + "; allowed is a whole number from 1 to "
                    + KeyPolicy.MOST_REQUESTS);
        }
        return new KeyPolicy(each("networks", networks, KeyTerms::network),
                new HashSet<>(each("environments", environments, text -> oneOf(text, KeyPolicy::environmentNamed,
                        Arrays.stream(Environment.values()).map(KeyPolicy::nameOf)))),
                new HashSet<>(each("profiles", profiles, text -> oneOf(text, Profile::named,
                        Arrays.stream(Profile.values()).map(Profile::toString)))),
                Optional.ofNullable(requestsPerDay));
    }

    private static Network network(String text) {
        try {
            return Network.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is " + Quoted.of(text) + ": " + e.getMessage(), e);
        }
    }

    private static <T> T oneOf(String text, Function<String, Optional<T>> named, Stream<String> allowed) {
        return named.apply(text).orElseThrow(() -> new IllegalArgumentException("is " + Quoted.of(text)
                + "; allowed are " + allowed.sorted().collect(Collectors.joining(", "))));
    }

    /** @param parse says with an {@link IllegalArgumentException} what is wrong */
    private static <T> List<T> each(String field, List<String> texts, Function<String, T> parse) {
        List<T> all = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            try {
                all.add(parse.apply(texts.get(i)));
            } catch (IllegalArgumentException e) {
                throw new WrongField(field + "[" + i + "]", e.getMessage());
            }
        }
        return all;
    }
}
