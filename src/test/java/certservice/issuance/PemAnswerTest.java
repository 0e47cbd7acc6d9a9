package certservice.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.domain.DomainName;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;

class PemAnswerTest {

    private static final KeyPair KEY = KeyType.EC256.generate();
    private static final List<X509Certificate> CHAIN = new TestCa().chain(KEY.getPublic(), "example.com");

    @Test
    void hasTheContractsFieldsInTheirOrder() {
        JsonObject object = only(new IssuedCertificate(DomainName.of("example.com"), KEY.getPrivate(), CHAIN));

        assertThat(object.keySet()).containsExactly("Domain", "Certificate", "PrivateKey", "Chain");
        assertThat(object.getString("Domain")).isEqualTo("example.com");
        assertThat(object.getString("Certificate")).isEqualTo(Pem.certificate(CHAIN.get(0)));
        assertThat(object.getString("PrivateKey")).isEqualTo(Pem.privateKey(KEY.getPrivate()));
        assertThat(object.getString("Chain")).isEqualTo(Pem.chain(CHAIN));
    }

    @Test
    void hasNullForAKeyThatStaysWithTheCaller() {
        JsonObject object = only(new IssuedCertificate(DomainName.of("example.com"), null, CHAIN));

        assertThat(object.keySet()).containsExactly("Domain", "Certificate", "PrivateKey", "Chain");
        assertThat(object.get("PrivateKey")).isEqualTo(JsonValue.NULL);
    }

    private static JsonObject only(IssuedCertificate issued) {
        try (JsonReader reader = Json.createReader(new StringReader(PemAnswer.json(List.of(issued))))) {
            JsonArray all = reader.readArray();
            assertThat(all).hasSize(1);
            return all.getJsonObject(0);
        }
    }
}
