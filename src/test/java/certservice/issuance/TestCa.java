package certservice.issuance;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A CA with a root and two intermediates, one below the other. */
final class TestCa {

    private static final X500Name ROOT = new X500Name("CN=Test Root");
    private static final X500Name UPPER = new X500Name("CN=Test Upper");
    private static final X500Name LOWER = new X500Name("CN=Test Lower");

    private final AtomicLong serial = new AtomicLong(System.nanoTime());
    private final KeyPair lowerKey = KeyType.EC256.generate();
    private final X509Certificate root;
    private final X509Certificate upper;
    private final X509Certificate lower;

    TestCa() {
        KeyPair rootKey = KeyType.EC384.generate();
        KeyPair upperKey = KeyType.EC384.generate();
        root = certificate(ROOT, rootKey.getPublic(), ROOT, rootKey, null);
        upper = certificate(UPPER, upperKey.getPublic(), ROOT, rootKey, null);
        lower = certificate(LOWER, lowerKey.getPublic(), UPPER, upperKey, null);
    }

    X509Certificate root() {
        return root;
    }

    /** A new leaf for this key and name, then the lower and the upper intermediate; no root. */
    List<X509Certificate> chain(PublicKey key, String name) {
        return List.of(certificate(new X500Name("CN=" + name), key, LOWER, lowerKey, name), lower, upper);
    }

    private X509Certificate certificate(X500Name subject, PublicKey key, X500Name issuer, KeyPair issuerKey,
            String dnsName) {
        Instant now = Instant.now();
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(issuer,
                    BigInteger.valueOf(serial.incrementAndGet()), Date.from(now.minus(Duration.ofHours(1))),
                    Date.from(now.plus(Duration.ofDays(9))), subject, key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(dnsName == null));
            if (dnsName != null) {
                builder.addExtension(Extension.subjectAlternativeName, false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName)));
            }
            return new JcaX509CertificateConverter().getCertificate(
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate())));
        } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
