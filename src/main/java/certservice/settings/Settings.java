package certservice.settings;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The configuration, read and checked once at start. {@code docs/configuration.md} lists every setting.
 *
 * @param dataDirectory       of the H2 file and the master key file
 * @param production          the ACME environment for {@code "staging": false}
 * @param staging             the ACME environment for {@code "staging": true}
 * @param acmeCaFile          PEM trust anchors for the ACME servers, in addition to the JVM's
 * @param acmeContact         the accounts' contact, a {@code mailto:} URI (RFC 8555 section 7.3)
 * @param acmeTermsAgreed     whether the operator agrees to the CA's terms; no account is made before
 * @param importFile          JSON file of keys and domains, applied at start
 * @param issuanceTimeout     how long a synchronous request waits for its certificate
 * @param issuanceConcurrency orders that this node works on at once
 * @param rsaStock            RSA keys of the usual size that this node has ready
 * @param orderTimeout        how long an order is worked on, also after its caller was answered
 * @param orderRetention      how long a result is kept for a caller who has not got it, or may ask for it again
 * @param recordsRetention    how long what was ordered, and what became of it, is known after its end
 * @param dnsResolvers        resolvers for CNAMEs and zones, {@code host[:port]}; empty: the system's
 * @param access              where callers come from, and how often they may be wrong
 */
public record Settings(Path dataDirectory, AcmeEnvironment production, AcmeEnvironment staging,
                       Optional<Path> acmeCaFile, Optional<URI> acmeContact, boolean acmeTermsAgreed,
                       Optional<Path> importFile, Duration issuanceTimeout, int issuanceConcurrency,
                       int rsaStock, Duration orderTimeout, Duration orderRetention, TemporalAmount recordsRetention,
                       List<String> dnsResolvers, Access access) {

    private static final Set<String> NAMES = Set.of("certservice.data.dir", "certservice.db.url",
            "certservice.db.user", "certservice.db.password", "certservice.db.jndi", "certservice.master-key",
            "certservice.acme.production", "certservice.acme.staging", "certservice.acme.ca-file",
            "certservice.acme.contact", "certservice.acme.terms-agreed", "certservice.acme.eab.kid",
            "certservice.acme.eab.key", "certservice.acme.production.eab.kid", "certservice.acme.production.eab.key",
            "certservice.acme.staging.eab.kid", "certservice.acme.staging.eab.key",
            "certservice.acme.production.limits", "certservice.acme.staging.limits", "certservice.import",
            "certservice.issuance.timeout", "certservice.issuance.concurrency", "certservice.issuance.rsa-stock",
            "certservice.order.timeout", "certservice.order.retention", "certservice.records.retention",
            "certservice.dns.resolvers", "certservice.proxies", "certservice.guessing.limit",
            "certservice.guessing.window");

    /** These can also come from the file that {@code <name>-file} names. */
    private static final Set<String> SECRETS = Set.of("certservice.db.password", "certservice.master-key",
            "certservice.acme.eab.key", "certservice.acme.production.eab.key", "certservice.acme.staging.eab.key");

    /**
     * One CA as seen from here.
     *
     * @param directory              RFC 8555 section 7.1.1
     * @param externalAccountBinding RFC 8555 section 7.3.4, for CAs that ask for it
     * @param limits                 what is counted here before the CA is asked
     */
    public record AcmeEnvironment(URI directory, Optional<ExternalAccountBinding> externalAccountBinding,
                                  AcmeLimits limits) {
    }

    /** @param key the HMAC key, Base64url as the CA hands it out; never logged */
    public record ExternalAccountBinding(String keyIdentifier, String key) {
        @Override
        public String toString() {
            return "ExternalAccountBinding[" + keyIdentifier + "]";
        }
    }

    /**
     * Where callers come from, and how often they may be wrong.
     *
     * @param proxies        whose {@code X-Forwarded-For} is believed
     * @param guessingLimit  keys that open nothing, from one address within a window; 0: they are not counted
     * @param guessingWindow how long they are counted
     */
    public record Access(List<Network> proxies, int guessingLimit, Duration guessingWindow) {
        public static final Access DEFAULT = new Access(List.of(), 20, Duration.ofMinutes(10));
    }

    /**
     * Reads every setting.
     *
     * @throws WrongSetting for the first value that can't be used
     */
    static Settings read(SettingSource source) {
        return new Settings(
                dataDirectory(source),
                acmeEnvironment(source, "production", "https://acme-v02.api.letsencrypt.org/directory"),
                acmeEnvironment(source, "staging", "https://acme-staging-v02.api.letsencrypt.org/directory"),
                parse(source, "certservice.acme.ca-file", "the path of a readable file of PEM certificates",
                        Settings::certificates),
                parse(source, "certservice.acme.contact", "an e-mail address, such as pki@example.com",
                        Settings::contact),
                parse(source, "certservice.acme.terms-agreed", "true or false", Settings::bool).orElse(false),
                parse(source, "certservice.import", "the path of a readable file", Settings::readableFile),
                parse(source, "certservice.issuance.timeout", "an ISO 8601 duration from PT5S to PT1H, such as PT2M",
                        text -> between(Duration.parse(text), Duration.ofSeconds(5), Duration.ofHours(1)))
                        .orElse(Duration.ofMinutes(2)),
                parse(source, "certservice.issuance.concurrency", "a whole number from 1 to 1000",
                        text -> between(Integer.valueOf(text), 1, 1000)).orElse(64),
                parse(source, "certservice.issuance.rsa-stock", "a whole number from 0 to 1000",
                        text -> between(Integer.valueOf(text), 0, 1000)).orElse(16),
                parse(source, "certservice.order.timeout", "an ISO 8601 duration from PT10S to PT24H, such as PT10M",
                        text -> between(Duration.parse(text), Duration.ofSeconds(10), Duration.ofHours(24)))
                        .orElse(Duration.ofMinutes(10)),
                parse(source, "certservice.order.retention", "an ISO 8601 duration from PT1S to P7D, such as PT24H",
                        text -> between(Duration.parse(text), Duration.ofSeconds(1), Duration.ofDays(7)))
                        .orElse(Duration.ofHours(24)),
                parse(source, "certservice.records.retention", "an ISO 8601 period or duration from P30D to P10Y, such"
                        + " as P2Y", Settings::recordsRetention).orElse(Period.ofYears(2)),
                parse(source, "certservice.dns.resolvers", "a list of host or host:port, separated by commas",
                        Settings::hosts).orElse(List.of()),
                access(source));
    }

    private static Access access(SettingSource source) {
        return new Access(
                parse(source, "certservice.proxies", "a list of addresses and networks, separated by commas, such as"
                        + " 192.0.2.7, 10.0.0.0/8, 2001:db8::/32", Network::parseList)
                        .orElse(Access.DEFAULT.proxies()),
                parse(source, "certservice.guessing.limit", "a whole number from 0 to 1000000; 0 is off",
                        text -> between(Integer.valueOf(text), 0, 1_000_000)).orElse(Access.DEFAULT.guessingLimit()),
                parse(source, "certservice.guessing.window", "an ISO 8601 duration from PT1S to PT24H, such as PT10M",
                        text -> between(Duration.parse(text), Duration.ofSeconds(1), Duration.ofHours(24)))
                        .orElse(Access.DEFAULT.guessingWindow()));
    }

    /** As {@link Configuration#shown}. */
    static Map<String, String> shown(SettingSource source) {
        Map<String, String> shown = new TreeMap<>();
        for (String name : NAMES) {
            if (SECRETS.contains(name)) {
                source.secret(name).ifPresent(secret -> shown.put(name, "(set)"));
            } else {
                source.get(name).ifPresent(value -> shown.put(name, name.equals("certservice.db.url")
                        ? value.replaceAll("^(jdbc:[a-z0-9]+:)?.*$", "$1…") : value));
            }
        }
        return shown;
    }

    /** Names of system properties that look like ours and are none, most likely misspelt. */
    static List<String> unknown(Set<String> propertyNames) {
        return propertyNames.stream()
                .filter(name -> name.startsWith("certservice.") && !NAMES.contains(name)
                        && !(name.endsWith("-file") && SECRETS.contains(name.substring(0, name.length() - 5))))
                .sorted().toList();
    }

    static Path dataDirectory(SettingSource source) {
        return parse(source, "certservice.data.dir", "the path of a folder that this server can write to", Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".certservice")).toAbsolutePath();
    }

    private static AcmeEnvironment acmeEnvironment(SettingSource source, String environment, String letsEncrypt) {
        String name = "certservice.acme." + environment;
        URI directory = parse(source, name, "the https URL of an ACME directory", Settings::httpsUrl)
                .orElse(URI.create(letsEncrypt));
        Optional<String> kid = source.get(name + ".eab.kid").or(() -> source.get("certservice.acme.eab.kid"));
        Optional<String> key = source.secret(name + ".eab.key").or(() -> source.secret("certservice.acme.eab.key"));
        if (kid.isPresent() != key.isPresent()) {
            throw new WrongSetting(name + ".eab.kid", kid.orElse(""), "both eab.kid and eab.key, or none of them",
                    null);
        }
        AcmeLimits limits = parse(source, name + ".limits", AcmeLimits.ALLOWED, AcmeLimits::parse)
                .orElseGet(() -> AcmeLimits.defaultOf(directory));
        return new AcmeEnvironment(directory, kid.map(id -> new ExternalAccountBinding(id, key.orElseThrow())), limits);
    }

    private static Path readableFile(String text) {
        Path path = Path.of(text).toAbsolutePath();
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new IllegalArgumentException("not readable");
        }
        return path;
    }

    private static Path certificates(String text) {
        Path path = readableFile(text);
        try (InputStream in = Files.newInputStream(path)) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw new IllegalArgumentException("holds no certificate");
            }
            return path;
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException("not certificates", e);
        }
    }

    private static <T> Optional<T> parse(SettingSource source, String name, String allowed,
                                         Function<String, T> parser) {
        return source.get(name).map(text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
                throw new WrongSetting(name, text, allowed, e);
            }
        });
    }

    private static URI httpsUrl(String text) {
        URI uri = URI.create(text);
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("not an https URL");
        }
        return uri;
    }

    /**
     * An account's contact.
     *
     * @return a {@code mailto:} URI
     * @throws IllegalArgumentException if the text is not one e-mail address, with {@code mailto:} before it or not
     */
    public static URI contact(String text) {
        String address = text.startsWith("mailto:") ? text.substring("mailto:".length()) : text;
        if (!address.matches("[^@\\s,?]+@[^@\\s,?]+")) {
            throw new IllegalArgumentException("not one e-mail address");
        }
        return URI.create("mailto:" + address);
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static <T extends Comparable<T>> T between(T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("out of range");
        }
        return value;
    }

    /** Years and months have no length of their own; what they are together is compared. */
    private static TemporalAmount recordsRetention(String text) {
        TemporalAmount amount = text.toUpperCase(Locale.ROOT).contains("T") ? Duration.parse(text) : Period.parse(text);
        LocalDateTime any = LocalDateTime.of(2001, 1, 1, 0, 0);
        LocalDateTime end = any.plus(amount);
        if (end.isBefore(any.plusDays(30)) || end.isAfter(any.plusYears(10))) {
            throw new IllegalArgumentException("out of range");
        }
        return amount;
    }

    private static List<String> hosts(String text) {
        List<String> hosts = Stream.of(text.split("[,\\s]+")).filter(host -> !host.isEmpty()).toList();
        for (String host : hosts) {
            if (!host.matches("[A-Za-z0-9.-]+(:[0-9]{1,5})?|\\[[0-9a-fA-F:]+](:[0-9]{1,5})?|[0-9a-fA-F:]+")) {
                throw new IllegalArgumentException("not a host");
            }
            if (host.matches("[^:]+:[0-9]+|\\[.+]:[0-9]+")) {
                between(Integer.valueOf(host.substring(host.lastIndexOf(':') + 1)), 1, 65_535);
            }
        }
        return hosts;
    }
}
