package certservice.issuance;

import certservice.domain.DomainName;
import certservice.problem.Quoted;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.pkcs.CertificationRequestInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * A certification request (PKCS#10, RFC 2986) that a caller made, with a private key that stays with the caller.
 * Whatever the CA would refuse is found here, before a name is proven for nothing: a bad key, a bad signature, names
 * that it would read otherwise than we do. Attributes and extensions other than the names may be there; CAs ignore
 * them.
 */
final class CallerCsr {

    /** Of the text; one for 100 names of 100 characters fits. */
    static final int MAX_TEXT = 16 * 1024;

    private static final Pattern BLOCK = Pattern.compile("\\s*-----BEGIN (?<label>(NEW )?CERTIFICATE REQUEST)-----"
            + "(?<base64>[A-Za-z0-9+/=\\s]*)-----END \\k<label>-----\\s*");
    private static final String BEGIN = "-----BEGIN ";

    /** SHA-2 with RSA (PKCS#1 1.5) or ECDSA. */
    private static final Set<ASN1ObjectIdentifier> SIGNATURES = Set.of(
            PKCSObjectIdentifiers.sha256WithRSAEncryption, PKCSObjectIdentifiers.sha384WithRSAEncryption,
            PKCSObjectIdentifiers.sha512WithRSAEncryption, X9ObjectIdentifiers.ecdsa_with_SHA256,
            X9ObjectIdentifiers.ecdsa_with_SHA384, X9ObjectIdentifiers.ecdsa_with_SHA512);

    private final byte[] der;
    private final List<DomainName> names;
    private final KeyType keyType;

    private CallerCsr(byte[] der, List<DomainName> names, KeyType keyType) {
        this.der = der;
        this.names = names;
        this.keyType = keyType;
    }

    /**
     * Reads and checks one.
     *
     * @param pem       one PEM block, and white space at most around it
     * @param requested the names that it may hold
     * @throws IllegalArgumentException if it can't be used. Its message is for the caller, and goes on where
     *         "Field 'csr'" begins the sentence
     */
    static CallerCsr of(String pem, List<DomainName> requested) {
        byte[] der = der(pem);
        ASN1Sequence sequence = sequence(der);
        CertificationRequest request = parsed(() -> CertificationRequest.getInstance(sequence));
        CertificationRequestInfo info = request.getCertificationRequestInfo();
        CallerKey key = CallerKey.of(info.getSubjectPublicKeyInfo());
        checkSignature(request, parsed(() -> encoded(sequence.getObjectAt(0))), key);
        Set<DomainName> held = names(info);
        for (DomainName name : held) {
            if (!requested.contains(name)) {
                throw new IllegalArgumentException("is for '" + name
                        + "', which is not among the names in 'domains'; all of its names must be");
            }
        }
        return new CallerCsr(der, requested.stream().filter(held::contains).toList(), key.type());
    }

    private static byte[] der(String pem) {
        if (pem.length() > MAX_TEXT) {
            throw new IllegalArgumentException("is larger than 16 KiB");
        }
        if (pem.indexOf(BEGIN) != pem.lastIndexOf(BEGIN)) {
            throw new IllegalArgumentException("is more than one PEM block; it must be one");
        }
        Matcher block = BLOCK.matcher(pem);
        if (!block.matches()) {
            throw new IllegalArgumentException("is not in PEM; it must be one block"
                    + " '-----BEGIN CERTIFICATE REQUEST-----' to '-----END CERTIFICATE REQUEST-----'"
                    + " with Base64 in between, and nothing else");
        }
        try {
            return Base64.getDecoder().decode(block.group("base64").replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not in PEM: what its block holds is not Base64");
        }
    }

    /** In definite and shortest lengths: the CA's parser takes no others. It does take a SET that is not sorted. */
    private static ASN1Sequence sequence(byte[] der) {
        return parsed(() -> {
            ASN1Sequence sequence = ASN1Sequence.getInstance(der);
            if (!Arrays.equals(encoded(sequence), der)) {
                throw new IllegalStateException("not DER");
            }
            return sequence;
        });
    }

    private static byte[] encoded(ASN1Encodable part) {
        try {
            return part.toASN1Primitive().getEncoded(ASN1Encoding.DL);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** BouncyCastle parses lazily, and throws whatever it stumbles over. */
    private static <T> T parsed(Supplier<T> part) {
        try {
            return part.get();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("is not a PKCS#10 certification request in DER");
        }
    }

    /**
     * Proof that the caller has the private key (RFC 2986 section 3). BouncyCastle's own check sorts the attributes
     * first, and then refuses what was signed in another order.
     */
    private static void checkSignature(CertificationRequest request, byte[] signed, CallerKey key) {
        AlgorithmIdentifier algorithm = request.getSignatureAlgorithm();
        if (!SIGNATURES.contains(algorithm.getAlgorithm())) {
            throw new IllegalArgumentException("must be signed with RSA (PKCS#1) or ECDSA, and SHA-256, SHA-384 or"
                    + " SHA-512");
        }
        byte[] signature = parsed(() -> request.getSignature().getOctets());
        if (!key.verifies(algorithm, signed, signature)) {
            throw new IllegalArgumentException("is not signed with the private key that belongs to its public key");
        }
    }

    /**
     * The names as the CA reads them: the alternative names, and the common name if there is one, which the CA takes
     * for a DNS name. (RFC 8555 section 7.4: the request must have exactly the order's names, in either place.)
     */
    private static Set<DomainName> names(CertificationRequestInfo request) {
        List<GeneralNames> alternative = parsed(() -> alternativeNames(request));
        List<String> common = parsed(() -> commonNames(request));
        if (alternative.size() > 1 || common.size() > 1) {
            throw new IllegalArgumentException("has more than one "
                    + (common.size() > 1 ? "common name" : "subjectAltName extension"));
        }
        Set<DomainName> names = new LinkedHashSet<>();
        alternative.stream().flatMap(all -> Arrays.stream(all.getNames()))
                .forEach(name -> names.add(alternativeName(name)));
        common.forEach(name -> names.add(commonName(name)));
        if (names.isEmpty()) {
            throw new IllegalArgumentException("holds no name; it must hold at least one, as subjectAltName");
        }
        return names;
    }

    private static List<GeneralNames> alternativeNames(CertificationRequestInfo request) {
        List<GeneralNames> all = new ArrayList<>();
        if (request.getAttributes() == null) {
            return all;
        }
        for (ASN1Encodable each : request.getAttributes()) {
            Attribute attribute = Attribute.getInstance(each);
            if (attribute.getAttrType().equals(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
                attribute.getAttrValues().forEach(extensions -> addAlternativeNames(extensions, all));
            }
        }
        return all;
    }

    private static void addAlternativeNames(ASN1Encodable extensions, List<GeneralNames> all) {
        for (ASN1Encodable each : ASN1Sequence.getInstance(extensions)) {
            Extension extension = Extension.getInstance(each);
            if (extension.getExtnId().equals(Extension.subjectAlternativeName)) {
                all.add(GeneralNames.getInstance(extension.getParsedValue()));
            }
        }
    }

    private static List<String> commonNames(CertificationRequestInfo request) {
        return Arrays.stream(request.getSubject().getRDNs())
                .flatMap(each -> Arrays.stream(each.getTypesAndValues()))
                .filter(each -> each.getType().equals(BCStyle.CN))
                .map(each -> ((ASN1String) each.getValue()).getString())
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static DomainName alternativeName(GeneralName name) {
        if (name.getTagNo() != GeneralName.dNSName) {
            throw new IllegalArgumentException("holds a subjectAltName that is not a DNS name");
        }
        return name(name.getName().toString(), "subjectAltName");
    }

    private static DomainName commonName(String text) {
        return name(text, "common name");
    }

    /** The CA does not normalize, but for upper case: what it would read otherwise than we do is refused. */
    private static DomainName name(String text, String place) {
        DomainName name;
        try {
            name = DomainName.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("holds a wrong " + place + ": " + e.getMessage());
        }
        if (!name.toString().equals(text.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("holds a wrong " + place + ": " + Quoted.of(text)
                    + " must be written as '" + name + "'");
        }
        return name;
    }

    /** What goes to the CA. */
    byte[] der() {
        return der.clone();
    }

    /** What the certificate will be for, in the order in which the names were requested. */
    List<DomainName> names() {
        return names;
    }

    KeyType keyType() {
        return keyType;
    }

    /** SHA-256 of the DER, in hexadecimal. */
    String fingerprint() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java runtime lacks SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "CallerCsr[" + names + ", " + keyType + "]";
    }
}
