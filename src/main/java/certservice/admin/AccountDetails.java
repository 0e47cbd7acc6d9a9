package certservice.admin;

import java.time.Instant;
import java.util.List;

/**
 * An ACME account as administrators see it: of an environment's CA as it is configured now.
 *
 * @param environment  {@code staging} or {@code production}
 * @param directory    the CA's directory URL
 * @param url          the account's, or {@code null}: there is none yet
 * @param contact      as the settings or an administrator gave it, or {@code null}
 * @param termsAgreed  whether the settings agree to the CA's terms of service
 * @param terms        where they are, or {@code null} if the CA was not asked yet or has none
 * @param keyChanged   when the account's key was made or rolled over last, or {@code null}
 * @param limits       how much of the CA's limits is used; only what is used at all
 */
public record AccountDetails(String environment, String directory, String url, String contact, boolean termsAgreed,
                             String terms, Instant keyChanged, List<LimitUse> limits) {

    /**
     * @param kind    such as {@code certificatesPerRegisteredDomain}
     * @param subject what is counted for, such as {@code example.com}
     * @param used    how many count now
     * @param limit   how many may
     * @param freeAt  when one more is free, if all are used; else {@code null}
     */
    public record LimitUse(String kind, String subject, long used, long limit, Instant freeAt) {
    }
}
