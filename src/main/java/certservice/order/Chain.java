package certservice.order;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Certificates as a column keeps them: Base64 of DER, separated by commas. */
final class Chain {

    private Chain() {
    }

    static String write(List<X509Certificate> certificates) {
        return certificates.stream().map(Chain::base64).collect(Collectors.joining(","));
    }

    private static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("The CA's certificate can't be encoded", e);
        }
    }

    static List<X509Certificate> read(String column) {
        if (column == null) {
            return List.of();
        }
        List<X509Certificate> all = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (String each : column.split(",")) {
                all.add((X509Certificate) factory.generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(each))));
            }
            return all;
        } catch (CertificateException e) {
            throw new IllegalStateException("A certificate in the database can't be read", e);
        }
    }

    /** As OpenSSL prints it: upper-case hexadecimal digits, two for each byte. */
    static String serial(X509Certificate certificate) {
        byte[] bytes = certificate.getSerialNumber().toByteArray();
        int from = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
        return HexFormat.of().withUpperCase().formatHex(bytes, from, bytes.length);
    }
}
