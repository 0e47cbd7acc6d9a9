package certservice.acme;

import certservice.TestDatabase;
import certservice.domain.Environment;
import certservice.settings.MasterKey;
import java.net.URI;
import java.net.URL;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The accounts in a database; each call is in a transaction of its own, as the container has it. */
class StoredAccounts extends AcmeAccounts {

    private final TestDatabase database;

    StoredAccounts(TestDatabase database) {
        this.database = database;
    }

    TestDatabase database() {
        return database;
    }

    private <T> T with(Function<AcmeAccounts, T> work) {
        return database.transactionally(entityManager -> {
            AcmeAccounts accounts = new AcmeAccounts();
            accounts.entityManager = entityManager;
            return work.apply(accounts);
        });
    }

    private void does(Consumer<AcmeAccounts> work) {
        with(accounts -> {
            work.accept(accounts);
            return null;
        });
    }

    @Override
    public Optional<AcmeAccount> find(Environment environment, URI directory) {
        return with(accounts -> accounts.find(environment, directory));
    }

    @Override
    public AcmeAccount create(Environment environment, URI directory, MasterKey masterKey) {
        return with(accounts -> accounts.create(environment, directory, masterKey));
    }

    @Override
    public void registered(AcmeAccount account, URL location, Optional<URI> contact) {
        does(accounts -> accounts.registered(account, location, contact));
    }

    @Override
    public void contactChanged(AcmeAccount account, Optional<URI> contact, Runnable also) {
        does(accounts -> accounts.contactChanged(account, contact, also));
    }

    @Override
    public AcmeAccount prepareKey(AcmeAccount account, MasterKey masterKey) {
        return with(accounts -> accounts.prepareKey(account, masterKey));
    }

    @Override
    public void keyChanged(AcmeAccount account, PublicKey key, Instant now, Runnable also) {
        does(accounts -> accounts.keyChanged(account, key, now, also));
    }

    @Override
    public void forgetKey(AcmeAccount account, PublicKey key) {
        does(accounts -> accounts.forgetKey(account, key));
    }
}
