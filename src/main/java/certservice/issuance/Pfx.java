package certservice.issuance;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.pkcs.PKCS12PfxPduBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagBuilder;
import org.bouncycastle.pkcs.PKCSException;

/**
 * The answer of /cert: a PKCS#12 file (RFC 7292) with one private key, its certificate and the intermediates. Which
 * programs read it, and why it is written the way it is: docs/adr/0001-pkcs12.md.
 */
final class Pfx {

    static final int MAX_PASSWORD = 128;

    private Pfx() {
    }

    /**
     * Whether every reader can open a file with this password: at most 128 printable ASCII characters, or none.
     * {@link #write} takes others too, but Java refuses to open what it writes.
     */
    static boolean isPortable(String password) {
        return password.length() <= MAX_PASSWORD && password.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /**
     * @param chain        as the CA sent it, the leaf first; all goes into the file but a root
     * @param password     empty for a file without a password
     * @param friendlyName how key and leaf are called where the file is imported
     * @return the file, DER; the same bytes for the same arguments, see {@link Salts}
     */
    static byte[] write(PrivateKey key, List<X509Certificate> chain, char[] password, Encryption encryption,
            String friendlyName) {
        X509Certificate leaf = chain.get(0);
        List<X509Certificate> all = Stream.concat(Stream.of(leaf), Intermediates.of(chain).stream()).toList();
        PrivateKeyInfo pkcs8 = Pkcs8.of(key);
        Salts salts = Salts.of(pkcs8, all, password, encryption, friendlyName);
        DERBMPString name = new DERBMPString(friendlyName);
        DEROctetString pairing = new DEROctetString(fingerprint(leaf));
        try {
            PKCS12SafeBag keyBag = named(
                    new PKCS12SafeBagBuilder(pkcs8, encryption.encryptor(password, salts, "key")), name, pairing);
            List<PKCS12SafeBag> certificates = new ArrayList<>();
            for (X509Certificate each : all) {
                PKCS12SafeBagBuilder bag = certificate(each);
                certificates.add(each == leaf ? named(bag, name, pairing) : bag.build());
            }
            return new PKCS12PfxPduBuilder()
                    .addEncryptedData(encryption.encryptor(password, salts, "certificates"),
                            certificates.toArray(PKCS12SafeBag[]::new))
                    .addData(keyBag)
                    .build(encryption.mac(salts), Encryption.terminated(password))
                    .getEncoded(ASN1Encoding.DER);
        } catch (IOException | CertificateEncodingException | PKCSException e) {
            throw new IllegalStateException("The PFX can't be written", e);
        }
    }

    private static PKCS12SafeBagBuilder certificate(X509Certificate certificate)
            throws IOException, CertificateEncodingException {
        return new PKCS12SafeBagBuilder(new JcaX509CertificateHolder(certificate));
    }

    /** The same {@code localKeyId} on key and leaf is how Windows and others pair them. */
    private static PKCS12SafeBag named(PKCS12SafeBagBuilder bag, DERBMPString name, DEROctetString pairing) {
        return bag
                .addBagAttribute(PKCSObjectIdentifiers.pkcs_9_at_friendlyName, name)
                .addBagAttribute(PKCSObjectIdentifiers.pkcs_9_at_localKeyId, pairing)
                .build();
    }

    /** SHA-1, as OpenSSL has it: an identifier, not a protection. */
    private static byte[] fingerprint(X509Certificate certificate) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded());
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("A certificate that was read can't be written", e);
        }
    }
}
