package certservice.admin;

import certservice.acme.AcmeAccount;
import certservice.acme.CertificateAuthorities;
import certservice.acme.OurAccount;
import certservice.audit.Action;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import certservice.domain.Environment;
import certservice.order.RateLimits;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import certservice.settings.Settings;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What administrators see of the ACME accounts, and do about them; failures as in {@link ApiKeyAdministration}, and 502
 * with what the CA said if the CA refuses. It asks the CA, so no transaction spans a call.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class AccountAdministration {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    CertificateAuthorities authorities;

    @Inject
    RateLimits limits;

    @Inject
    Settings settings;

    @Inject
    AuditTrail audit;

    /** Production first. The CA is not asked. */
    public List<AccountDetails> list() {
        return Stream.of(Environment.PRODUCTION, Environment.STAGING).map(this::details).toList();
    }

    /** @param environment {@code staging} or {@code production} */
    public AccountDetails get(String environment) {
        return details(required(environment));
    }

    /** There are no others. */
    private static Environment required(String environment) {
        if (!environment.equals("staging") && !environment.equals("production")) {
            throw Failure.notFound("There is no environment " + Quoted.of(environment)
                    + "; there are staging and production");
        }
        return Environments.named(environment);
    }

    /**
     * Tells the CA another contact (RFC 8555 section 7.3.2).
     *
     * @param contact an e-mail address, or {@code null}: none
     */
    public AccountDetails changeContact(String environment, String contact, Administrator by) {
        Environment of = required(environment);
        Optional<URI> wanted = Optional.ofNullable(contact).filter(text -> !text.isBlank()).map(text -> {
            try {
                return Settings.contact(text.strip());
            } catch (IllegalArgumentException e) {
                throw Failure.badRequest("contact is " + Quoted.of(text)
                        + "; allowed is an e-mail address, such as pki@example.com");
            }
        });
        AskedCa.outcome(() -> authorities.of(of).account().changeContact(wanted, Instant.now().plus(PATIENCE),
                () -> audit.record(by.did(AuditEvent.of(Action.ACCOUNT_CONTACT_CHANGED)
                        .because(environment + ": " + wanted.map(URI::getSchemeSpecificPart).orElse("none"))))));
        return details(of);
    }

    /** Gives the account another key (RFC 8555 section 7.3.5), at which a crash at any moment loses nothing. */
    public AccountDetails rollOverKey(String environment, Administrator by) {
        Environment of = required(environment);
        AskedCa.outcome(() -> authorities.of(of).account().rollOverKey(Instant.now().plus(PATIENCE),
                () -> audit.record(by.did(AuditEvent.of(Action.ACCOUNT_KEY_CHANGED).because(environment)))));
        return details(of);
    }

    private AccountDetails details(Environment environment) {
        OurAccount account = authorities.of(environment).account();
        Optional<AcmeAccount> stored = account.stored();
        Instant now = Instant.now();
        return new AccountDetails(Environments.nameOf(environment), account.directory().toString(),
                stored.flatMap(AcmeAccount::location).map(Object::toString).orElse(null),
                stored.map(found -> found.contact(settings.acmeContact())).orElse(settings.acmeContact())
                        .map(URI::getSchemeSpecificPart).orElse(null),
                settings.acmeTermsAgreed(), account.terms().map(URI::toString).orElse(null),
                stored.flatMap(AcmeAccount::keyChanged).orElse(null),
                limits.usage(environment, now).stream().map(usage -> new AccountDetails.LimitUse(usage.limit(),
                        usage.subject(), usage.used(), usage.allowed(),
                        usage.nextFree().isAfter(now) ? usage.nextFree() : null)).toList());
    }
}
