package certservice.issuance;

import java.io.IOException;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;

/** A private key as it leaves the house: PKCS#8 (RFC 5208). */
final class Pkcs8 {

    private Pkcs8() {
    }

    /**
     * The key's PKCS#8 form. The JDK leaves the optional public key out of an EC key (RFC 5915 section 3), and GnuTLS
     * can't read such a key, so it is added.
     */
    static PrivateKeyInfo of(PrivateKey key) {
        if (!(key instanceof ECKey)) {
            return PrivateKeyInfo.getInstance(key.getEncoded());
        }
        try {
            return PrivateKeyInfoFactory.createPrivateKeyInfo(PrivateKeyFactory.createKey(key.getEncoded()));
        } catch (IOException e) {
            throw new IllegalStateException("The private key can't be encoded");
        }
    }
}
