package certservice;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.harness.CertserviceClient.Response;
import certservice.harness.PfxReaders.Contents;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * One certificate as a caller got it.
 *
 * @param chain all certificates, the leaf first
 */
record Delivered(PrivateKey key, List<X509Certificate> chain) {

    /**
     * Out of a PFX with one entry.
     *
     * @throws IOException if it can't be opened with this password
     */
    static Delivered ofPfx(byte[] pfx, String password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(pfx), password.toCharArray());
        List<String> aliases = Collections.list(store.aliases());
        assertThat(aliases).as("entries of the PFX").hasSize(1);
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : store.getCertificateChain(aliases.get(0))) {
            chain.add((X509Certificate) certificate);
        }
        return new Delivered((PrivateKey) store.getKey(aliases.get(0), password.toCharArray()), chain);
    }

    /** Out of a good answer of /cert, without a password. */
    static Delivered ofCert(Response response) throws GeneralSecurityException, IOException {
        assertThat(response.status()).as("status of %s", response).isEqualTo(200);
        return ofPfx(response.body(), "");
    }

    /** Out of a good answer of /pem, in its order. */
    static List<Delivered> ofPem(Response response) throws GeneralSecurityException {
        assertThat(response.status()).as("status of %s", response).isEqualTo(200);
        List<Delivered> all = new ArrayList<>();
        for (JsonObject item : response.json().asJsonArray().getValuesAs(JsonObject.class)) {
            all.add(ofPem(item));
        }
        return all;
    }

    private static Delivered ofPem(JsonObject item) throws GeneralSecurityException {
        List<X509Certificate> chain = new ArrayList<>(certificates(item.getString("Certificate")));
        assertThat(chain).as("the leaf alone").hasSize(1);
        chain.addAll(certificates(item.getString("Chain")));
        String base64 = item.getString("PrivateKey").replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "");
        KeyFactory keys = KeyFactory.getInstance(chain.get(0).getPublicKey().getAlgorithm());
        return new Delivered(keys.generatePrivate(new PKCS8EncodedKeySpec(
                Base64.getMimeDecoder().decode(base64))), chain);
    }

    private static List<X509Certificate> certificates(String pem) throws CertificateException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))).stream()
                .map(X509Certificate.class::cast).toList();
    }

    X509Certificate leaf() {
        return chain.get(0);
    }

    /** The leaf's serial number as the log and {@code /api/v1/certificates} have it. */
    String serial() {
        byte[] serial = leaf().getSerialNumber().toByteArray();
        return HexFormat.of().withUpperCase().formatHex(serial, serial[0] == 0 ? 1 : 0, serial.length);
    }

    List<X509Certificate> intermediates() {
        return chain.subList(1, chain.size());
    }

    /** The subject alternative names, in the certificate's order. */
    List<String> names() throws CertificateException {
        return leaf().getSubjectAlternativeNames().stream().map(name -> name.get(1).toString()).toList();
    }

    /** Whether the key signs what the leaf verifies. */
    boolean keyBelongsToLeaf() {
        return new Contents(key, chain, "").keyBelongsTo(leaf());
    }

    /**
     * Whether the certificates, in their order, lead to this root (RFC 5280 section 6), which is not among them.
     */
    boolean leadsTo(X509Certificate root) throws CertificateException, NoSuchAlgorithmException,
            InvalidAlgorithmParameterException {
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        try {
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return chain.stream().noneMatch(certificate -> Arrays.equals(certificate.getPublicKey().getEncoded(),
                    root.getPublicKey().getEncoded()));
        } catch (CertPathValidatorException no) {
            return false;
        }
    }

    /** The key stays out of failure messages. */
    @Override
    public String toString() {
        return "Delivered" + chain.stream().map(X509Certificate::getSubjectX500Principal).toList();
    }
}
