package certservice.harness;

import java.util.Locale;

/**
 * What an ACME request is about, by the names of RFC 8555. The paths are Pebble's; those that a directory document
 * tells (the ones beginning with {@code NEW_}) are learned from it, so any server's will do for them.
 */
public enum AcmeResource {

    DIRECTORY("/dir"),
    NEW_NONCE("/nonce-plz"),
    NEW_ACCOUNT("/sign-me-up"),
    NEW_ORDER("/order-plz"),
    ACCOUNT("/my-account/"),
    ORDER("/my-order/"),
    AUTHORIZATION("/authZ/"),
    CHALLENGE("/chalZ/"),
    FINALIZE("/finalize-order/"),
    CERTIFICATE("/certZ/"),
    REVOCATION("/revoke-cert"),
    RENEWAL_INFO("/draft-ietf-acme-ari-03/renewalInfo/"),
    OTHER("");

    private final String pebblePath;

    AcmeResource(String pebblePath) {
        this.pebblePath = pebblePath;
    }

    /** The resource at one of Pebble's paths; {@link #OTHER} for a path that is none of them. */
    public static AcmeResource ofPebblePath(String path) {
        for (AcmeResource resource : values()) {
            if (resource.pebblePath.endsWith("/") ? path.startsWith(resource.pebblePath)
                    : path.equals(resource.pebblePath)) {
                return resource;
            }
        }
        return OTHER;
    }

    /** The field of the directory document, such as {@code newOrder}. */
    String directoryField() {
        String[] words = name().toLowerCase(Locale.ROOT).split("_");
        StringBuilder field = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            field.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
        }
        return field.toString();
    }
}
