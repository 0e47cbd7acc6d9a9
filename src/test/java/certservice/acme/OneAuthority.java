package certservice.acme;

import certservice.domain.Environment;
import certservice.harness.LocalCa;
import certservice.settings.MasterKeys;
import certservice.settings.Settings;
import certservice.settings.SettingsOfTests;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executors;

/** The CA of a test outside this room, with one account, and the server that the CA asks. */
public final class OneAuthority extends CertificateAuthorities implements AutoCloseable {

    private final Port80 port80;
    private final CertificateAuthority authority;

    /** @param httpPort where the CA looks for http-01 proofs */
    public OneAuthority(URI directory, int httpPort, LocalCa listener) throws IOException {
        Settings settings = SettingsOfTests.of(Map.of("certservice.acme.production", directory.toString(),
                "certservice.acme.staging", directory.toString(), "certservice.acme.terms-agreed", "true"));
        port80 = new Port80(httpPort);
        authority = new CertificateAuthority(Environment.STAGING, settings, listener.sslContext(), MasterKeys.of(1),
                new OneAccount(), port80, Executors.defaultThreadFactory(), Clock.systemUTC());
    }

    @Override
    public CertificateAuthority of(Environment environment) {
        return authority;
    }

    /** Whether the CA sees the proofs of this name. */
    public void visible(String name, boolean visible) {
        if (visible) {
            port80.show(name);
        } else {
            port80.hide(name);
        }
    }

    @Override
    public void close() {
        authority.close();
        port80.close();
    }
}
