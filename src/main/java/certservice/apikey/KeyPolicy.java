package certservice.apikey;

import certservice.apikey.Refusal.Reason;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.problem.Quoted;
import certservice.settings.IpAddress;
import certservice.settings.Network;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a key is restricted to, beside its domains. A part that is empty restricts nothing.
 *
 * @param networks       from where alone it is accepted
 * @param environments   what alone it may ask for
 * @param profiles       what alone it may ask for
 * @param requestsPerDay how many requests may lead to new orders within one UTC day, on all nodes together
 */
public record KeyPolicy(List<Network> networks, Set<Environment> environments, Set<Profile> profiles,
                        Optional<Integer> requestsPerDay) {

    public static final KeyPolicy NONE = new KeyPolicy(List.of(), Set.of(), Set.of(), Optional.empty());
    public static final int MOST_NETWORKS = 100;
    public static final int MOST_REQUESTS = 1_000_000;

    /** @throws IllegalArgumentException for more networks than {@link #MOST_NETWORKS}, or a number out of range */
    public KeyPolicy {
        networks = networks.stream().distinct().toList();
        environments = Set.copyOf(environments);
        profiles = Set.copyOf(profiles);
        Objects.requireNonNull(requestsPerDay);
        if (networks.size() > MOST_NETWORKS) {
            throw new IllegalArgumentException("at most " + MOST_NETWORKS + " networks are allowed");
        }
        if (requestsPerDay.filter(number -> number < 1 || number > MOST_REQUESTS).isPresent()) {
            throw new IllegalArgumentException("a number from 1 to " + MOST_REQUESTS + " is allowed");
        }
    }

    /** The environment that people call {@code staging} or {@code production}. */
    public static Optional<Environment> environmentNamed(String name) {
        return Set.of(Environment.values()).stream().filter(each -> nameOf(each).equals(name)).findFirst();
    }

    /** As {@link #environmentNamed} reads it. */
    public static String nameOf(Environment environment) {
        return environment.name().toLowerCase(Locale.ROOT);
    }

    /** Why a request from there is refused; an address that can't be read is in no network. */
    Optional<Refusal> refusalFrom(String address) {
        boolean allowed = networks.isEmpty() || IpAddress.parse(address).stream()
                .anyMatch(caller -> networks.stream().anyMatch(network -> network.contains(caller)));
        return allowed ? Optional.empty() : Optional.of(new Refusal(Reason.NETWORK,
                Quoted.of(address) + " is in none of " + networks));
    }

    /** Why such a certificate is refused; requests a day are for {@link KeyUsage} to count. */
    public Optional<Refusal> refusalOf(Environment environment, Profile profile) {
        if (!environments.isEmpty() && !environments.contains(environment)) {
            return Optional.of(new Refusal(Reason.ENVIRONMENT, nameOf(environment) + " is not among " + sorted(
                    environments.stream().map(KeyPolicy::nameOf).collect(Collectors.toSet()))));
        }
        if (!profiles.isEmpty() && !profiles.contains(profile)) {
            return Optional.of(new Refusal(Reason.PROFILE, profile + " is not among " + sorted(
                    profiles.stream().map(Profile::toString).collect(Collectors.toSet()))));
        }
        return Optional.empty();
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }
}
