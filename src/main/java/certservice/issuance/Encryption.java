package certservice.issuance;

import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.CipherOutputStream;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.DESedeEngine;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.operator.GenericKey;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.PKCS12MacCalculatorBuilder;
import org.bouncycastle.pkcs.bc.BcPKCS12MacCalculatorBuilder;
import org.bouncycastle.pkcs.bc.BcPKCS12PBEOutputEncryptorBuilder;

/** How a PFX is protected, named as the field {@code encryption} of a request names it, in upper case. */
public enum Encryption {

    /** AES-256-CBC under PBKDF2 with HMAC-SHA-256 (PBES2, RFC 8018), and an HMAC-SHA-256 over the whole. */
    MODERN {
        @Override
        OutputEncryptor encryptor(char[] password) {
            return pbes2(password);
        }

        @Override
        PKCS12MacCalculatorBuilder mac() {
            return new BcPKCS12MacCalculatorBuilder(new SHA256Digest(),
                    new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256, DERNull.INSTANCE))
                    .setIterationCount(ITERATIONS);
        }
    },

    /** Triple DES and HMAC-SHA-1 (RFC 7292 appendix C): the most that Windows Server 2016 and older can read. */
    COMPATIBLE {
        @Override
        OutputEncryptor encryptor(char[] password) {
            return new BcPKCS12PBEOutputEncryptorBuilder(PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC,
                    CBCBlockCipher.newInstance(new DESedeEngine()))
                    .setIterationCount(ITERATIONS)
                    .build(terminated(password));
        }

        @Override
        PKCS12MacCalculatorBuilder mac() {
            return new BcPKCS12MacCalculatorBuilder(new SHA1Digest(),
                    new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1, DERNull.INSTANCE))
                    .setIterationCount(ITERATIONS);
        }
    };

    /** As JDK 17 has it. A file takes three derivations, at this count about 20 ms together. */
    private static final int ITERATIONS = 10_000;
    private static final int SALT_BYTES = 16;
    private static final int AES_BLOCK_BYTES = 16;
    private static final int AES_KEY_BITS = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Encrypts one part of the file; every part needs its own. */
    abstract OutputEncryptor encryptor(char[] password);

    /** Protects the whole; expects a {@link #terminated} password. */
    abstract PKCS12MacCalculatorBuilder mac();

    /**
     * The password for BouncyCastle's PKCS#12 key derivation, which takes an empty password as no bytes at all. RFC
     * 7292 appendix B.1 wants its two terminating zero bytes to count, as OpenSSL, Java and Windows have it. A NUL
     * character yields that: the derivation repeats the password to fill a block, with zeros either way.
     */
    static char[] terminated(char[] password) {
        return password.length == 0 ? new char[] {'\0'} : password;
    }

    /**
     * BouncyCastle's own PBES2 builder refuses an empty password; the JDK's derivation doesn't, and encodes others as
     * UTF-8 (RFC 8018 section 3). The parameters have the form that OpenSSL 3 writes: no key length, PRF named.
     */
    private static OutputEncryptor pbes2(char[] password) {
        byte[] salt = random(SALT_BYTES);
        byte[] iv = random(AES_BLOCK_BYTES);
        PBKDF2Params derivation = new PBKDF2Params(salt, ITERATIONS,
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE));
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, new PBES2Parameters(
                new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, derivation),
                new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv))));
        return new JdkEncryptor(algorithm, aes(password, salt, iv));
    }

    private static Cipher aes(char[] password, byte[] salt, byte[] iv) {
        try {
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password, salt, ITERATIONS, AES_KEY_BITS))
                    .getEncoded();
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks PBKDF2 or AES-256", e);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** A cipher of the JDK where BouncyCastle wants an encryptor. */
    private record JdkEncryptor(AlgorithmIdentifier algorithm, Cipher cipher) implements OutputEncryptor {

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return algorithm;
        }

        @Override
        public OutputStream getOutputStream(OutputStream encrypted) {
            return new CipherOutputStream(encrypted, cipher);
        }

        /** Only wrapped keys need it (RFC 5652), which a PFX has not. */
        @Override
        public GenericKey getKey() {
            throw new UnsupportedOperationException("The key stays in the cipher");
        }
    }
}
