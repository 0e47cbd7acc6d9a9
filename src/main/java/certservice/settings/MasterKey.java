package certservice.settings;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what must not stand in the database in the clear: account keys and the secrets of DNS providers.
 *
 * <p>Sealed text is Base64 of version (1 byte), nonce (12 bytes) and AES-256-GCM ciphertext with tag. Every purpose
 * has its own key, derived by HKDF-SHA256 (RFC 5869), so that a value sealed for one can't be passed off as another.
 * Thread-safe.
 */
public final class MasterKey {

    private static final Logger LOG = System.getLogger(MasterKey.class.getName());
    private static final String SETTING = "certservice.master-key";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte VERSION = 1;
    private static final String FILE_NAME = "master.key";
    private static final String ALLOWED = "32 bytes in Base64, as 'openssl rand -base64 32' prints them";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    MasterKey(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a master key has 32 bytes");
        }
        this.key = key.clone();
    }

    /**
     * The key from the settings, or from the file in the data directory, which is made at the first start.
     *
     * @throws WrongSetting if the setting or the file does not hold a key, or the file can't be made
     */
    static MasterKey load(SettingSource source, Path dataDirectory) {
        return source.secret(SETTING)
                .map(text -> decode(text).orElseThrow(() ->
                        new WrongSetting(SETTING, "(not shown)", ALLOWED, null)))
                .orElseGet(() -> fromFile(dataDirectory));
    }

    /**
     * The key of the settings, for a command beside the service; it must be there already.
     *
     * @throws WrongSetting if it is not, or is no key
     */
    public static MasterKey ofProcess() {
        SettingSource source = SettingSource.ofProcess(Map.of());
        Path file = Settings.dataDirectory(source).resolve(FILE_NAME);
        if (source.secret(SETTING).isEmpty() && !Files.exists(file)) {
            throw new WrongSetting(SETTING, "", "the key that the database was sealed with; there is no " + file, null);
        }
        return load(source, file.getParent());
    }

    /** @throws IllegalArgumentException if the file does not hold a key */
    public static MasterKey ofFile(Path file) {
        try {
            return decode(Files.readString(file).strip()).orElseThrow(() ->
                    new IllegalArgumentException(file + " does not hold " + ALLOWED));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " can't be read", e);
        }
    }

    private static MasterKey fromFile(Path dataDirectory) {
        Path file = dataDirectory.resolve(FILE_NAME);
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return decode(Files.readString(file).strip()).orElseThrow(() ->
                    new WrongSetting("certservice.data.dir", dataDirectory.toString(),
                            "a folder whose file " + FILE_NAME + " holds " + ALLOWED, null));
        } catch (IOException e) {
            throw new WrongSetting("certservice.data.dir", dataDirectory.toString(),
                    "a folder that this server can write to", e);
        }
    }

    /**
     * Writes a new key under another name and links it in place: nobody ever reads half a key, and of two servers
     * that start at once on one folder the second one uses the first one's key.
     */
    private static void create(Path file) throws IOException {
        byte[] fresh = new byte[KEY_BYTES];
        RANDOM.nextBytes(fresh);
        DataDirectory.create(file.getParent());
        Path unfinished = Files.createTempFile(file.getParent(), "master", ".new");
        try {
            if (DataDirectory.hasPosixPermissions(unfinished)) {
                Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
            }
            Files.writeString(unfinished, Base64.getEncoder().encodeToString(fresh) + "\n");
            Files.createLink(file, unfinished);
        } catch (FileAlreadyExistsException e) {
            LOG.log(Level.DEBUG, "Another server made {0} at the same moment", file);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static Optional<MasterKey> decode(String text) {
        try {
            return Optional.of(new MasterKey(Base64.getDecoder().decode(text)));
        } catch (IllegalArgumentException notShownSinceItQuotesTheText) {
            return Optional.empty();
        }
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
     * @throws IllegalStateException if the text was sealed with another master key or for another purpose, or was
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
            throw new IllegalStateException("The database was sealed with another master key, or changed: " + purpose,
                    e);
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
