package certservice.audit;

import certservice.settings.MasterKey;
import certservice.settings.SealingKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The key of the chain: whoever lacks it can make neither an entry nor an end of the chain. It is random, and stands in
 * the database sealed under the master key, so that with another master key it is sealed anew and no hash changes.
 * Thread-safe.
 */
final class ChainKey {

    /** The row of {@code audit_head}. Its id ends what the key is sealed for, as {@code ChangeMasterKey} expects. */
    static final String HEAD = "chain";
    private static final String PURPOSE = "audit-key:" + HEAD;
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SealingKey key;

    private ChainKey(String secret) {
        this.key = SealingKey.ofSecret("audit key", secret);
    }

    /** A new key, sealed. */
    static String fresh(MasterKey masterKey) {
        byte[] secret = new byte[BYTES];
        RANDOM.nextBytes(secret);
        return masterKey.seal(PURPOSE, HexFormat.of().formatHex(secret).getBytes(StandardCharsets.US_ASCII));
    }

    /** @throws IllegalStateException if it was sealed under another master key, or changed */
    static ChainKey open(MasterKey masterKey, String sealed) {
        return new ChainKey(new String(masterKey.open(PURPOSE, sealed), StandardCharsets.US_ASCII));
    }

    /** HMAC-SHA256 of all that the entry says, the hash of the one before included: 64 hexadecimal digits. */
    String hashOf(AuditEntry entry) {
        return key.tag("audit-entry", entry.content());
    }

    /** What nobody else can make for this end of the chain. */
    String sealOf(AuditAnchor end) {
        return key.tag("audit-head", end.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
