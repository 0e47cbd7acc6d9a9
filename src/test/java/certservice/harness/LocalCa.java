package certservice.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The CA of the ACME servers' own listeners (not of what they issue), with one server certificate for
 * {@code localhost} and {@code 127.0.0.1}. Its PEM file is what {@code certservice.acme.ca-file} names.
 */
public final class LocalCa {

    private static final Duration VALIDITY = Duration.ofDays(30);
    private static final String ALIAS = "server";

    private final KeyStore server;
    private final KeyStore trusted;
    private final Path caFile;
    private final Path certificateFile;
    private final Path keyFile;

    /** Makes keys and certificates, and writes them as PEM files into the directory. */
    public LocalCa(Path directory) {
        caFile = directory.resolve("listener-ca.pem");
        certificateFile = directory.resolve("listener.pem");
        keyFile = directory.resolve("listener-key.pem");
        try {
            KeyPair caKey = keyPair();
            X509Certificate ca = issue("Test listener CA", caKey, null, caKey);
            KeyPair serverKey = keyPair();
            X509Certificate certificate = issue("localhost", serverKey, ca, caKey);
            Files.writeString(caFile, pem("CERTIFICATE", ca.getEncoded()));
            Files.writeString(certificateFile, pem("CERTIFICATE", certificate.getEncoded()));
            Files.writeString(keyFile, pem("PRIVATE KEY", serverKey.getPrivate().getEncoded()));
            trusted = emptyKeyStore();
            trusted.setCertificateEntry("ca", ca);
            server = emptyKeyStore();
            server.setKeyEntry(ALIAS, serverKey.getPrivate(), new char[0], new X509Certificate[] {certificate, ca});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The CA's certificate, PEM. */
    public Path caFile() {
        return caFile;
    }

    /** The server certificate, PEM. */
    public Path certificateFile() {
        return certificateFile;
    }

    /** The server certificate's private key, PEM. */
    public Path keyFile() {
        return keyFile;
    }

    /** For a server of our own with this certificate, and for clients that trust this CA and no other. */
    public SSLContext sslContext() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(server, new char[0]);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate issue(String name, KeyPair key, X509Certificate issuer, KeyPair issuerKey)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        X500Principal subject = new X500Principal("CN=" + name);
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                issuer == null ? subject : issuer.getSubjectX500Principal(), new BigInteger(100, new SecureRandom()),
                Date.from(now.minus(Duration.ofHours(1))), Date.from(now.plus(VALIDITY)), subject, key.getPublic());
        if (issuer == null) {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        } else {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1")}));
        }
        return new JcaX509CertificateConverter().getCertificate(
                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate())));
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static KeyStore emptyKeyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** PEM with lines of 64 columns (RFC 7468). */
    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }
}
