package certservice.issuance;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/**
 * The salts and initialization vectors of one PFX, derived from all that goes into it, so that the same contents are
 * the same bytes: a file can be made again instead of being kept, and its entity tag holds.
 *
 * <p>What random values would give, these give too. Nobody can foresee them, so nobody can compute tables of passwords
 * ahead: they come from the private key, by HKDF-SHA256 (RFC 5869). Two files share them only if they are the same
 * file: whatever differs, the key, the chain, the password, the encryption or the friendly name, changes all of them
 * (within a file every use has its own). A salt is public, and whoever has the private key from elsewhere could try
 * passwords on it: that costs as much as trying them on the file, since the password goes in through PBKDF2 with the
 * file's own count.
 */
final class Salts {

    /** Changes whenever the form of the file or of what is hashed here does. */
    private static final byte[] LABEL = "certservice:pfx:1".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_BYTES = 32;
    private static final byte FIRST_BLOCK = 1;

    private final byte[] pseudoRandomKey;

    private Salts(byte[] pseudoRandomKey) {
        this.pseudoRandomKey = pseudoRandomKey;
    }

    /** The salts of the file with these contents; see {@link Pfx#write}. */
    static Salts of(PrivateKeyInfo key, List<X509Certificate> certificates, char[] password, Encryption encryption,
            String friendlyName) {
        Salts withoutPassword = new Salts(hmac(LABEL, contents(key, certificates, encryption, friendlyName)));
        byte[] stretched = Encryption.pbkdf2(password, withoutPassword.derive("password", HASH_BYTES));
        return new Salts(hmac(withoutPassword.pseudoRandomKey, stretched));
    }

    /** Every part with its length in front, so that no two files give the same bytes. */
    private static byte[] contents(PrivateKeyInfo key, List<X509Certificate> certificates, Encryption encryption,
            String friendlyName) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(all)) {
            append(out, key.getEncoded());
            append(out, encryption.name().getBytes(StandardCharsets.UTF_8));
            // as the file has it: UTF-8 can't tell unpaired surrogates apart
            append(out, friendlyName.getBytes(StandardCharsets.UTF_16BE));
            for (X509Certificate certificate : certificates) {
                append(out, certificate.getEncoded());
            }
        } catch (IOException | CertificateEncodingException e) {
            throw new IllegalStateException("A key or certificate that was read can't be encoded");
        }
        return all.toByteArray();
    }

    private static void append(DataOutputStream out, byte[] part) throws IOException {
        out.writeInt(part.length);
        out.write(part);
    }

    /**
     * @param use    what the bytes are for; every use within a file has another name
     * @param length at most 32, in bytes
     */
    byte[] derive(String use, int length) {
        byte[] info = use.getBytes(StandardCharsets.US_ASCII);
        byte[] block = Arrays.copyOf(info, info.length + 1);
        block[info.length] = FIRST_BLOCK;
        if (length > HASH_BYTES) {
            throw new IllegalArgumentException("one block of HKDF-SHA256 has 32 bytes");
        }
        return Arrays.copyOf(hmac(pseudoRandomKey, block), length);
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks HMAC-SHA-256", e);
        }
    }
}
