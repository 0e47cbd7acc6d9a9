package certservice.admin;

import certservice.problem.Problem;
import java.time.Instant;
import java.util.List;

/**
 * A request for certificates as administrators see it: a batch of one order for {@code /cert}, of one order for each
 * name for {@code /pem}.
 *
 * @param keyLabel    who asked for it
 * @param endpoint    {@code cert} or {@code pem}
 * @param environment {@code staging} or {@code production}
 * @param status      {@code pending}, {@code ready}, {@code processing}, {@code valid} or {@code invalid}, as callers
 *                    see it
 * @param names       how far each is
 * @param finished    or {@code null}: it is still worked on
 * @param delivered   when its caller got it, or {@code null}
 * @param retriable   whether {@link OrderAdministration#retry} can do something
 * @param cancellable whether {@link OrderAdministration#cancel} can do something
 */
public record OrderDetails(String id, String requestId, String keyLabel, String endpoint, String environment,
                           String profile, String keyType, String status, List<Name> names, List<Problem> problems,
                           Instant created, Instant finished, Instant delivered, boolean retriable,
                           boolean cancellable) {

    /**
     * @param status as in RFC 8555 section 7.1.6
     * @param detail what there is to know, or {@code null}
     */
    public record Name(String name, String status, String challenge, String detail) {
    }
}
