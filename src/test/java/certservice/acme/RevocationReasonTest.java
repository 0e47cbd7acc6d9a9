package certservice.acme;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationReasonTest {

    @ParameterizedTest
    @CsvSource({"keyCompromise,1", "affiliationChanged,3", "superseded,4", "cessationOfOperation,5"})
    void hasTheNameAndTheCodeOfRfc5280(String name, int code) {
        RevocationReason reason = RevocationReason.named(name).orElseThrow();
        assertThat(reason).hasToString(name);
        assertThat(reason.forAcme4j().getReasonCode()).isEqualTo(code);
    }

    @Test
    void unspecifiedIsSaidByNoCode() {
        assertThat(RevocationReason.named("unspecified").orElseThrow().forAcme4j()).isNull();
    }

    /** Those that only a CA may give, and other spellings. */
    @ParameterizedTest
    @ValueSource(strings = {"cACompromise", "certificateHold", "removeFromCRL", "privilegeWithdrawn", "aACompromise",
            "KEY_COMPROMISE", "keycompromise", "1", ""})
    void knowsNoOthers(String name) {
        assertThat(RevocationReason.named(name)).isEmpty();
    }
}
