package certservice.admin;

import java.time.Instant;
import java.util.List;

/**
 * One entry of the audit log as administrators see it.
 *
 * @param number  gapless, from 1
 * @param action  such as {@code KEY_CREATED}
 * @param actor   who did it: a key's label, an administrator's name, or the service itself
 * @param keyId   the API key's id, or {@code null} if the actor is none
 */
public record AuditItem(long number, Instant moment, String action, String outcome, String actorKind, String actor,
                        String keyId, String address, String requestId, List<String> names, String serial,
                        String detail) {
}
