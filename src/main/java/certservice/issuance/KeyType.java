package certservice.issuance;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** The kinds of key a certificate can have, named as the field {@code keyType} of a request names them. */
public enum KeyType {

    RSA2048(2048),
    RSA3072(3072),
    RSA4096(4096),
    EC256("secp256r1"),
    EC384("secp384r1");

    /** What a request that names no type gets: every client and server in use understands it. */
    public static final KeyType DEFAULT = RSA2048;

    private final String algorithm;
    private final AlgorithmParameterSpec parameters;

    KeyType(int bits) {
        this.algorithm = "RSA";
        this.parameters = new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4);
    }

    KeyType(String curve) {
        this.algorithm = "EC";
        this.parameters = new ECGenParameterSpec(curve);
    }

    /** A new key pair, made on the calling thread: under 1 ms for EC, from 70 ms (2048) to seconds (4096) for RSA. */
    public KeyPair generate() {
        return generate(new SecureRandom());
    }

    KeyPair generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters, random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime can't make " + this + " keys", e);
        }
    }

    /** The private key that {@link PrivateKey#getEncoded} has written as PKCS#8. */
    PrivateKey read(byte[] pkcs8) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A stored private key can't be read");
        }
    }

    /** Whether making one takes so long that it is worth making it ahead. */
    boolean isSlow() {
        return algorithm.equals("RSA");
    }
}
