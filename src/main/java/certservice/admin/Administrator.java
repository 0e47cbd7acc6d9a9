package certservice.admin;

import certservice.audit.Actor;
import certservice.audit.AuditEvent;
import certservice.audit.Origin;

/**
 * Who administrates: a user of the server's own realm, with the role {@link #ROLE} or {@link #AUDITOR}.
 *
 * @param name    as the server's container knows the user
 * @param address where the request comes from, or {@code null} where the face can't know, as over JMX
 * @param face    how it came: {@code page}, {@code rest} or {@code jmx}
 */
public record Administrator(String name, String address, String face) {

    /** May do everything. */
    public static final String ROLE = "certservice-admin";

    /** May look at everything and change nothing. */
    public static final String AUDITOR = "certservice-auditor";

    /** Where what this administrator wants comes from. */
    Origin origin() {
        return new Origin(Actor.administrator(name), address, null, face);
    }

    /** The same event, done by this administrator. */
    public AuditEvent did(AuditEvent event) {
        return event.by(origin());
    }
}
