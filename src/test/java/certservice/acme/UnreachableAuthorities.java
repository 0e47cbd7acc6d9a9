package certservice.acme;

import certservice.TestDatabase;
import certservice.challenge.Solvers;
import certservice.domain.Environment;
import certservice.settings.MasterKeys;
import certservice.settings.Settings;
import java.net.URI;
import java.net.URL;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** CAs that nobody can ask; what is stored of our accounts there is in a database. */
public final class UnreachableAuthorities extends CertificateAuthorities {

    private final StoredAccounts accounts;
    private final Settings settings;

    public UnreachableAuthorities(TestDatabase database, Settings settings) {
        this.accounts = new StoredAccounts(database);
        this.settings = settings;
    }

    @Override
    public CertificateAuthority of(Environment environment) {
        try {
            return new CertificateAuthority(environment, settings, SSLContext.getDefault(), MasterKeys.of(1), accounts,
                    new Solvers(), Executors.defaultThreadFactory(), Clock.systemUTC());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An account that the CA knows under this URL, with the contact of the settings. */
    public void register(Environment environment, URL location) {
        URI directory = of(environment).account().directory();
        accounts.registered(accounts.create(environment, directory, MasterKeys.of(1)), location,
                settings.acmeContact());
    }

    /** As the CA's agreement to another contact leaves it. */
    public void changeContact(Environment environment, Optional<URI> contact) {
        AcmeAccount account = of(environment).account().stored().orElseThrow();
        accounts.contactChanged(account, contact, () -> { });
    }
}
