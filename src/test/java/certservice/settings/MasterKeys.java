package certservice.settings;

import java.util.Arrays;

/** Master keys for tests of other rooms. */
public final class MasterKeys {

    private MasterKeys() {
    }

    /** The key all of whose bytes are this one. */
    public static MasterKey of(int everyByte) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) everyByte);
        return new MasterKey(key);
    }
}
