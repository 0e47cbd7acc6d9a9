package certservice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SealingKeyTest {

    private static final String PURPOSE = "certificate-order:7";
    private static final String SECRET = "3f0c9a52-6d1e-4b7f-8a34-5e2d1c0b9a87";
    private static final byte[] CLEAR = "private key".getBytes(StandardCharsets.UTF_8);

    private final SealingKey key = SealingKey.ofSecret("API key", SECRET);
    private final SealingKey other = SealingKey.ofSecret("API key", SECRET.replace('7', '8'));

    @Test
    void isTheSameForWhoeverKnowsTheSecret() {
        assertThat(SealingKey.ofSecret("API key", SECRET).open(PURPOSE, key.seal(PURPOSE, CLEAR))).isEqualTo(CLEAR);
    }

    @Test
    void opensNothingThatWasSealedWithAnotherSecretAndNamesNone() {
        String sealed = key.seal(PURPOSE, CLEAR);
        assertThatIllegalStateException().isThrownBy(() -> other.open(PURPOSE, sealed))
                .withMessage("The database was sealed with another API key, or changed: " + PURPOSE);
    }

    @Test
    void opensNothingThatWasSealedForAnotherPurpose() {
        String sealed = key.seal(PURPOSE, CLEAR);
        assertThatIllegalStateException().isThrownBy(() -> key.open("certificate-order:8", sealed))
                .withMessageNotContaining(SECRET);
    }

    @Test
    void namesNeitherTheSecretNorTheTextWhenThatIsNotSealed() {
        assertThatIllegalStateException().isThrownBy(() -> key.open(PURPOSE, SECRET))
                .withMessage("not a sealed text: " + PURPOSE);
        assertThat(key.toString()).doesNotContain(SECRET);
    }

    @Test
    void tagsEqualTextsEqually() {
        String tag = key.tag(PURPOSE, CLEAR);
        assertThat(tag).matches("[0-9a-f]{64}").isEqualTo(SealingKey.ofSecret("API key", SECRET).tag(PURPOSE, CLEAR));
        assertThat(key.tag(PURPOSE, "Private key".getBytes(StandardCharsets.UTF_8))).isNotEqualTo(tag);
    }

    /** Who has the database, but not the secret, can't try texts out. */
    @Test
    void tagsTheSameTextOtherwiseWithAnotherSecretOrForAnotherPurpose() {
        String tag = key.tag(PURPOSE, CLEAR);
        assertThat(other.tag(PURPOSE, CLEAR)).isNotEqualTo(tag);
        assertThat(key.tag("certificate-order:8", CLEAR)).isNotEqualTo(tag);
    }
}
