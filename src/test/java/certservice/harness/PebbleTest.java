package certservice.harness;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PebbleTest {

    @TempDir
    private Path directory;

    @Test
    void configurationHasTheThreeProfilesOfLetsEncrypt() {
        JsonObject profiles = config(Pebble.Options.forHttpPort(8080)).getJsonObject("profiles");

        assertThat(profiles.keySet()).containsExactlyInAnyOrder("classic", "tlsserver", "shortlived");
        assertThat(profiles.getJsonObject("classic").getBoolean("promoteCommonName")).isTrue();
        assertThat(profiles.getJsonObject("tlsserver").getBoolean("promoteCommonName")).isFalse();
        assertThat(profiles.getJsonObject("shortlived").getInt("validityPeriod")).isEqualTo(518_400);
    }

    @Test
    void validationsGoToTheServiceAndListenersAreOnLoopback() {
        Pebble pebble = pebble(Pebble.Options.forHttpPort(8080));
        JsonObject config = pebble.config().getJsonObject("pebble");

        assertThat(config.getInt("httpPort")).isEqualTo(8080);
        assertThat(config.getString("listenAddress")).isEqualTo(pebble.directoryUri().getAuthority());
        assertThat(config.getString("managementListenAddress")).isEqualTo(pebble.rootUri().getAuthority())
                .startsWith("127.0.0.1:");
    }

    @Test
    void bindingIsRequiredOnceThereIsAnExternalAccount() {
        Pebble.Options options = Pebble.Options.forHttpPort(8080);

        assertThat(config(options).getBoolean("externalAccountBindingRequired")).isFalse();
        JsonObject bound = config(options.requiringExternalAccount("kid-1", "c2VjcmV0"));
        assertThat(bound.getBoolean("externalAccountBindingRequired")).isTrue();
        assertThat(bound.getJsonObject("externalAccountMACKeys").getString("kid-1")).isEqualTo("c2VjcmV0");
    }

    @Test
    void optionsAddUp() {
        Pebble.Options options = Pebble.Options.forHttpPort(8080).dnsServer("127.0.0.1:53").rejectingNonces(40)
                .reusingAuthorizations(100).alternateRoots(2).blocking("blocked.example.com").caaIdentities("ca.test");

        assertThat(options.environment()).containsEntry("PEBBLE_VA_NOSLEEP", "1")
                .containsEntry("PEBBLE_WFE_NONCEREJECT", "40").containsEntry("PEBBLE_AUTHZREUSE", "100");
        assertThat(options.alternateRoots()).isEqualTo(2);
        assertThat(options.dnsServer()).isEqualTo("127.0.0.1:53");
        assertThat(config(options).getJsonArray("domainBlocklist").getValuesAs(JsonString::getString))
                .containsExactly("blocked.example.com");
        assertThat(config(options).getJsonArray("caaIdentities").getValuesAs(JsonString::getString))
                .containsExactly("ca.test");
    }

    private JsonObject config(Pebble.Options options) {
        return pebble(options).config().getJsonObject("pebble");
    }

    private Pebble pebble(Pebble.Options options) {
        return new Pebble(null, options, directory, new LocalCa(directory));
    }
}
