package certservice.settings;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals short texts with AES-256-GCM.
 *
 * <p>Sealed text is Base64 of version (1 byte), nonce (12 bytes) and ciphertext with tag. Every purpose has its own
 * key, derived by HKDF-SHA256 (RFC 5869), so that a value sealed for one can't be passed off as another. Thread-safe.
 */
public final class SealingKey {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte VERSION = 1;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String name;
    private final byte[] key;

    /** @param name what this key is called in messages */
    SealingKey(String name, byte[] key) {
        this.name = name;
        this.key = key.clone();
    }

    /**
     * The key that only who knows the secret has.
     *
     * @param name   what it is called in messages
     * @param secret of at least 122 random bits: nothing here slows guessing down
     */
    public static SealingKey ofSecret(String name, String secret) {
        return new SealingKey(name, secret.getBytes(StandardCharsets.UTF_8));
    }

    /** @param purpose what the text is, such as {@code dns-provider:corp-dns}; needed again to open it */
    public String seal(String purpose, byte[] clear) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, purpose, nonce, clear);
        byte[] all = ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length).put(VERSION).put(nonce).put(sealed).array();
        return Base64.getEncoder().encodeToString(all);
    }

    /**
     * @throws IllegalStateException if the text was sealed with another key or for another purpose, or was
     *                               changed
     */
    public byte[] open(String purpose, String sealedText) {
        ByteBuffer all = ByteBuffer.wrap(bytes(purpose, sealedText));
        if (all.remaining() < 1 + NONCE_BYTES + TAG_BITS / 8 || all.get() != VERSION) {
            throw new IllegalStateException("not a sealed text: " + purpose);
        }
        byte[] nonce = new byte[NONCE_BYTES];
        all.get(nonce);
        byte[] sealed = new byte[all.remaining()];
        all.get(sealed);
        return crypt(Cipher.DECRYPT_MODE, purpose, nonce, sealed);
    }

    /** What shows that two texts are equal without showing anything of them: 64 hexadecimal digits (HMAC-SHA256). */
    public String tag(String purpose, byte[] text) {
        try {
            return HexFormat.of().formatHex(hmac(derive(purpose), text));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] bytes(String purpose, String sealedText) {
        try {
            return Base64.getDecoder().decode(sealedText);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("not a sealed text: " + purpose, e);
        }
    }

    private byte[] crypt(int mode, String purpose, byte[] nonce, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(derive(purpose), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The database was sealed with another " + name + ", or changed: "
                    + purpose, e);
        }
    }

    /** HKDF with an empty salt; one block of output is all that AES-256 needs. */
    private byte[] derive(String purpose) throws GeneralSecurityException {
        byte[] pseudoRandomKey = hmac(new byte[KEY_BYTES], key);
        byte[] info = ("certservice:" + purpose + "\u0001").getBytes(StandardCharsets.UTF_8);
        return hmac(pseudoRandomKey, info);
    }

    private static byte[] hmac(byte[] hmacKey, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(hmacKey, "HmacSHA256"));
        return mac.doFinal(message);
    }
}
