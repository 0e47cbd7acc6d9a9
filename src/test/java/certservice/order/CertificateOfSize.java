package certservice.order;

import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import java.util.Set;

/** A certificate of which only the length counts: so many zeros, and as many as its serial number. */
final class CertificateOfSize extends X509Certificate {

    private static final long serialVersionUID = 1L;
    private final int bytes;

    CertificateOfSize(int bytes) {
        this.bytes = bytes;
    }

    @Override
    public byte[] getEncoded() {
        return new byte[bytes];
    }

    @Override
    public String toString() {
        return bytes + " bytes";
    }

    private static UnsupportedOperationException nobodyAsks() {
        return new UnsupportedOperationException("only the encoded form, serial number and end are there");
    }

    @Override
    public void checkValidity() {
        throw nobodyAsks();
    }

    @Override
    public void checkValidity(Date date) {
        throw nobodyAsks();
    }

    @Override
    public int getVersion() {
        throw nobodyAsks();
    }

    @Override
    public BigInteger getSerialNumber() {
        return BigInteger.valueOf(bytes);
    }

    @Override
    @SuppressWarnings("deprecation")
    public Principal getIssuerDN() {
        throw nobodyAsks();
    }

    @Override
    @SuppressWarnings("deprecation")
    public Principal getSubjectDN() {
        throw nobodyAsks();
    }

    @Override
    public Date getNotBefore() {
        throw nobodyAsks();
    }

    @Override
    public Date getNotAfter() {
        return Date.from(OrdersOfTests.NOW.plus(Duration.ofDays(90)));
    }

    @Override
    public byte[] getTBSCertificate() {
        throw nobodyAsks();
    }

    @Override
    public byte[] getSignature() {
        throw nobodyAsks();
    }

    @Override
    public String getSigAlgName() {
        throw nobodyAsks();
    }

    @Override
    public String getSigAlgOID() {
        throw nobodyAsks();
    }

    @Override
    public byte[] getSigAlgParams() {
        throw nobodyAsks();
    }

    @Override
    public boolean[] getIssuerUniqueID() {
        throw nobodyAsks();
    }

    @Override
    public boolean[] getSubjectUniqueID() {
        throw nobodyAsks();
    }

    @Override
    public boolean[] getKeyUsage() {
        throw nobodyAsks();
    }

    @Override
    public int getBasicConstraints() {
        throw nobodyAsks();
    }

    @Override
    public void verify(PublicKey key) {
        throw nobodyAsks();
    }

    @Override
    public void verify(PublicKey key, String provider) {
        throw nobodyAsks();
    }

    @Override
    public PublicKey getPublicKey() {
        throw nobodyAsks();
    }

    @Override
    public boolean hasUnsupportedCriticalExtension() {
        throw nobodyAsks();
    }

    @Override
    public Set<String> getCriticalExtensionOIDs() {
        throw nobodyAsks();
    }

    @Override
    public Set<String> getNonCriticalExtensionOIDs() {
        throw nobodyAsks();
    }

    @Override
    public byte[] getExtensionValue(String oid) {
        throw nobodyAsks();
    }
}
