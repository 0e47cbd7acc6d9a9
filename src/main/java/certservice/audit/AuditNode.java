package certservice.audit;

import certservice.settings.MasterKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/** What a node knows of the chain while it runs: its own name in it, the opened key, and how far it has been. */
@ApplicationScoped
public class AuditNode {

    @Inject
    MasterKey masterKey;

    private String name;
    private String sealed;
    private ChainKey opened;
    private long seen = -1;

    /** The host's name, and eight digits of this start. */
    public synchronized String name() {
        if (name == null) {
            name = host() + "/" + UUID.randomUUID().toString().substring(0, 8);
        }
        return name;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** A new key of a chain, sealed. */
    String freshKey() {
        return ChainKey.fresh(masterKey);
    }

    /** Opened once, and again if it was sealed anew. */
    synchronized ChainKey key(String sealedKey) {
        if (!sealedKey.equals(sealed)) {
            opened = ChainKey.open(masterKey, sealedKey);
            sealed = sealedKey;
        }
        return opened;
    }

    /**
     * Remembers how far the chain is.
     *
     * @param number of the last committed entry
     * @return how far it was before as far as this node knows; -1 at the first time
     */
    synchronized long see(long number) {
        long before = seen;
        seen = number;
        return before;
    }
}
