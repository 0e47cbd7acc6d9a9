package certservice.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import certservice.TestDatabase;
import certservice.domain.Environment;
import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import jakarta.persistence.PersistenceException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class AcmeAccountsTest {

    private static final URI DIRECTORY = URI.create("https://ca.example/directory");
    private static final MasterKey MASTER_KEY = MasterKeys.of(1);

    @Parameter
    TestDatabase database;

    @BeforeEach
    void clear() {
        database.clear();
    }

    @Test
    void keepsTheKeyPairOfAnAccount() throws Exception {
        KeyPair made = create(Environment.STAGING, DIRECTORY).keyPair(MASTER_KEY);
        KeyPair stored = find(Environment.STAGING, DIRECTORY).keyPair(MASTER_KEY);
        assertThat(stored.getPublic()).isEqualTo(made.getPublic());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(stored.getPrivate());
        byte[] signed = signature.sign();
        signature.initVerify(made.getPublic());
        assertThat(signature.verify(signed)).isTrue();
    }

    @Test
    void hasNoLocationBeforeItIsRegistered() throws MalformedURLException {
        AcmeAccount account = create(Environment.STAGING, DIRECTORY);
        assertThat(find(Environment.STAGING, DIRECTORY).location()).isEmpty();
        URL location = URI.create("https://ca.example/account/1").toURL();
        with(accounts -> {
            accounts.registered(account, location, Optional.empty());
            return null;
        });
        assertThat(find(Environment.STAGING, DIRECTORY).location()).contains(location);
    }

    @Test
    void isOneForEachEnvironmentAndDirectory() {
        create(Environment.STAGING, DIRECTORY);
        create(Environment.PRODUCTION, DIRECTORY);
        create(Environment.STAGING, URI.create("https://other.example/directory"));
        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> create(Environment.STAGING, DIRECTORY));
        Optional<AcmeAccount> unknown = with(accounts ->
                accounts.find(Environment.PRODUCTION, URI.create("https://other.example/directory")));
        assertThat(unknown).isEmpty();
    }

    @Test
    void showsNoPrivateKeyInAnyColumn() {
        KeyPair pair = create(Environment.STAGING, DIRECTORY).keyPair(MASTER_KEY);
        byte[] pkcs8 = pair.getPrivate().getEncoded();
        String endOfKey = Base64.getEncoder().encodeToString(pkcs8).substring(40);
        assertThat(database.everythingIn("acme_account")).noneMatch(value -> value.contains(endOfKey));
    }

    @Test
    void opensNoKeyForAnotherMasterKey() {
        create(Environment.STAGING, DIRECTORY);
        AcmeAccount account = find(Environment.STAGING, DIRECTORY);
        assertThatIllegalStateException().isThrownBy(() -> account.keyPair(MasterKeys.of(2)));
    }

    @Test
    void storesTheLongestUrls() throws MalformedURLException {
        URI directory = URI.create("https://ca.example/" + "d".repeat(981));
        AcmeAccount account = create(Environment.PRODUCTION, directory);
        URL location = URI.create("https://ca.example/" + "a".repeat(981)).toURL();
        with(accounts -> {
            accounts.registered(account, location, Optional.empty());
            return null;
        });
        assertThat(find(Environment.PRODUCTION, directory).location()).contains(location);
    }

    private AcmeAccount create(Environment environment, URI directory) {
        return with(accounts -> accounts.create(environment, directory, MASTER_KEY));
    }

    private AcmeAccount find(Environment environment, URI directory) {
        return with(accounts -> accounts.find(environment, directory)).orElseThrow();
    }

    private <T> T with(Function<AcmeAccounts, T> work) {
        return database.transactionally(entityManager -> {
            AcmeAccounts accounts = new AcmeAccounts();
            accounts.entityManager = entityManager;
            return work.apply(accounts);
        });
    }
}
