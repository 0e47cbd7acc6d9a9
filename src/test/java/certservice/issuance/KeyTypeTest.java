package certservice.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTypeTest {

    @ParameterizedTest
    @CsvSource({"RSA2048, 2048", "RSA3072, 3072", "RSA4096, 4096"})
    void makesRsaKeysOfTheNamedLength(KeyType type, int bits) {
        KeyPair key = type.generate();

        assertThat(((RSAPublicKey) key.getPublic()).getModulus().bitLength()).isEqualTo(bits);
        assertThat(((RSAPublicKey) key.getPublic()).getPublicExponent()).isEqualTo(65_537);
    }

    @ParameterizedTest
    @CsvSource({"EC256, secp256r1", "EC384, secp384r1"})
    void makesEcKeysOnTheNamedCurve(KeyType type, String curve) {
        KeyPair key = type.generate();

        assertThat(((ECPublicKey) key.getPublic()).getParams().toString()).contains(curve);
    }

    @Test
    void isRsa2048UnlessNamed() {
        assertThat(KeyType.DEFAULT).isSameAs(KeyType.RSA2048);
    }
}
