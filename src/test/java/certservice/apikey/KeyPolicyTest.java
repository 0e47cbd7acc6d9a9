package certservice.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import certservice.apikey.Refusal.Reason;
import certservice.domain.Environment;
import certservice.domain.Profile;
import certservice.settings.Network;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPolicyTest {

    private static final KeyPolicy NARROW = new KeyPolicy(List.of(Network.parse("192.0.2.0/24")),
            Set.of(Environment.STAGING), Set.of(Profile.TLSSERVER, Profile.SHORTLIVED), Optional.of(1));

    @ParameterizedTest
    @EnumSource
    void restrictsNothingUnlessTold(Environment environment) {
        assertThat(KeyPolicy.NONE.refusalFrom("unknown")).isEmpty();
        for (Profile profile : Profile.values()) {
            assertThat(KeyPolicy.NONE.refusalOf(environment, profile)).isEmpty();
        }
    }

    @Test
    void namesWhatIsRefusedAndWhatIsAllowed() {
        assertThat(NARROW.refusalOf(Environment.STAGING, Profile.TLSSERVER)).isEmpty();
        assertThat(NARROW.refusalOf(Environment.PRODUCTION, Profile.TLSSERVER))
                .contains(new Refusal(Reason.ENVIRONMENT, "production is not among [staging]"));
        assertThat(NARROW.refusalOf(Environment.STAGING, Profile.CLASSIC))
                .contains(new Refusal(Reason.PROFILE, "classic is not among [shortlived, tlsserver]"));
        assertThat(NARROW.refusalFrom("192.0.2.9")).isEmpty();
        assertThat(NARROW.refusalFrom("::ffff:192.0.2.9")).isEmpty();
        assertThat(NARROW.refusalFrom("203.0.113.1"))
                .contains(new Refusal(Reason.NETWORK, "'203.0.113.1' is in none of [192.0.2.0/24]"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1_000_001})
    void refusesANumberOutOfRange(int requests) {
        assertThatIllegalArgumentException().isThrownBy(() ->
                new KeyPolicy(List.of(), Set.of(), Set.of(), Optional.of(requests)));
    }

    /** As the column of the database has room. */
    @Test
    void refusesMoreNetworksThanFitIntoTheDatabase() {
        List<Network> networks = IntStream.range(0, 101).mapToObj(i -> Network.parse("2001:db8::" + i)).toList();
        assertThat(new KeyPolicy(networks.subList(0, 100), Set.of(), Set.of(), Optional.empty()).networks())
                .hasSize(100);
        assertThatIllegalArgumentException().isThrownBy(() ->
                new KeyPolicy(networks, Set.of(), Set.of(), Optional.empty()));
    }

    @Test
    void namesEnvironmentsAsPeopleDo() {
        assertThat(KeyPolicy.environmentNamed("staging")).contains(Environment.STAGING);
        assertThat(KeyPolicy.environmentNamed("production")).contains(Environment.PRODUCTION);
        assertThat(KeyPolicy.environmentNamed("STAGING")).isEmpty();
    }
}
