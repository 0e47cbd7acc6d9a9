package certservice.issuance;

import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.json.JsonFields;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
 * explicit {@code null} is the same as leaving the field out.
 *
 * @param environment  where the certificate comes from
 * @param domains      the names, at least one and at most what the profile allows, each once, in the caller's order
 * @param profile      the kind of certificate
 * @param password     protects the PFX; empty if the caller gave none. Never shown: {@link #toString} leaves it out
 * @param encryption   how the PFX is encrypted
 * @param keyType      the kind of key; with a {@code csr}, of its key
 * @param friendlyName the PFX's friendly name and alias; the first domain if the caller gave none
 * @param csr          the caller's own certification request, for a key that stays with the caller; for /pem only
 * @param reuse        whether a certificate that is there already, and not due for renewal, will do
 */
record CertificateRequest(Environment environment, List<DomainName> domains, Profile profile, String password,
        Encryption encryption, KeyType keyType, String friendlyName, Optional<CallerCsr> csr, boolean reuse) {

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
        Optional<CallerCsr> csr = csr(fields, domains);
        return new CertificateRequest(environment, domains, profile, password(fields),
                choice(fields, "encryption", Encryption.MODERN, constant -> constant.name().toLowerCase(Locale.ROOT)),
                csr.map(CallerCsr::keyType).orElseGet(() ->
                        choice(fields, "keyType", KeyType.DEFAULT, KeyType::name)),
                friendlyName(fields, domains.get(0)), csr, fields.bool("reuse").orElse(false));
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

    private static Optional<CallerCsr> csr(JsonFields fields, List<DomainName> domains) {
        Optional<String> pem = fields.string("csr");
        if (pem.isPresent() && fields.has("keyType")) {
            throw Failure.badRequest("Field 'keyType' must not be given beside 'csr', which has its key already");
        }
        try {
            Optional<CallerCsr> csr = pem.map(text -> CallerCsr.of(text, domains));
            csr.ifPresent(read -> rejectCovered(read.names(), "csr"));
            return csr;
        } catch (IllegalArgumentException e) {
            throw Failure.badRequest("Field 'csr' " + e.getMessage());
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
        rejectCovered(domains, "domains");
    }

    private static void rejectCovered(List<DomainName> domains, String field) {
        Set<DomainName> wildcards = domains.stream().filter(DomainName::isWildcard).collect(Collectors.toSet());
        for (DomainName domain : domains) {
            for (DomainName wildcard : wildcards) {
                if (wildcard.coversAsWildcard(domain)) {
                    throw Failure.badRequest("Field '" + field + "': '" + domain + "' is covered by '" + wildcard
                            + "' already; a certificate must not hold both");
                }
            }
        }
    }

    /**
     * For {@code /cert} only, whose answer holds the private key.
     *
     * @throws Failure 400 if the caller keeps it
     */
    void rejectCsr() {
        if (csr.isPresent()) {
            throw Failure.badRequest("Field 'csr' is for /api/v1/pem only, since a PFX holds a private key;"
                    + " leave it out to get a new private key");
        }
    }

    /**
     * What makes two requests ask for the same certificate: the endpoint, environment, profile, names in any order,
     * and the kind of key or the caller's own CSR. How the answer is written, and {@code reuse}, don't count.
     *
     * @param endpoint {@code cert} or {@code pem}
     * @return SHA-256, in hexadecimal
     */
    String fingerprint(String endpoint) {
        List<DomainName> names = csr.map(CallerCsr::names).orElse(domains);
        String text = lines(Stream.concat(
                Stream.of(endpoint, environment.name(), profile.toString(),
                        csr.map(CallerCsr::fingerprint).orElse(keyType.name())),
                names.stream().sorted().map(DomainName::toString)));
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java runtime lacks SHA-256", e);
        }
    }

    /**
     * All that was asked for, the same for any two bodies that mean the same, and for no others. It holds the password:
     * only for a keyed hash, and never to be kept, logged or hashed without a key, since passwords can be guessed.
     */
    byte[] canonicalForm() {
        return lines(Stream.concat(
                Stream.of(environment.name(), profile.toString(), password, encryption.name(), keyType.name(),
                        friendlyName, csr.map(CallerCsr::fingerprint).orElse(""), Boolean.toString(reuse)),
                domains.stream().map(DomainName::toString))).getBytes(StandardCharsets.UTF_8);
    }

    /** None of the fields can hold a line break. */
    private static String lines(Stream<String> fields) {
        return fields.collect(Collectors.joining("\n"));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "CertificateRequest[" + environment + ", " + domains + ", " + profile + ", " + encryption + ", "
                + keyType + ", " + Quoted.of(friendlyName) + csr.map(own -> ", " + own).orElse("")
                + (reuse ? ", reuse" : "") + "]";
    }
}
