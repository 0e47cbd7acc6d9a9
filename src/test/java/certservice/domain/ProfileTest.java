package certservice.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest {

    @ParameterizedTest
    @CsvSource({"classic, CLASSIC, 100", "tlsserver, TLSSERVER, 25", "shortlived, SHORTLIVED, 25"})
    void isFoundByItsNameAndLimitsNames(String name, Profile profile, int maxNames) {
        assertThat(Profile.named(name)).contains(profile);
        assertThat(profile).hasToString(name);
        assertThat(profile.maxNames()).isEqualTo(maxNames);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Classic", "CLASSIC", "classic ", "tlsclient"})
    void isNotFoundByAnotherName(String name) {
        assertThat(Profile.named(name)).isEmpty();
    }

    @Test
    void stagingIsTheStagingEnvironment() {
        assertThat(Environment.of(true)).isEqualTo(Environment.STAGING);
        assertThat(Environment.of(false)).isEqualTo(Environment.PRODUCTION);
    }
}
