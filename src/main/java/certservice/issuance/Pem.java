package certservice.issuance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Textual encodings (RFC 7468) as the answer of /pem carries them: no line break after the last block. */
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

    private static String block(String label, byte[] der) {
        return "-----BEGIN " + label + "-----" + LINE_BREAK
                + BASE64.encodeToString(der) + LINE_BREAK
                + "-----END " + label + "-----";
    }
}
