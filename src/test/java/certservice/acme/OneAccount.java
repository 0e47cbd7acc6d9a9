package certservice.acme;

import certservice.domain.Environment;
import certservice.settings.MasterKey;
import java.net.URI;
import java.net.URL;
import java.util.Optional;

/** The accounts of a database that has room for one. */
final class OneAccount extends AcmeAccounts {

    private AcmeAccount account;

    @Override
    public Optional<AcmeAccount> find(Environment environment, URI directory) {
        return Optional.ofNullable(account);
    }

    @Override
    public AcmeAccount create(Environment environment, URI directory, MasterKey masterKey) {
        account = new AcmeAccount(environment, directory, masterKey);
        return account;
    }

    @Override
    public void registered(AcmeAccount registered, URL location, Optional<URI> contact) {
        account.registered(location, contact);
    }
}
