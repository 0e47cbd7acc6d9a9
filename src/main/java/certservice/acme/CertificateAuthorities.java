package certservice.acme;

import certservice.challenge.Solvers;
import certservice.domain.Environment;
import certservice.problem.Failure;
import certservice.problem.Problem;
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
import java.util.Objects;
import java.util.stream.Stream;
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

    /**
     * Whether a failure says nothing about the order: the CA could not be reached, or had troubles of its own. What it
     * was asked last may have been done or not.
     */
    public static boolean isWithoutVerdict(Failure failure) {
        return failure.problems().stream().map(Problem::type).anyMatch(AcmeFailures.PASSING::contains)
                || Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
                        .anyMatch(UnavailableException.class::isInstance);
    }

    public CertificateAuthority of(Environment environment) {
        return authorities.get(environment);
    }
}
