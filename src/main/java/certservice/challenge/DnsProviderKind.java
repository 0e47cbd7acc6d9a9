package certservice.challenge;

import jakarta.json.JsonObject;

/**
 * A kind of DNS provider. A bean of this type (application scoped) is all that it takes to make one known: its type is
 * then good in {@code dnsProviders} of the import file.
 */
public interface DnsProviderKind {

    /** The provider entry's {@code type}, lower-case, such as {@code rfc2136}. */
    String type();

    /**
     * Checks the settings and makes an editor of them. Nothing is sent yet: a server that is down at start must not
     * keep the service from starting.
     *
     * @param settings the provider entry's {@code settings}
     * @throws IllegalArgumentException naming the setting, its value (never a secret) and what is allowed, also for a
     *         setting that this kind does not know, so that a typing error doesn't pass silently
     */
    RecordEditor open(JsonObject settings);
}
