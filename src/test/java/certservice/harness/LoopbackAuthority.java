package certservice.harness;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A CA made for one test run, with one leaf for {@code localhost}, {@code 127.0.0.1} and {@code ::1}: for the servers
 * that stand between the service and its ACME server. Keys are P-256 and live a day.
 */
public final class LoopbackAuthority {

    private static final Duration LIFETIME = Duration.ofDays(1);
    private static final char[] NO_PASSWORD = new char[0];

    private final X509Certificate authority;
    private final X509Certificate leaf;
    private final PrivateKey leafKey;

    private LoopbackAuthority(X509Certificate authority, X509Certificate leaf, PrivateKey leafKey) {
        this.authority = authority;
        this.leaf = leaf;
        this.leafKey = leafKey;
    }

    /** @param name the common name of the CA, to tell several apart in error messages */
    public static LoopbackAuthority named(String name) {
        try {
            KeyPair authorityKeys = p256();
            KeyPair leafKeys = p256();
            X500Principal issuer = new X500Principal("CN=" + name);
            var authority = builder(issuer, issuer, authorityKeys)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            var leaf = builder(issuer, new X500Principal("CN=localhost"), leafKeys)
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                        new GeneralName(GeneralName.dNSName, "localhost"),
                        new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                        new GeneralName(GeneralName.iPAddress, "::1")}));
            return new LoopbackAuthority(signed(authority, authorityKeys), signed(leaf, authorityKeys),
                    leafKeys.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("No CA could be made", e);
        }
    }

    /** A server's context that presents the leaf. */
    SSLContext serverContext() throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("leaf", leafKey, NO_PASSWORD, new Certificate[] {leaf, authority});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK has no TLS", e);
        }
    }

    /** A client's context that trusts exactly the certificates in a PEM file. */
    public static SSLContext trusting(Path caFile) throws IOException {
        try (var pem = Files.newInputStream(caFile)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate anchor : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("anchor" + store.size(), anchor);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("No trust anchors in " + caFile, e);
        }
    }

    /** Writes the CA certificate as PEM. */
    public Path writeCertificate(Path file) throws IOException {
        return Files.writeString(file, pem("CERTIFICATE", encoded(authority)));
    }

    /** Writes leaf, CA and the leaf's private key as one PEM file, as HAProxy wants it. */
    public Path writeKeyAndChain(Path file) throws IOException {
        return Files.writeString(file, pem("CERTIFICATE", encoded(leaf)) + pem("CERTIFICATE", encoded(authority))
                + pem("PRIVATE KEY", leafKey.getEncoded()));
    }

    /** Joins PEM files to one, such as the trust anchors of Pebble and of a proxy before it. */
    public static Path join(Path target, Path... files) throws IOException {
        List<String> contents = new ArrayList<>();
        for (Path file : files) {
            contents.add(Files.readString(file).strip());
        }
        return Files.writeString(target, String.join("\n", contents) + "\n");
    }

    private static KeyPair p256() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static JcaX509v3CertificateBuilder builder(X500Principal issuer, X500Principal subject, KeyPair keys) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(issuer, BigInteger.valueOf(System.nanoTime()),
                Date.from(now.minus(LIFETIME)), Date.from(now.plus(LIFETIME)), subject, keys.getPublic());
    }

    private static X509Certificate signed(org.bouncycastle.cert.X509v3CertificateBuilder certificate, KeyPair issuer)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter().getCertificate(
                certificate.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] content) {
        StringWriter text = new StringWriter();
        text.append("-----BEGIN ").append(type).append("-----\n");
        text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content));
        text.append("\n-----END ").append(type).append("-----\n");
        return text.toString();
    }
}
