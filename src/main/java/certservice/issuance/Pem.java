package certservice.issuance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Textual encodings (RFC 7468): of single values, as in the fields of /pem's answer, without a line break after the
 * last block, and of all in one file.
 */
final class Pem {

    private static final String LINE_BREAK = "\n";
    private static final Base64.Encoder BASE64 =
            Base64.getMimeEncoder(64, LINE_BREAK.getBytes(StandardCharsets.US_ASCII));

    private Pem() {
    }

    static String certificate(X509Certificate certificate) {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("A certificate that was read can't be written", e);
        }
    }

    /** The key as PKCS#8, not encrypted. */
    static String privateKey(PrivateKey key) {
        try {
            return block("PRIVATE KEY", Pkcs8.of(key).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("The private key can't be encoded");
        }
    }

    /**
     * The intermediates of a chain: neither the leaf nor a root.
     *
     * @param chain as the CA sent it, the leaf first
     */
    static String chain(List<X509Certificate> chain) {
        return Intermediates.of(chain).stream().map(Pem::certificate).collect(Collectors.joining(LINE_BREAK));
    }

    /**
     * One file for servers that want all in one: of each certificate the private key (unless it stays with the caller),
     * the leaf, and the intermediates. Every line ends with a line feed, the last one too.
     */
    static String file(List<IssuedCertificate> issued) {
        StringBuilder file = new StringBuilder();
        for (IssuedCertificate each : issued) {
            if (each.privateKey() != null) {
                file.append(privateKey(each.privateKey())).append(LINE_BREAK);
            }
            file.append(certificate(each.chain().get(0))).append(LINE_BREAK);
            for (X509Certificate intermediate : Intermediates.of(each.chain())) {
                file.append(certificate(intermediate)).append(LINE_BREAK);
            }
        }
        return file.toString();
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----" + LINE_BREAK
                + BASE64.encodeToString(der) + LINE_BREAK
                + "-----END " + label + "-----";
    }
}
