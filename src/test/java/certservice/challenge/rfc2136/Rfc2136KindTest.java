package certservice.challenge.rfc2136;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import certservice.challenge.DnsServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;

class Rfc2136KindTest {

    private static final String SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ=";

    private static JsonObject json(String text) {
        return Json.createReader(new StringReader(text.replace('\'', '"'))).readObject();
    }

    private static JsonObject with(String name, JsonValue value) {
        return Json.createObjectBuilder(json("{'server': 'ns1', 'keyName': 'acme-key', 'keySecret': '" + SECRET + "'}"))
                .add(name, value).build();
    }

    @Test
    void hasDefaults() {
        Rfc2136Settings settings = Rfc2136Settings.of(with("server", Json.createValue("ns1.example.com")));
        assertThat(settings.server()).isEqualTo(new DnsServer("ns1.example.com", 53));
        assertThat(settings.keyName()).isEqualTo(Name.fromConstantString("acme-key."));
        assertThat(settings.zone()).isNull();
        assertThat(settings.nameservers()).isEmpty();
        assertThat(settings.ttl()).isEqualTo(60);
    }

    @Test
    void readsEverySetting() {
        Rfc2136Settings settings = Rfc2136Settings.of(json("{'server': '192.0.2.1:5353', 'keyName': 'k.example.com.',"
                + "'keySecret': '" + SECRET + "', 'keyAlgorithm': 'hmac-sha512', 'zone': 'example.com',"
                + "'nameservers': ['ns1', '[2001:db8::1]:54'], 'ttl': 5}"));
        assertThat(settings.server()).isEqualTo(new DnsServer("192.0.2.1", 5353));
        assertThat(settings.keyName()).isEqualTo(Name.fromConstantString("k.example.com."));
        assertThat(settings.zone()).isEqualTo(Name.fromConstantString("example.com."));
        assertThat(settings.nameservers()).containsExactly(new DnsServer("ns1", 53), new DnsServer("2001:db8::1", 54));
        assertThat(settings.ttl()).isEqualTo(5);
    }

    @Test
    void opensAnEditorWithoutAskingTheServer() {
        Rfc2136Kind kind = new Rfc2136Kind();
        assertThat(kind.type()).isEqualTo("rfc2136");
        assertThat(kind.open(with("nameservers", Json.createArrayBuilder().add("ns9:1").build())).nameservers())
                .containsExactly(new DnsServer("ns9", 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "server       | 'a b'            | a b",
        "server       | 7                | 7",
        "server       | ''               | server",
        "keyName      | 'a..b'           | a..b",
        "keyAlgorithm | 'hmac-md5'       | hmac-sha256, hmac-sha384, hmac-sha512",
        "zone         | null             | null",
        "nameservers  | []               | host:port",
        "nameservers  | 'ns1'            | host:port",
        "nameservers  | [1]              | host:port",
        "nameservers  | ['ns1','ns2:x']  | ns2:x",
        "ttl          | 0                | from 1 to 86400",
        "ttl          | 1.5              | 1.5",
        "ttl          | '60'             | whole number",
        "tll          | 60               | server, keyName, keySecret",
    }, quoteCharacter = '`')
    void rejectsNamingSettingValueAndWhatIsAllowed(String setting, String value, String told) {
        JsonValue json = json("{'v': " + value + "}").get("v");
        assertThatThrownBy(() -> new Rfc2136Kind().open(with(setting, json)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + setting + "'").hasMessageContaining(told)
                .hasMessageNotContaining(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "keyName", "keySecret"})
    void rejectsMissingSetting(String setting) {
        JsonObject settings = Json.createObjectBuilder(with("ttl", Json.createValue(60))).remove(setting).build();
        assertThatThrownBy(() -> new Rfc2136Kind().open(settings))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'" + setting + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'pa$$word!'", "'c2hvcnQ='", "123456789", "['c2hvcnQ=']", "''"})
    void neverQuotesTheSecret(String secret) {
        assertThatThrownBy(() -> new Rfc2136Kind().open(with("keySecret", json("{'v': " + secret + "}").get("v"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'keySecret'").hasMessageContaining("Base64").hasNoCause()
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("$").doesNotContain("c2h")
                        .doesNotContain("12345"));
    }
}
