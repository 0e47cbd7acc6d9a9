package certservice.settings;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Seals what must not stand in the database in the clear: account keys, the secrets of DNS providers, and once more
 * what is sealed for a caller.
 *
 * <p>How is a {@link SealingKey}'s business. Thread-safe.
 */
public final class MasterKey {

    private static final Logger LOG = System.getLogger(MasterKey.class.getName());
    private static final String SETTING = "certservice.master-key";
    private static final int KEY_BYTES = 32;
    private static final String FILE_NAME = "master.key";
    private static final String ALLOWED = "32 bytes in Base64, as 'openssl rand -base64 32' prints them";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SealingKey key;

    MasterKey(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a master key has 32 bytes");
        }
        this.key = new SealingKey("master key", key);
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

    /** As {@link SealingKey#seal}. */
    public String seal(String purpose, byte[] clear) {
        return key.seal(purpose, clear);
    }

    /** As {@link SealingKey#open}. */
    public byte[] open(String purpose, String sealedText) {
        return key.open(purpose, sealedText);
    }
}
