package certservice.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import certservice.TestDatabase;
import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class DnsProviderStoreTest {

    private static final String SECRET = "dHNpZyBzZWNyZXQgb2YgY29ycC1kbnM=";
    private static final MasterKey MASTER_KEY = MasterKeys.of(1);

    @Parameter
    TestDatabase database;

    @BeforeEach
    void clear() {
        database.clear();
    }

    @Test
    void givesBackTheSettingsThatWereStored() {
        save("corp", "rfc2136", settings("ns1"));
        DnsProvider provider = find("corp");
        assertThat(provider.type()).isEqualTo("rfc2136");
        assertThat(provider.settings(MASTER_KEY)).isEqualTo(settings("ns1"));
    }

    @Test
    void changesTheProviderOfThatNameAndItsVersion() {
        save("corp", "rfc2136", settings("ns1"));
        long before = find("corp").version();
        save("corp", "other", settings("ns2"));
        assertThat(find("corp").type()).isEqualTo("other");
        assertThat(find("corp").settings(MASTER_KEY)).isEqualTo(settings("ns2"));
        assertThat(find("corp").version()).isGreaterThan(before);
    }

    @Test
    void showsNoSecretInAnyColumn() {
        save("corp", "rfc2136", settings("ns1"));
        assertThat(database.everythingIn("dns_provider")).contains("corp", "rfc2136")
                .noneMatch(value -> value.contains(SECRET) || value.contains("keySecret"));
    }

    @Test
    void opensNothingForAnotherMasterKey() {
        save("corp", "rfc2136", settings("ns1"));
        assertThatIllegalStateException().isThrownBy(() -> find("corp").settings(MasterKeys.of(2)));
    }

    /** Who may write to the database, but has no master key, can't point one provider's secret at another server. */
    @Test
    void opensNothingThatWasMovedFromAnotherProvider() {
        save("corp", "rfc2136", settings("ns1"));
        save("evil", "rfc2136", settings("ns.evil.example"));
        database.inTransaction(entityManager -> entityManager.createNativeQuery("update dns_provider set"
                + " sealed_settings = (select sealed_settings from dns_provider where name = 'evil')"
                + " where name = 'corp'").executeUpdate());
        assertThatIllegalStateException().isThrownBy(() -> find("corp").settings(MASTER_KEY));
    }

    @Test
    void storesLargeSettings() {
        JsonObject large = Json.createObjectBuilder().add("credentials", "x".repeat(70_000)).build();
        save("n".repeat(100), "t".repeat(50), large);
        assertThat(find("n".repeat(100)).settings(MASTER_KEY)).isEqualTo(large);
    }

    private static JsonObject settings(String server) {
        return Json.createObjectBuilder().add("server", server).add("keySecret", SECRET).build();
    }

    private void save(String name, String type, JsonObject settings) {
        with(store -> {
            store.save(name, type, settings, MASTER_KEY);
            return null;
        });
    }

    private DnsProvider find(String name) {
        return with(store -> store.find(name)).orElseThrow();
    }

    private <T> T with(Function<DnsProviderStore, T> work) {
        return database.transactionally(entityManager -> {
            DnsProviderStore store = new DnsProviderStore();
            store.entityManager = entityManager;
            return work.apply(store);
        });
    }
}
