package certservice.order;

import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.RegisteredDomain;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.stream.Collectors;

/**
 * One thing that has a bucket of its own.
 *
 * @param key     tells it from others of its kind
 * @param subject what people see of it
 */
record Limited(Environment environment, LimitKind kind, String key, String subject) {

    private static final int MAX_SUBJECT = 300;

    /** @param names in any order; a hundred are longer than a key may be, so they are hashed */
    static Limited exactSet(Environment environment, Collection<DomainName> names) {
        String all = names.stream().sorted().distinct().map(DomainName::toString).collect(Collectors.joining(","));
        String subject = all.length() <= MAX_SUBJECT ? all : all.substring(0, MAX_SUBJECT - 1) + '…';
        return new Limited(environment, LimitKind.EXACT_SET, sha256(all), subject);
    }

    static Limited registeredDomainOf(Environment environment, DomainName name) {
        String registered = RegisteredDomain.of(name).toString();
        return new Limited(environment, LimitKind.REGISTERED_DOMAIN, registered, registered);
    }

    static Limited failures(Environment environment, DomainName name) {
        return new Limited(environment, LimitKind.FAILED_VALIDATION, name.toString(), name.toString());
    }

    /** Of its row. */
    String id() {
        return environment + " " + kind + " " + key;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
