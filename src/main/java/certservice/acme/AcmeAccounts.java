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

    public void registered(AcmeAccount account, URL location) {
        Optional.ofNullable(entityManager.find(AcmeAccount.class, account.id()))
                .ifPresent(stored -> stored.registered(location));
        entityManager.flush();
    }
}
