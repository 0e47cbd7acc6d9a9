package certservice.acme;

import java.net.URL;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.exception.AcmeServerException;

/**
 * Our login at a CA, shared by all orders. Its key changes when the account's key was rolled over, perhaps by another
 * node: the CA then refuses the old one, which {@link PooledConnection} finds out by asking here. Thread-safe.
 */
final class AccountLogin extends Login {

    /** How CAs refuse a key that is not the account's any more; RFC 8555 leaves that open. */
    private static final Set<String> NOT_OUR_KEY = Set.of("unauthorized", "malformed", "accountDoesNotExist");

    private final Function<PublicKey, Optional<KeyPair>> successor;

    /** @param successor finds the key that took another one's place; empty if none has */
    AccountLogin(URL location, KeyPair keyPair, Session session, Function<PublicKey, Optional<KeyPair>> successor) {
        super(location, keyPair, session);
        this.successor = successor;
    }

    /** From now on the account has this key. */
    synchronized void use(KeyPair keyPair) {
        setKeyPair(keyPair);
    }

    /**
     * Whether what the CA has refused is worth a second attempt, since there is another key now.
     *
     * @param used that the refused request was signed with
     */
    synchronized boolean hasOtherKeyThan(KeyPair used, AcmeServerException refusal) {
        if (!isAboutTheKey(refusal)) {
            return false;
        }
        if (getKeyPair().getPublic().equals(used.getPublic())) {
            successor.apply(used.getPublic()).ifPresent(this::setKeyPair);
        }
        return !getKeyPair().getPublic().equals(used.getPublic());
    }

    /** Whether the CA may have refused the key, and not what was asked for. */
    static boolean isAboutTheKey(AcmeServerException refusal) {
        return NOT_OUR_KEY.contains(Hints.name(refusal.getType()));
    }
}
