package certservice.order;

import certservice.settings.MasterKey;
import certservice.settings.SealingKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Seals what only its caller may read: under a key that is derived from the caller's API key, of which the database has
 * a hash alone, and once more under the master key. So nobody reads it who lacks one of the two; and an operator can
 * still change the master key, since the outer seal is all that has to be made anew.
 */
final class Sealing {

    private static final Logger LOG = System.getLogger(Sealing.class.getName());

    private Sealing() {
    }

    static String seal(MasterKey masterKey, SealingKey callerKey, String purpose, byte[] clear) {
        String inner = callerKey.seal(purpose, clear);
        return masterKey.seal(purpose, inner.getBytes(StandardCharsets.US_ASCII));
    }

    /** Empty if it can't be opened any more, since the API key or the master key is another one now. */
    static Optional<byte[]> open(MasterKey masterKey, SealingKey callerKey, String purpose, String sealed) {
        try {
            String inner = new String(masterKey.open(purpose, sealed), StandardCharsets.US_ASCII);
            return Optional.of(callerKey.open(purpose, inner));
        } catch (IllegalStateException e) {
            LOG.log(Level.WARNING, "A sealed result can''t be opened: {0}", e.getMessage());
            return Optional.empty();
        }
    }
}
