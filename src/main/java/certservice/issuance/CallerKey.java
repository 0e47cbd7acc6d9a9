package certservice.issuance;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcContentVerifierProviderBuilder;
import org.bouncycastle.operator.bc.BcECContentVerifierProviderBuilder;
import org.bouncycastle.operator.bc.BcRSAContentVerifierProviderBuilder;

/**
 * The public key of a caller's certification request: of a kind that we make too, and not known to be weak. Let's
 * Encrypt takes RSA keys of three lengths, with the exponent 65,537, and the curves P-256 and P-384;
 * Baseline Requirements section 6.1.1.3 demands the checks for weak keys.
 *
 * @see <a href="https://community.letsencrypt.org/t/issuing-for-common-rsa-key-sizes-only/133839">Issuing for common
 *      RSA key sizes only</a>
 */
record CallerKey(KeyType type, AsymmetricKeyParameter publicKey) {

    private static final BigInteger F4 = BigInteger.valueOf(65_537);

    /** Close primes fall in the first rounds of Fermat's method; the Baseline Requirements ask for 100. */
    private static final int FERMAT_ROUNDS = 100;

    /** What every modulus of an Infineon chip was built on, whatever its length (ROCA, CVE-2017-15361). */
    private static final List<Integer> ROCA_PRIMES = List.of(3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53,
            59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167);

    /** @throws IllegalArgumentException as {@link CallerCsr#of} */
    static CallerKey of(SubjectPublicKeyInfo info) {
        KeyType type = type(info);
        try {
            return new CallerKey(type, PublicKeyFactory.createKey(info));
        } catch (IOException | RuntimeException e) {
            // BouncyCastle finds small factors and primes among moduli, and points that are not on their curve
            throw weak(type, "it is not a valid public key");
        }
    }

    private static KeyType type(SubjectPublicKeyInfo info) {
        AlgorithmIdentifier algorithm = info.getAlgorithm();
        ASN1ObjectIdentifier kind = algorithm.getAlgorithm();
        if (kind.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return rsa(info);
        }
        if (!kind.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            throw refused("another kind of key");
        }
        if (X9ObjectIdentifiers.prime256v1.equals(algorithm.getParameters())) {
            return KeyType.EC256;
        }
        if (SECObjectIdentifiers.secp384r1.equals(algorithm.getParameters())) {
            return KeyType.EC384;
        }
        throw refused("an EC key on another curve");
    }

    private static KeyType rsa(SubjectPublicKeyInfo info) {
        RSAPublicKey key;
        try {
            key = RSAPublicKey.getInstance(info.parsePublicKey());
        } catch (IOException | RuntimeException e) {
            throw refused("an RSA key that can't be read");
        }
        BigInteger modulus = key.getModulus();
        KeyType type = switch (modulus.bitLength()) {
            case 2048 -> KeyType.RSA2048;
            case 3072 -> KeyType.RSA3072;
            case 4096 -> KeyType.RSA4096;
            default -> throw refused("an RSA key of " + modulus.bitLength() + " bits");
        };
        if (!key.getPublicExponent().equals(F4)) {
            throw refused("an RSA key with another exponent than 65537");
        }
        if (isFromWeakChip(modulus)) {
            throw weak(type, "the chip that made it has the fault ROCA, CVE-2017-15361");
        }
        if (hasClosePrimes(modulus)) {
            throw weak(type, "its two primes are too close to each other");
        }
        return type;
    }

    private static IllegalArgumentException refused(String found) {
        return new IllegalArgumentException("is for " + found + "; it must be for one of "
                + Arrays.stream(KeyType.values()).map(KeyType::name).collect(Collectors.joining(", ")));
    }

    private static IllegalArgumentException weak(KeyType type, String reason) {
        return new IllegalArgumentException("is for a weak " + type + " key: " + reason + "; make a new key");
    }

    /** Both primes, and so their product, are a power of 65,537 for each of those small primes. */
    private static boolean isFromWeakChip(BigInteger modulus) {
        return ROCA_PRIMES.stream().allMatch(prime ->
                isPowerOfF4(modulus.mod(BigInteger.valueOf(prime)).intValue(), prime));
    }

    private static boolean isPowerOfF4(int rest, int prime) {
        int power = 1;
        do {
            if (power == rest) {
                return true;
            }
            power = power * (F4.intValue() % prime) % prime;
        } while (power != 1);
        return false;
    }

    /** Fermat's method: whether some square, not far above the modulus, is another square above it. */
    private static boolean hasClosePrimes(BigInteger modulus) {
        BigInteger root = modulus.sqrt().add(BigInteger.ONE);
        for (int round = 0; round < FERMAT_ROUNDS; round++) {
            BigInteger[] rest = root.multiply(root).subtract(modulus).sqrtAndRemainder();
            if (rest[1].signum() == 0) {
                return true;
            }
            root = root.add(BigInteger.ONE);
        }
        return false;
    }

    /** Whether this is the key's signature, by that algorithm, of these bytes. */
    boolean verifies(AlgorithmIdentifier algorithm, byte[] signed, byte[] signature) {
        DefaultDigestAlgorithmIdentifierFinder digests = new DefaultDigestAlgorithmIdentifierFinder();
        BcContentVerifierProviderBuilder builder = type.isSlow()
                ? new BcRSAContentVerifierProviderBuilder(digests) : new BcECContentVerifierProviderBuilder(digests);
        try {
            ContentVerifier verifier = builder.build(publicKey).get(algorithm);
            try (OutputStream out = verifier.getOutputStream()) {
                out.write(signed);
            }
            return verifier.verify(signature);
        } catch (IOException | OperatorCreationException | RuntimeException e) {
            // an algorithm for another kind of key, a signature that is none
            return false;
        }
    }
}
