package certservice.audit;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * What is to be recorded: {@code AuditEvent.of(KEY_DISABLED).by(administrator).because("lost")}. Every text may be
 * {@code null} where there is none. None of them may be a secret. Too long ones are cut, and what no database stores
 * (NUL, half surrogates) is replaced.
 *
 * @param names   the domain names that it is about
 * @param serial  of the one certificate that it is about
 * @param detail  in a few words: what was changed, or why it went wrong
 * @param face    the {@link Origin}'s; the entry's detail ends with it
 */
public record AuditEvent(Action action, Outcome outcome, Actor actor, String address, String requestId,
                         List<String> names, String serial, String detail, String face) {

    public AuditEvent {
        Objects.requireNonNull(action);
        Objects.requireNonNull(outcome);
        Objects.requireNonNull(actor);
        names = List.copyOf(names);
    }

    /** With the action's usual outcome, done by the service itself. */
    public static AuditEvent of(Action action) {
        return new AuditEvent(action, action.usual(), Actor.service("certservice"), null, null, List.of(), null, null,
                null);
    }

    public AuditEvent by(Actor who) {
        return new AuditEvent(action, outcome, who, address, requestId, names, serial, detail, face);
    }

    /** All that the origin says. */
    public AuditEvent by(Origin origin) {
        return new AuditEvent(action, outcome, origin.actor(), origin.address(), origin.requestId(), names, serial,
                detail, origin.face());
    }

    /** @param clientAddress an IP address */
    public AuditEvent from(String clientAddress) {
        return new AuditEvent(action, outcome, actor, clientAddress, requestId, names, serial, detail, face);
    }

    public AuditEvent request(String id) {
        return new AuditEvent(action, outcome, actor, address, id, names, serial, detail, face);
    }

    /** @param all names whose text is their {@code toString()} */
    public AuditEvent names(Collection<?> all) {
        return new AuditEvent(action, outcome, actor, address, requestId,
                all.stream().map(Object::toString).toList(), serial, detail, face);
    }

    /** @param number upper-case hexadecimal digits, two for each byte */
    public AuditEvent serial(String number) {
        return new AuditEvent(action, outcome, actor, address, requestId, names, number, detail, face);
    }

    public AuditEvent outcome(Outcome how) {
        return new AuditEvent(action, how, actor, address, requestId, names, serial, detail, face);
    }

    public AuditEvent because(String why) {
        return new AuditEvent(action, outcome, actor, address, requestId, names, serial, why, face);
    }
}
