package certservice.issuance;

import java.io.OutputStream;
import java.security.GeneralSecurityException;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCS12PBEParams;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.BufferedBlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.PBEParametersGenerator;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.engines.DESedeEngine;
import org.bouncycastle.crypto.generators.PKCS12ParametersGenerator;
import org.bouncycastle.crypto.io.CipherOutputStream;
import org.bouncycastle.crypto.io.MacOutputStream;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.operator.GenericKey;
import org.bouncycastle.operator.MacCalculator;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.PKCS12MacCalculatorBuilder;

/** How a PFX is protected, named as the field {@code encryption} of a request names it, in upper case. */
public enum Encryption {

    /** AES-256-CBC under PBKDF2 with HMAC-SHA-256 (PBES2, RFC 8018), and an HMAC-SHA-256 over the whole. */
    MODERN(NISTObjectIdentifiers.id_sha256) {
        @Override
        OutputEncryptor encryptor(char[] password, Salts salts, String part) {
            return pbes2(password, salts.derive(part + " salt", SALT_BYTES),
                    salts.derive(part + " iv", AES_BLOCK_BYTES));
        }

        @Override
        ExtendedDigest digest() {
            return new SHA256Digest();
        }
    },

    /** Triple DES and HMAC-SHA-1 (RFC 7292 appendix C): the most that Windows Server 2016 and older can read. */
    COMPATIBLE(OIWObjectIdentifiers.idSHA1) {
        @Override
        OutputEncryptor encryptor(char[] password, Salts salts, String part) {
            return tripleDes(password, salts.derive(part + " salt", SHA1_BYTES));
        }

        @Override
        ExtendedDigest digest() {
            return new SHA1Digest();
        }
    };

    /** As JDK 17 has it. A file takes four derivations (one in {@link Salts}), at this count about 25 ms together. */
    static final int ITERATIONS = 10_000;
    private static final int SALT_BYTES = 16;
    private static final int AES_BLOCK_BYTES = 16;
    private static final int AES_KEY_BITS = 256;
    private static final int SHA1_BYTES = 20;
    private static final int DES_KEY_BITS = 192;
    private static final int DES_BLOCK_BITS = 64;

    private final AlgorithmIdentifier digestAlgorithm;

    Encryption(ASN1ObjectIdentifier digest) {
        this.digestAlgorithm = new AlgorithmIdentifier(digest, DERNull.INSTANCE);
    }

    /**
     * Encrypts one part of the file; every part needs its own.
     *
     * @param part its name, for its own salt
     */
    abstract OutputEncryptor encryptor(char[] password, Salts salts, String part);

    abstract ExtendedDigest digest();

    /**
     * Protects the whole; expects a {@link #terminated} password. The salt is as long as the digest, as in
     * BouncyCastle's own builder, which leaves no choice but a random one.
     */
    PKCS12MacCalculatorBuilder mac(Salts salts) {
        return new PKCS12MacCalculatorBuilder() {
            @Override
            public MacCalculator build(char[] terminated) {
                ExtendedDigest digest = digest();
                byte[] salt = salts.derive("mac salt", digest.getDigestSize());
                HMac mac = new HMac(digest);
                mac.init(pkcs12(digest(), terminated, salt)
                        .generateDerivedMacParameters(digest.getDigestSize() * Byte.SIZE));
                return new Hmac(new AlgorithmIdentifier(digestAlgorithm.getAlgorithm(),
                        new PKCS12PBEParams(salt, ITERATIONS)), mac);
            }

            @Override
            public AlgorithmIdentifier getDigestAlgorithmIdentifier() {
                return digestAlgorithm;
            }
        };
    }

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
    private static OutputEncryptor pbes2(char[] password, byte[] salt, byte[] iv) {
        PBKDF2Params derivation = new PBKDF2Params(salt, ITERATIONS,
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE));
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, new PBES2Parameters(
                new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, derivation),
                new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv))));
        KeyParameter key = new KeyParameter(pbkdf2(password, salt));
        return new Encryptor(algorithm, cbc(AESEngine.newInstance(), new ParametersWithIV(key, iv)));
    }

    /** PBKDF2 with HMAC-SHA-256; 32 bytes, which is one block. */
    static byte[] pbkdf2(char[] password, byte[] salt) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password, salt, ITERATIONS, AES_KEY_BITS))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks PBKDF2", e);
        }
    }

    private static OutputEncryptor tripleDes(char[] password, byte[] salt) {
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(
                PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC, new PKCS12PBEParams(salt, ITERATIONS));
        return new Encryptor(algorithm, cbc(new DESedeEngine(), pkcs12(new SHA1Digest(), terminated(password), salt)
                .generateDerivedParameters(DES_KEY_BITS, DES_BLOCK_BITS)));
    }

    private static BufferedBlockCipher cbc(BlockCipher engine, CipherParameters key) {
        BufferedBlockCipher cipher = new PaddedBufferedBlockCipher(CBCBlockCipher.newInstance(engine));
        cipher.init(true, key);
        return cipher;
    }

    /** The derivation of keys in RFC 7292 appendix B. */
    private static PBEParametersGenerator pkcs12(ExtendedDigest digest, char[] terminated, byte[] salt) {
        PBEParametersGenerator derivation = new PKCS12ParametersGenerator(digest);
        derivation.init(PBEParametersGenerator.PKCS12PasswordToBytes(terminated), salt, ITERATIONS);
        return derivation;
    }

    /** A ready cipher where BouncyCastle wants an encryptor. */
    private record Encryptor(AlgorithmIdentifier algorithm, BufferedBlockCipher cipher) implements OutputEncryptor {

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

    /** A ready HMAC where BouncyCastle wants a calculator. */
    private record Hmac(AlgorithmIdentifier algorithm, HMac mac) implements MacCalculator {

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return algorithm;
        }

        @Override
        public OutputStream getOutputStream() {
            return new MacOutputStream(mac);
        }

        @Override
        public byte[] getMac() {
            byte[] result = new byte[mac.getMacSize()];
            mac.doFinal(result, 0);
            return result;
        }

        /** Nothing asks for it. */
        @Override
        public GenericKey getKey() {
            throw new UnsupportedOperationException("The key stays in the MAC");
        }
    }
}
