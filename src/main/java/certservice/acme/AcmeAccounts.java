package certservice.acme;

import certservice.domain.Environment;
import certservice.problem.DatabaseGuard;
import certservice.settings.MasterKey;
import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.net.URI;
import java.net.URL;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** The stored ACME accounts: one for each environment and directory, whichever node comes first. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class AcmeAccounts {

    @PersistenceContext
    EntityManager entityManager;

    public Optional<AcmeAccount> find(Environment environment, URI directory) {
        return entityManager.createQuery("select a from AcmeAccount a"
                        + " where a.environment = :environment and a.directoryUrl = :directory", AcmeAccount.class)
                .setParameter("environment", environment)
                .setParameter("directory", directory.toString())
                .getResultStream().findFirst();
    }

    /** Fails with a persistence exception if another node was quicker: then {@link #find} finds that one's. */
    public AcmeAccount create(Environment environment, URI directory, MasterKey masterKey) {
        AcmeAccount account = new AcmeAccount(environment, directory, masterKey);
        entityManager.persist(account);
        entityManager.flush();
        return account;
    }

    /** @param contact that the CA was told */
    public void registered(AcmeAccount account, URL location, Optional<URI> contact) {
        Optional.ofNullable(entityManager.find(AcmeAccount.class, account.id()))
                .ifPresent(stored -> stored.registered(location, contact));
        entityManager.flush();
    }

    /**
     * The CA was told another contact.
     *
     * @param also done in the same transaction
     */
    public void contactChanged(AcmeAccount account, Optional<URI> contact, Runnable also) {
        entityManager.createQuery("update AcmeAccount a set a.contact = :contact where a.id = :id")
                .setParameter("contact", contact.map(URI::toString).orElse("")).setParameter("id", account.id())
                .executeUpdate();
        also.run();
        entityManager.flush();
    }

    /** Keeps a key that the CA is to hear of next, unless there is one already, and returns the account with it. */
    public AcmeAccount prepareKey(AcmeAccount account, MasterKey masterKey) {
        KeyPair next = AcmeAccount.newKeyPair();
        entityManager.createQuery("update AcmeAccount a set a.nextPublicKey = :key, a.nextSealedPrivateKey = :sealed"
                        + " where a.id = :id and a.nextPublicKey is null")
                .setParameter("key", AcmeAccount.text(next.getPublic()))
                .setParameter("sealed", account.seal(next, masterKey)).setParameter("id", account.id())
                .executeUpdate();
        return entityManager.createQuery("select a from AcmeAccount a where a.id = :id", AcmeAccount.class)
                .setParameter("id", account.id()).getSingleResult();
    }

    /**
     * The CA knows the account by the prepared key now. Whoever sees that writes it down; the first one counts.
     *
     * @param also done in the same transaction, also if another was first
     */
    public void keyChanged(AcmeAccount account, PublicKey key, Instant now, Runnable also) {
        entityManager.createQuery("update AcmeAccount a set a.publicKey = a.nextPublicKey,"
                        + " a.sealedPrivateKey = a.nextSealedPrivateKey, a.nextPublicKey = null,"
                        + " a.nextSealedPrivateKey = null, a.keyChanged = :now"
                        + " where a.id = :id and a.nextPublicKey = :key")
                .setParameter("now", now.atOffset(ZoneOffset.UTC)).setParameter("id", account.id())
                .setParameter("key", AcmeAccount.text(key)).executeUpdate();
        also.run();
        entityManager.flush();
    }

    /** The CA does not want this prepared key, and does not know it. */
    public void forgetKey(AcmeAccount account, PublicKey key) {
        entityManager.createQuery("update AcmeAccount a set a.nextPublicKey = null, a.nextSealedPrivateKey = null"
                        + " where a.id = :id and a.nextPublicKey = :key")
                .setParameter("id", account.id()).setParameter("key", AcmeAccount.text(key)).executeUpdate();
    }
}
