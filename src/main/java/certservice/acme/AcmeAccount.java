package certservice.acme;

import certservice.domain.Environment;
import certservice.settings.MasterKey;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The account at one CA (RFC 8555 section 7.1.2) that all customers share. Its key pair is in the database before the
 * CA hears of it, so that it can't be lost; the private key is sealed.
 */
@Entity
@Table(name = "acme_account")
public class AcmeAccount {

    @Id
    private String id;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private Environment environment;

    @Column(name = "directory_url", nullable = false)
    private String directoryUrl;

    @Column(name = "account_url")
    private String accountUrl;

    @Column(name = "public_key", nullable = false)
    private String publicKey;

    @Column(name = "sealed_private_key", nullable = false)
    private String sealedPrivateKey;

    @Version
    private long version;

    protected AcmeAccount() {
        // for JPA
    }

    /** An account with a new P-256 key pair, not registered yet. */
    AcmeAccount(Environment environment, URI directory, MasterKey masterKey) {
        this.id = UUID.randomUUID().toString();
        this.environment = environment;
        this.directoryUrl = directory.toString();
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            this.publicKey = Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
            this.sealedPrivateKey = masterKey.seal(purpose(), pair.getPrivate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no P-256", e);
        }
    }

    /** The CA knows the key pair as this account now. */
    void registered(URL location) {
        accountUrl = location.toString();
    }

    String id() {
        return id;
    }

    /** The account's URL at the CA; empty before it is registered. */
    Optional<URL> location() {
        return Optional.ofNullable(accountUrl).map(AcmeAccount::url);
    }

    KeyPair keyPair(MasterKey masterKey) {
        try {
            KeyFactory keys = KeyFactory.getInstance("EC");
            return new KeyPair(
                    keys.generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey))),
                    keys.generatePrivate(new PKCS8EncodedKeySpec(masterKey.open(purpose(), sealedPrivateKey))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The stored key of ACME account " + id + " is damaged", e);
        }
    }

    private static URL url(String text) {
        try {
            return URI.create(text).toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("The stored URL of an ACME account is damaged", e);
        }
    }

    private String purpose() {
        return "acme-account:" + id;
    }
}
