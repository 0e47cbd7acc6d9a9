package certservice.acme;

import certservice.challenge.Solvers;
import certservice.domain.Environment;
import certservice.settings.MasterKey;
import certservice.settings.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** The CAs that this service can order from: one for each environment. */
@ApplicationScoped
public class CertificateAuthorities {

    @Inject
    Settings settings;

    @Inject
    MasterKey masterKey;

    @Inject
    AcmeAccounts accounts;

    @Inject
    Solvers solvers;

    @Resource
    ManagedThreadFactory threads;

    private final Map<Environment, CertificateAuthority> authorities = new EnumMap<>(Environment.class);

    @PostConstruct
    void open() {
        SSLContext trust = TrustAnchors.sslContext(settings.acmeCaFile());
        for (Environment environment : Environment.values()) {
            authorities.put(environment, new CertificateAuthority(environment, settings, trust, masterKey, accounts,
                    solvers, threads, Clock.systemUTC()));
        }
    }

    @PreDestroy
    void close() {
        authorities.values().forEach(CertificateAuthority::close);
    }

    public CertificateAuthority of(Environment environment) {
        return authorities.get(environment);
    }
}
