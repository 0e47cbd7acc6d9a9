package certservice.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

class BindTest {

    @TempDir
    private static Path directory;
    private static Bind bind;

    @BeforeAll
    static void startBind() {
        assumeTrue(Bind.available(), "BIND is not installed");
        bind = new Bind(directory,
                Bind.Zone.allLocal("example.com").and("_acme-challenge.www CNAME www.acme.test."),
                new Bind.Zone("acme.test", "www TXT delegated"),
                Bind.Zone.failing("broken.test")).start();
    }

    @AfterAll
    static void stopBind() {
        if (bind != null) {
            bind.close();
        }
    }

    @Test
    void everyNameOfALocalZoneIsOnLoopback() {
        assertThat(bind.lookUp("example.com", "A")).containsExactly("127.0.0.1");
        assertThat(bind.lookUp("a.b.example.com", "A")).containsExactly("127.0.0.1");
    }

    @Test
    void followsAliasesIntoAnotherZone() {
        assertThat(bind.lookUp("_acme-challenge.www.example.com", "TXT")).containsExactly("delegated");
    }

    @Test
    void knowsNothingOfTheRestOfTheWorld() {
        assertThat(bind.lookUp("example.invalid", "A")).isEmpty();
    }

    @Test
    void testsChangeAnyRecord() {
        bind.set("example.com", "changed.example.com", "CAA", "0 issue \"another-ca.test\"");
        assertThat(bind.lookUp("changed.example.com", "CAA")).containsExactly("0 issue \"another-ca.test\"");

        bind.set("example.com", "changed.example.com", "CAA");
        assertThat(bind.lookUp("changed.example.com", "CAA")).isEmpty();
    }

    @Test
    void changeOfAForeignNameIsRefused() {
        assertThatThrownBy(() -> bind.set("example.com", "www.acme.test", "A", "127.0.0.1"))
                .hasMessageContaining("NOTZONE");
    }

    @Test
    void serviceKeyChangesTextAndNothingElse() throws Exception {
        assertThat(updateWithServiceKey("_acme-challenge.x.example.com.", Type.TXT, "proof")).isEqualTo(Rcode.NOERROR);
        assertThat(bind.lookUp("_acme-challenge.x.example.com", "TXT")).containsExactly("proof");
        assertThat(updateWithServiceKey("x.example.com.", Type.A, "127.0.0.2")).isEqualTo(Rcode.REFUSED);
    }

    private static int updateWithServiceKey(String name, int type, String data) throws Exception {
        Update update = new Update(Name.fromString("example.com."));
        update.add(Name.fromString(name), type, 1, data);
        SimpleResolver resolver = new SimpleResolver(InetAddress.getLoopbackAddress());
        resolver.setPort(bind.port());
        resolver.setTSIGKey(new TSIG(TSIG.HMAC_SHA256, Name.fromString(bind.keyName() + "."),
                Base64.getDecoder().decode(bind.keySecret())));
        return resolver.send(update).getRcode();
    }
}
