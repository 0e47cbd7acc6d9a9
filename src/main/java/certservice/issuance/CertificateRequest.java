package certservice.issuance;

import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the body of {@code POST /api/v1/cert} and {@code /api/v1/pem} asks for, checked and complete: every optional
 * field has its value.
 *
 * <p>Field names and values are exact; a wrong type is an error, never converted. Unknown fields are ignored; an
 * explicit {@code null} is the same as leaving the field out. Not supported yet, and therefore refused rather than
 * answered with something else than was asked for: {@code csr} (the caller would get a certificate for another key)
 * and {@code reuse: true} (the caller would use up the CA's limits with new certificates).
 *
 * @param environment  where the certificate comes from
 * @param domains      the names, at least one and at most what the profile allows, each once, in the caller's order
 * @param profile      the kind of certificate
 * @param password     protects the PFX; empty if the caller gave none. Never shown: {@link #toString} leaves it out
 * @param encryption   how the PFX is encrypted
 * @param keyType      the kind of key
 * @param friendlyName the PFX's friendly name and alias; the first domain if the caller gave none
 */
record CertificateRequest(Environment environment, List<DomainName> domains, Profile profile, String password,
        Encryption encryption, KeyType keyType, String friendlyName) {

    private static final int MAX_TEXT = 128;

    /** Any Unicode white space separates, since names are pasted from documents; none of it can be in a name. */
    private static final Pattern SEPARATORS = Pattern.compile("[,;\\p{IsWhite_Space}]+");

    CertificateRequest {
        domains = List.copyOf(domains);
    }

    /**
     * Reads a request's body; see {@link JsonFields} for what it may look like.
     *
     * @throws Failure 400 with a message that names the field, its value (a password's never) and what is allowed;
     *         413 if the body is larger than 64 KiB
     */
    static CertificateRequest parse(InputStream body) {
        JsonFields fields = JsonFields.of(body);
        Environment environment = environment(fields);
        Profile profile = profile(fields);
        List<DomainName> domains = domains(fields, profile);
        rejectUnsupported(fields);
        return new CertificateRequest(environment, domains, profile, password(fields),
                choice(fields, "encryption", Encryption.MODERN, constant -> constant.name().toLowerCase(Locale.ROOT)),
                choice(fields, "keyType", KeyType.RSA2048, KeyType::name),
                friendlyName(fields, domains.get(0)));
    }

    private static Environment environment(JsonFields fields) {
        return fields.bool("staging").map(Environment::of).orElseThrow(() -> Failure.badRequest(
                "Field 'staging' is missing; it must be true (staging) or false (production)"));
    }

    private static Profile profile(JsonFields fields) {
        String name = fields.string("profile").orElse(Profile.CLASSIC.toString());
        return Profile.named(name).orElseThrow(() -> notOneOf("profile", name,
                Arrays.stream(Profile.values()).map(Profile::toString)));
    }

    private static List<DomainName> domains(JsonFields fields, Profile profile) {
        String text = fields.string("domains").orElseThrow(() -> Failure.badRequest(
                "Field 'domains' is missing; it must be a string such as 'example.com,www.example.com'"));
        Set<DomainName> domains = new LinkedHashSet<>();
        for (String item : SEPARATORS.split(text)) {
            if (!item.isEmpty()) {
                domains.add(domain(item));
            }
            if (domains.size() > profile.maxNames()) {
                throw Failure.badRequest("Field 'domains' holds more than " + profile.maxNames()
                        + " names, which is what the profile '" + profile + "' allows");
            }
        }
        if (domains.isEmpty()) {
            throw Failure.badRequest("Field 'domains' holds no name: " + Quoted.of(text)
                    + "; it must be a string such as 'example.com,www.example.com'");
        }
        return List.copyOf(domains);
    }

    private static DomainName domain(String item) {
        try {
            return DomainName.of(item);
        } catch (IllegalArgumentException e) {
            throw Failure.badRequest("Field 'domains': " + e.getMessage());
        }
    }

    private static void rejectUnsupported(JsonFields fields) {
        if (fields.has("csr")) {
            throw Failure.badRequest("Field 'csr' is not supported yet; leave it out to get a new private key");
        }
        if (fields.bool("reuse").orElse(false)) {
            throw Failure.badRequest("Field 'reuse' is not supported yet; leave it out, or set it to false,"
                    + " to get a new certificate");
        }
    }

    private static String password(JsonFields fields) {
        String password = fields.string("password").orElse("");
        if (!Pfx.isPortable(password)) {
            throw Failure.badRequest("Field 'password' must have at most " + Pfx.MAX_PASSWORD
                    + " characters, all of them printable ASCII (its value is not shown here)");
        }
        return password;
    }

    private static String friendlyName(JsonFields fields, DomainName first) {
        String name = fields.string("friendlyName").orElse(first.toString());
        // the default may be a longer domain name
        if (fields.has("friendlyName") && (name.isBlank() || name.length() > MAX_TEXT || !isPlain(name))) {
            throw Failure.badRequest("Field 'friendlyName' is " + Quoted.of(name) + "; it must have 1 to " + MAX_TEXT
                    + " characters, without control characters, and not be blank");
        }
        return name;
    }

    /** Neither control characters nor line ends, nor halves of surrogate pairs, which no encoding can carry. */
    private static boolean isPlain(String text) {
        IntPredicate plain = character -> switch (Character.getType(character)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
        return text.codePoints().allMatch(plain);
    }

    private static <E extends Enum<E>> E choice(JsonFields fields, String field, E byDefault,
            Function<E, String> nameOf) {
        E[] allowed = byDefault.getDeclaringClass().getEnumConstants();
        return fields.string(field).map(given -> Arrays.stream(allowed)
                .filter(constant -> nameOf.apply(constant).equals(given)).findFirst()
                .orElseThrow(() -> notOneOf(field, given, Arrays.stream(allowed).map(nameOf)))).orElse(byDefault);
    }

    private static Failure notOneOf(String field, String given, Stream<String> allowed) {
        return Failure.badRequest("Field '" + field + "' is " + Quoted.of(given) + "; it must be one of "
                + allowed.collect(Collectors.joining(", ")));
    }

    /**
     * For {@code /cert} only, where all names share a certificate: the CA refuses a name beside a wildcard that
     * covers it.
     *
     * @throws Failure 400 naming both
     */
    void rejectCovered() {
        Set<DomainName> wildcards = domains.stream().filter(DomainName::isWildcard).collect(Collectors.toSet());
        for (DomainName domain : domains) {
            for (DomainName wildcard : wildcards) {
                if (wildcard.coversAsWildcard(domain)) {
                    throw Failure.badRequest("Field 'domains': '" + domain + "' is covered by '" + wildcard
                            + "' already; a certificate must not hold both");
                }
            }
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "CertificateRequest[" + environment + ", " + domains + ", " + profile + ", " + encryption + ", "
                + keyType + ", " + Quoted.of(friendlyName) + "]";
    }
}
