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
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
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

    /** As {@link #publicKey} and {@link #sealedPrivateKey}, of the key that the account shall get instead. */
    @Column(name = "next_public_key")
    private String nextPublicKey;

    @Column(name = "next_sealed_private_key")
    private String nextSealedPrivateKey;

    @Column(name = "key_changed")
    private OffsetDateTime keyChanged;

    /** Empty: none. {@code null} in accounts that were made before this was kept. */
    private String contact;

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
        KeyPair pair = newKeyPair();
        this.publicKey = text(pair.getPublic());
        this.sealedPrivateKey = seal(pair, masterKey);
        this.keyChanged = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    }

    static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no P-256", e);
        }
    }

    /** As the columns keep it. */
    static String text(PublicKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    /** The private key as the columns of this account keep it. */
    String seal(KeyPair pair, MasterKey masterKey) {
        return masterKey.seal(purpose(), pair.getPrivate().getEncoded());
    }

    /** The CA knows the key pair as this account now. */
    void registered(URL location, Optional<URI> given) {
        accountUrl = location.toString();
        contact = given.map(URI::toString).orElse("");
    }

    String id() {
        return id;
    }

    /** The account's URL at the CA; empty before it is registered. */
    public Optional<URL> location() {
        return Optional.ofNullable(accountUrl).map(AcmeAccount::url);
    }

    /**
     * The contact that the CA was told last.
     *
     * @param configured of the settings, for an account of which that is not kept
     * @return a {@code mailto:} URI, or empty: none
     */
    public Optional<URI> contact(Optional<URI> configured) {
        return contact == null ? configured
                : Optional.of(contact).filter(text -> !text.isEmpty()).map(URI::create);
    }

    /** When its key was made, or another one took its place; empty if that was not kept. */
    public Optional<Instant> keyChanged() {
        return Optional.ofNullable(keyChanged).map(OffsetDateTime::toInstant);
    }

    KeyPair keyPair(MasterKey masterKey) {
        return keyPair(publicKey, sealedPrivateKey, masterKey);
    }

    /** The key pair that it shall get, or has at the CA already: who was to write that down died. */
    Optional<KeyPair> nextKeyPair(MasterKey masterKey) {
        return Optional.ofNullable(nextPublicKey).map(key -> keyPair(key, nextSealedPrivateKey, masterKey));
    }

    private KeyPair keyPair(String open, String sealed, MasterKey masterKey) {
        try {
            KeyFactory keys = KeyFactory.getInstance("EC");
            return new KeyPair(
                    keys.generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(open))),
                    keys.generatePrivate(new PKCS8EncodedKeySpec(masterKey.open(purpose(), sealed))));
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
